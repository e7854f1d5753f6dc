"""The first page after sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.usage import DailyUsage
from jmpy.links.model import Link


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    at: int
    what: str
    where_from: str | None = None
    """An address, a browser, a program; None when it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(View):
    template: ClassVar[str] = "overview.html"
    plan_name: str
    usage: DailyUsage
    link_count: int
    newest_links: Sequence[Link]
    activity: tuple[ActivityEntry, ...]
    has_key: bool
    """Whether the account ever made an API key; without one the first steps are shown."""
