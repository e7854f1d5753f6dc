"""The first page after sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.getting_started import GettingStarted
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
    getting_started: GettingStarted | None = None
    """None where it is complete or hidden."""
    can_show_getting_started: bool = False
    """Whether it is hidden, and not complete."""
    was_just_hidden: bool = False
    """Whether the page is the response to hiding it, which can be undone at once."""
