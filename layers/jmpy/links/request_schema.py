"""What the API accepts to create or update a link."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, StrictBool, WithJsonSchema

from jmpy.formats.time_field import Time
from jmpy.formats.times import seconds
from jmpy.links.changes import LinkUpdate
from jmpy.links.domain_schema import WithDomain
from jmpy.links.fields import (
    Alias,
    CampaignReference,
    Channel,
    Destination,
    Name,
    Password,
    Tags,
    names_elsewhere,
)
from jmpy.links.new_link import NewLink
from jmpy.links.query import QrFormat
from jmpy.links.tags import unique
from jmpy.links.utm_schema import UtmFields


def _no_qr_code(value: Any) -> Any:
    if value not in (None, False):
        raise ValueError(
            "A QR code is created with the short URL, or by POST /api/v1/qr-codes/generate"
        )
    return value


_NO_QR_CODE = Field(
    default=None, description="A QR code cannot be added here: leave it out, or send `false`"
)


class LinkFields(WithDomain):
    """What create and change have in common."""

    also_called = names_elsewhere()

    name: Name | None = Field(default=None, description="A name to recognize it by")
    expires_at: Time = Field(
        default=None,
        description="When it stops redirecting, ISO 8601 with an offset; `null` for never",
    )
    tracking_enabled: StrictBool = Field(default=True, description="Whether clicks are counted")
    is_dynamic: StrictBool = Field(default=False, description="Redirects with 302, not 301")
    forward_query: StrictBool = Field(
        default=False, description="Whether visitors' query strings are added to the destination"
    )
    tags: Tags | None = Field(default=None, description="Without commas and vertical bars")
    password: Password | None = Field(
        default=None, description="Visitors have to enter it; `null` for no password"
    )
    campaign_id: CampaignReference | None = Field(
        default=None, description="UUID or name of one of your campaigns; `null` for none"
    )
    custom_alias: Alias | None = Field(
        default=None, description="The code of your choice; random if omitted"
    )


class CreateLink(UtmFields, LinkFields):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"url": "https://example.com/"},
                {
                    "url": "https://example.com/autumn",
                    "custom_alias": "autumn-sale",
                    "name": "Autumn sale",
                    "tags": ["sale"],
                    "is_dynamic": True,
                    "expires_at": "2030-01-31T12:00:00Z",
                },
            ]
        }
    )

    url: Destination
    channel: Channel = Field(default="api", description="How it was created: any word")
    qrCode: StrictBool = Field(
        default=False, description="Creates a QR code, too, whose scans are counted apart"
    )
    qrFormat: QrFormat = Field(
        default=QrFormat.IMAGE, description="`json` leaves the image out of the response"
    )

    def new_link(self, host: str = "", qr_id: str | None = None) -> NewLink:
        """`host`: of the domain that it is to be on; empty: the default domain. `qr_id`: of the QR
        code that is to be created with it."""
        return NewLink(
            self.url,
            self.custom_alias,
            host=host,
            password=_text(self.password),
            name=self.name,
            tags=tuple(self.tags or ()),
            expires_at=seconds(self.expires_at),
            is_dynamic=self.is_dynamic,
            forward_query=self.forward_query,
            utm=self.set_utm(),
            tracking_enabled=self.tracking_enabled,
            campaign_id=self.campaign_id,
            channel=self.channel,
            qr_id=qr_id,
        )


class UpdateLink(UtmFields, LinkFields):
    """Only the fields that are present are changed; `null` clears a field."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://example.com/winter", "name": None, "status": "active"}]
        }
    )

    url: Destination = ""
    qrCode: Annotated[
        bool | None,
        AfterValidator(_no_qr_code),
        WithJsonSchema({"anyOf": [{"type": "boolean", "const": False}, {"type": "null"}]}),
    ] = _NO_QR_CODE
    dynamic: StrictBool | None = Field(default=None, description="Alias of is_dynamic")
    status: Literal["active", "disabled"] = Field(
        default="active",
        description="A disabled short URL does not redirect until it is active again",
    )

    def update(self, host: str | None = None) -> LinkUpdate:
        """The fields that were sent. `host`: of the domain that they name; None without one."""
        values = LinkUpdate(
            host=host or "",
            url=self.url,
            custom_alias=self.custom_alias,
            name=self.name,
            tags=unique(self.tags),
            expires_at=seconds(self.expires_at),
            password=_text(self.password),
            is_dynamic=self.is_dynamic if self.dynamic is None else self.dynamic,
            forward_query=self.forward_query,
            utm=self.sent_utm(),
            disabled=self.status == "disabled",
            tracking_enabled=self.tracking_enabled,
            campaign_id=self.campaign_id,
        )
        sent = {"disabled" if name == "status" else name for name in self.model_fields_set}
        if self.dynamic is not None:
            sent.add("is_dynamic")
        if values["utm"]:
            sent.add("utm")
        if host is not None:
            sent.add("host")
        return cast("LinkUpdate", {name: value for name, value in values.items() if name in sent})


def _text(password: SecretStr | None) -> str | None:
    return None if password is None else password.get_secret_value()
