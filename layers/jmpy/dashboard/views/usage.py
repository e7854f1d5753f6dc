"""What was used today of each daily limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View

LIMIT_NAMES = {
    "url_creation": "Links created",
    "url_reads": "Link reads",
    "qr_generation": "QR codes made",
    "qr_reads": "QR code reads",
    "analytics": "Analytics",
}
"""Words for the classes of the limits, in the order in which they are shown."""

_COUNTED = {
    "url_creation": "new link",
    "url_reads": "link read",
    "qr_generation": "new QR code",
    "qr_reads": "QR code read",
    "analytics": "look at analytics",
}

_NEARLY = 0.8
"""The share of a limit from which its meter warns."""


def used_up(limit_class: str, limit: int) -> str:
    """What to say when there is nothing left of a limit today."""
    noun = _COUNTED.get(limit_class, limit_class)
    if limit == 0:
        return f"Your plan does not include any {_plural(noun)}."
    if limit == 1:
        return f"The one {noun} that your plan includes for today is used up."
    return f"The {limit:,} {_plural(noun)} that your plan includes for today are used up."


def _plural(noun: str) -> str:
    head, at, rest = noun.partition(" at ")
    return f"{head}s{at}{rest}"


@dataclass(frozen=True, slots=True)
class Usage:
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
    limits: tuple[Usage, ...]
    resets_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePanel(View):
    """What the overview and the plan fetch anew: GET /dashboard/usage."""

    template: ClassVar[str] = "usage.html"
    usage: DailyUsage
