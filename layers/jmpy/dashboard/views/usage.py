"""What was used today of each daily limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View

LIMIT_NAMES = {
    "url_creation": "Links created",
    "url_reads": "Link reads",
    "qr_generation": "QR codes created",
    "qr_reads": "QR code reads",
    "analytics": "Analytics",
}
"""Words for the classes of the limits, in the order in which they are shown."""

COUNTED = {
    "url_creation": "link creations",
    "url_reads": "link reads",
    "qr_generation": "QR code creations",
    "qr_reads": "QR code reads",
    "analytics": "analytics requests",
}
"""What a limit of the class counts."""

_NEARLY = 0.8
"""The share of a limit from which its meter warns."""


def used_up(limit_class: str, limit: int, used: int) -> str:
    """What to say when there is nothing left of a limit today; until when that is comes after."""
    counted = COUNTED.get(limit_class, limit_class)
    if limit == 0:
        return f"Your plan does not include any {counted}."
    return f"You have used {used:,} of {limit:,} {counted} today."


@dataclass(frozen=True, slots=True)
class LimitUsage:
    limit_class: str
    """As in `url_creation`."""
    used: int
    limit: int | None
    """None when there is none."""

    @property
    def name(self) -> str:
        return LIMIT_NAMES.get(self.limit_class, self.limit_class)

    @property
    def level(self) -> str:
        if self.limit is None or self.used < self.limit * _NEARLY:
            return "fine"
        return "near" if self.used < self.limit else "reached"


@dataclass(frozen=True, slots=True)
class DailyUsage:
    limits: tuple[LimitUsage, ...]
    resets_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePanel(View):
    """What the overview and the plan fetch anew: GET /dashboard/usage."""

    template: ClassVar[str] = "usage.html"
    usage: DailyUsage
