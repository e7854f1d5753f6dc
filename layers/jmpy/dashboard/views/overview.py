"""The first page after sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.links import LinkSummary
from jmpy.dashboard.views.usage import DailyUsage


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
    newest_links: tuple[LinkSummary, ...]
    activity: tuple[ActivityEntry, ...]
    has_key: bool
    """Whether the account ever made an API key; without one the first steps are shown."""
    open_alerts: int = 0
    base_url: str
    """What calls of the API start with, as in `https://example.com`."""
