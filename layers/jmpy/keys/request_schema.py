"""What the API accepts to create, change or rotate a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
)

from jmpy.access.permission import Permission
from jmpy.formats import one_line
from jmpy.formats.request_body import RequestBody, whole
from jmpy.formats.time_field import Time
from jmpy.formats.times import seconds
from jmpy.keys import allowed_ips
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.fields import (
    DESCRIPTION_LENGTH,
    LABEL_LENGTH,
    MAX_LABELS,
    NAME_LENGTH,
    checked_description,
    checked_labels,
    checked_limits,
    checked_name,
    checked_permissions,
)
from jmpy.keys.lifetime import LONGEST
from jmpy.keys.model import Environment
from jmpy.keys.rotation import DEFAULT_GRACE_PERIOD, MAX_GRACE_PERIOD
from jmpy.keys.updates import KeyChanges
from jmpy.limits.plan import MAX_LIMIT, LimitClass

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.keys.lifetime import Unspecified


def _rule(check: Callable[[Any], object]) -> AfterValidator:
    """A rule of `keys.fields`, in its words, which name the field that is to change."""

    def obey(value: Any) -> Any:
        try:
            check(value)
        except InvalidKeyRequest as error:
            raise ValueError(str(error)) from None
        return value

    return AfterValidator(obey)


Name = Annotated[
    str,
    _rule(checked_name),
    Field(
        description="A name to recognize it by",
        json_schema_extra={
            "pattern": one_line.PATTERN, "minLength": 1, "maxLength": NAME_LENGTH,
        },
    ),
]  # fmt: skip
Permissions = Annotated[
    list[Permission],
    _rule(checked_permissions),
    Field(max_length=20, description="What it is allowed to do", json_schema_extra={"minItems": 1}),
]
"""Duplicates are allowed."""
Label = Annotated[Environment | None, Field(description="A label, `null` for none")]
Description = Annotated[
    str | None,
    _rule(checked_description),
    Field(
        description="What it is for, in up to 500 characters; may have several lines, `null` for "
        "none",
        examples=["Runs every night on the build server"],
        json_schema_extra={"maxLength": DESCRIPTION_LENGTH},
    ),
]
Labels = Annotated[
    list[str],
    _rule(checked_labels),
    Field(
        description="Labels to find it by, without a comma",
        examples=[["team-growth", "newsletter"]],
        json_schema_extra={
            "maxItems": MAX_LABELS,
            "items": {"type": "string", "minLength": 1, "maxLength": LABEL_LENGTH},
        },
    ),
]
"""Duplicates are allowed."""
HeaderOnly = Annotated[StrictBool, Field(description="Reject the key as `?api_key=`")]
AllowedIps = Annotated[
    list[str],
    _rule(allowed_ips.checked),
    Field(
        description="Addresses and networks that the key is accepted from, IPv4 or IPv6; empty for "
        "any",
        examples=[["203.0.113.0/24", "2001:db8::7"]],
        json_schema_extra={
            "maxItems": allowed_ips.MAX_ENTRIES,
            "items": {"type": "string", "maxLength": allowed_ips.LONGEST_ENTRY},
        },
    ),
]
"""Duplicates are allowed."""


Limit = Annotated[StrictInt, Field(ge=0, le=MAX_LIMIT), BeforeValidator(whole)]
LimitsByClass = Annotated[
    dict[str, Limit],
    _rule(checked_limits),
    Field(json_schema_extra={"propertyNames": {"enum": [*LimitClass]}}),
]
Limits = Annotated[
    LimitsByClass | None,
    Field(
        description="Daily limits of the key by request class, in addition to those of its "
        "account; 0 denies a class to the key. `null` or empty for none",
        examples=[{"url_creation": 100}],
    ),
]


class CreateApiKey(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "My script", "permissions": ["read", "write"]}]},
    )

    name: Name
    permissions: Permissions
    environment: Label = None
    description: Description = None
    labels: Labels = []  # noqa: RUF012 - pydantic copies it
    not_before: Time = Field(
        default=None,
        description="When it starts to work: in the future, and before it expires; `null` for "
        "immediately",
    )
    expires_at: Time = Field(
        default=None,
        description="In the future, and no later than the account's policy allows; `null` for "
        "never. Without it, the key never expires or, under a policy, as late as that allows",
    )
    header_only: HeaderOnly = False
    allowed_ips: AllowedIps = []  # noqa: RUF012 - pydantic copies it
    limits: Limits = None

    @property
    def expiry(self) -> int | Unspecified | None:
        """In seconds since the Unix epoch, UTC."""
        return seconds(self.expires_at) if "expires_at" in self.model_fields_set else LONGEST


class UpdateApiKey(RequestBody):
    """Only the fields that are present are changed; `null` clears a field, and an empty list the
    labels or the allowed addresses."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "My other script", "permissions": ["read"]}]},
    )

    name: Name = ""
    permissions: Permissions = []  # noqa: RUF012 - pydantic copies it
    environment: Label = None
    description: Description = None
    labels: Labels = []  # noqa: RUF012 - pydantic copies it
    header_only: HeaderOnly = False
    allowed_ips: AllowedIps = []  # noqa: RUF012 - pydantic copies it
    limits: Limits = None
    not_before: Time = Field(
        default=None,
        description="When it starts to work: in the future, and before it expires; `null` for "
        "immediately",
    )
    expires_at: Time = Field(
        default=None,
        description="In the future, and no later than the account's policy allows; `null` for "
        "never. Of a key that was replaced, only an earlier one",
    )

    def update(self) -> KeyChanges:
        """The fields that were sent."""
        values = KeyChanges(
            name=self.name,
            permissions=self.permissions,
            environment=self.environment,
            description=self.description,
            labels=self.labels,
            header_only=self.header_only,
            allowed_ips=self.allowed_ips,
            limits=self.limits,
            not_before=seconds(self.not_before),
            expires_at=seconds(self.expires_at),
        )
        sent = {name: value for name, value in values.items() if name in self.model_fields_set}
        return cast("KeyChanges", sent)


class RotateApiKey(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"grace_period": 172_800}]},
    )

    grace_period: Annotated[
        StrictInt,
        Field(
            ge=0,
            le=MAX_GRACE_PERIOD,
            description="Seconds for which the old key keeps working, up to its own expiry; "
            "0 revokes it immediately",
        ),
        BeforeValidator(whole),
    ] = DEFAULT_GRACE_PERIOD
