"""The form for a new key: when it expires, and templates that fill it in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from jmpy.access.permission import Permission
from jmpy.clock import DAY
from jmpy.dashboard.frame import View
from jmpy.dashboard.views.api_keys import DEFAULT_EXPIRY_DAYS, KeyForm, KeyValues
from jmpy.formats.times import iso
from jmpy.keys.lifetime import latest_expiry
from jmpy.keys.model import Environment

EXPIRY_DAYS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class ExpiryChoice:
    days: int
    ends_at: int
    """Seconds since the Unix epoch, UTC."""


@dataclass(frozen=True, slots=True)
class KeyTemplate:
    """Settings for a purpose; the name and the addresses are the owner's."""

    name: str
    label: str
    purpose: str
    permissions: tuple[Permission, ...]
    expiry_days: int = DEFAULT_EXPIRY_DAYS
    environment: Environment | None = None

    def values(self, max_key_days: int | None) -> KeyValues:
        return KeyValues(
            environment=self.environment or "",
            permissions=tuple(self.permissions),
            expiry=str(shorter(self.expiry_days, max_key_days)),
            header_only=True,
        )

    def fill(self, max_key_days: int | None) -> str:
        """For forms.js: the values of fields, by name."""
        values = self.values(max_key_days)
        return json.dumps({
            "permissions": values.permissions,
            "environment": [values.environment],
            "expiry": [values.expiry],
            "header_only": ["on"],
        })  # fmt: skip


TEMPLATES = (
    KeyTemplate(
        "read-only",
        "Read only",
        "Reports and exports: reads links and statistics.",
        (Permission.READ, Permission.ANALYTICS),
    ),
    KeyTemplate(
        "ci",
        "CI",
        "A pipeline: creates and changes links.",
        (Permission.READ, Permission.WRITE),
        environment=Environment.DEVELOPMENT,
    ),
    KeyTemplate(
        "all",
        "All permissions",
        "An administration script: can do everything, so it expires sooner.",
        tuple(Permission),
        expiry_days=30,
    ),
)


def shorter(days: int, max_key_days: int | None) -> int:
    return days if max_key_days is None else min(days, max_key_days)


def expiry_days(max_key_days: int | None) -> list[int]:
    """The periods to choose from: those that the policy permits, and its own."""
    if max_key_days is None:
        return list(EXPIRY_DAYS)
    return [*(days for days in EXPIRY_DAYS if days < max_key_days), max_key_days]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiKey(KeyForm):
    template: ClassVar[str] = "api_key_new.html"
    templates: ClassVar = TEMPLATES

    summary: str
    """What the key would be able to do, as the form is filled in."""
    max_key_days: int | None = None
    """The account's policy."""
    chosen: str = ""
    """The template that filled in the form."""

    @property
    def expiry_choices(self) -> list[ExpiryChoice]:
        now = self.frame.now
        return [ExpiryChoice(days, now + days * DAY) for days in expiry_days(self.max_key_days)]

    @property
    def first_day(self) -> str:
        """Today, in the same form."""
        return iso(self.frame.now)[: len("2027-02-24")]

    @property
    def last_day(self) -> str:
        """The last one that can be chosen, such as `2027-02-24`; empty without a policy. The key
        works until its end."""
        latest = latest_expiry(self.max_key_days, self.frame.now)
        return "" if latest is None else iso(latest - DAY)[: len("2027-02-24")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKeySummary(View):
    """What the form fetches as it is filled in: GET /dashboard/api-keys/new/summary."""

    template: ClassVar[str] = "api_key_summary.html"
    summary: str
