"""API keys: the list, creation, the page that shows a new key once, and the page of a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from jmpy.access import operations
from jmpy.access.permission import Permission
from jmpy.activity.address_preview import Preview
from jmpy.activity.callers import Callers
from jmpy.activity.schema import RouteUsage
from jmpy.alerts.detection.baseline import CountryUse
from jmpy.clock import DAY
from jmpy.countries import country_name
from jmpy.dashboard import key_summary
from jmpy.dashboard.frame import View
from jmpy.dashboard.snippets import FirstRequest, first_request
from jmpy.dashboard.views.activity import RequestsPerDay
from jmpy.dashboard.views.audit_log import AuditEntry, Conflict
from jmpy.dashboard.views.usage import LIMIT_NAMES, DailyUsage
from jmpy.key_tokens.model import KeyToken
from jmpy.keys.advice import Advice, AdviceReason
from jmpy.keys.allowed_ips import Adjusted
from jmpy.keys.model import ApiKey, Environment, KeyState
from jmpy.keys.rotation import DEFAULT_GRACE_PERIOD

DEFAULT_EXPIRY_DAYS = 90
GRACE_DAYS = (0, 1, 2, 3, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySummary:
    record: ApiKey
    state: KeyState
    last_used_at: int | None = None
    warnings: tuple[Advice, ...] = ()

    @property
    def works(self) -> bool:
        return self.state not in {KeyState.EXPIRED, KeyState.REVOKED, KeyState.SUSPENDED}

    @property
    def is_expiring(self) -> bool:
        return any(warning.reason is AdviceReason.EXPIRING for warning in self.warnings)

    @property
    def permission_names(self) -> list[str]:
        """In the order of the specification."""
        return [
            permission.value for permission in Permission if permission in self.record.permissions
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyValues:
    """What stands in the forms, as it was typed."""

    name: str = ""
    environment: str = ""
    permissions: tuple[str, ...] = (Permission.READ.value,)
    expiry: str = str(DEFAULT_EXPIRY_DAYS)
    """`never`, a number of days, or `date`, for which `expires_on` holds the day."""
    expires_on: str = ""
    header_only: bool = False
    allowed_ips: str = ""
    """One entry per line."""
    limits: Mapping[str, str] = field(default_factory=dict)
    """By class, empty for none."""
    not_before: str = ""
    """In UTC, such as `2027-01-31T12:00`; empty for immediately."""
    expires_at: str = ""
    """The same, of a key that exists; empty for never."""
    description: str = ""
    labels: str = ""
    """Separated by commas."""
    grace_days: str = str(DEFAULT_GRACE_PERIOD // DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyForm(View):
    """With what the fields of the forms are made of."""

    values: KeyValues = KeyValues()
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field."""
    environments: ClassVar = tuple(Environment)
    permissions: ClassVar = tuple(Permission)
    allowed: ClassVar = {one: operations.summaries(one) for one in Permission}
    """What a key may do with a permission, by permission."""
    grace_choices: ClassVar = GRACE_DAYS
    limit_names: ClassVar = LIMIT_NAMES

    @property
    def shows_budgets(self) -> bool:
        """Whether their fields, which few keys need, are open at once."""
        is_wrong = any(name.startswith("limit_") for name in self.errors)
        return is_wrong or any(self.values.limits.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyCreated(View):
    """The only page that ever contains a key's text; the response to creation and rotation."""

    template: ClassVar[str] = "api_key_created.html"
    key: KeySummary
    secret: str = field(repr=False)
    replaces: ApiKey | None = None
    """The key that a rotation replaced."""

    @property
    def summary(self) -> str:
        record = self.key.record
        return key_summary.sentences(
            record.permissions,
            record.allowed_ips,
            record.expires_at,
            record.limits.items(),
            header_only=record.header_only,
            exists=True,
        )

    @property
    def first_request(self) -> FirstRequest:
        """With the key in it."""
        return first_request(self.frame.base_url, self.key.record.permissions, self.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    old_key_id: str
    new_key_id: str
    ends_at: int
    """When the old key stops working."""


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """Recent requests with a key."""

    per_day: RequestsPerDay
    routes: Sequence[RouteUsage]
    """Most requests first."""


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """Of the allowed addresses in a form that was not saved."""

    found: Preview
    adjusted: tuple[Adjusted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyPage(KeyForm):
    template: ClassVar[str] = "api_key.html"
    key: KeySummary
    version: int
    """Comes back with the forms, so that a change in between is not overwritten."""
    usage: KeyUsage
    callers: Callers
    """Since the rotation of a key that was replaced, else of the last 24 hours."""
    rotation: Rotation | None = None
    history: tuple[AuditEntry, ...] = ()
    """The latest changes of the key."""
    has_more_history: bool = False
    conflict: Conflict | None = None
    preview: ShownPreview | None = None
    tokens: Sequence[KeyToken] = ()
    """Short-lived ones that work."""
    budget: DailyUsage | None = None
    """What is used today, if the key has one."""
    countries: tuple[CountryUse, ...] = ()
    """The last ones that it was used from, the latest first."""

    @property
    def creator(self) -> str:
        """As named when the key was created; empty if that is not known."""
        created_by = self.key.record.created_by or {}
        return created_by.get("name") or ""

    @property
    def country_names(self) -> tuple[tuple[str, int], ...]:
        """Each with the time of its last use."""
        return tuple((country_name(use.country), use.last_used_at) for use in self.countries)

    @property
    def first_request(self) -> FirstRequest:
        """Which reads the key, whose text nobody stores, from the environment."""
        return first_request(self.frame.base_url, self.key.record.permissions)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationPanel(View):
    """What the page of a key fetches anew: GET /dashboard/api-keys/{id}/rotation."""

    template: ClassVar[str] = "rotation.html"
    key: KeySummary
    rotation: Rotation
    callers: Callers
    """Of the old key since the rotation."""
