"""Clicks: of an account, or of one link."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from jmpy.dashboard.chart import Chart, chart
from jmpy.dashboard.frame import View
from jmpy.dashboard.views.links import LinkSummary
from jmpy.dashboard.words import number, plural


class Period(StrEnum):
    """What the page is about; the first is by hour, the others by UTC day."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Period.DAY: "24 hours",
    Period.WEEK: "7 days",
    Period.MONTH: "30 days",
    Period.QUARTER: "90 days",
    Period.YEAR: "12 months",
}


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    """A day, or an hour."""
    clicks: int
    unique: int


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    clicks: int
    unique: int
    percentage: float
    """Of all clicks in the period."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    id: str
    title: str
    heading: str
    """Of the column of names."""
    shares: tuple[Share, ...]
    """Most clicks first."""
    empty: str
    """What is said when there are none."""


@dataclass(frozen=True, slots=True)
class TopLink:
    link: LinkSummary
    clicks: int
    unique: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    period: Period
    clicks: int
    unique: int
    people: int
    bots: int
    """And what passes for neither a person nor a known bot."""
    before: int | None
    """Clicks in the period of the same length before; None where that is not known."""
    points: tuple[Point, ...]
    breakdowns: tuple[Breakdown, ...]
    top_links: tuple[TopLink, ...] = ()

    @property
    def chart(self) -> Chart:
        return chart(self.points)

    @property
    def change(self) -> str:
        """Against the period before, in words; empty where there is nothing to compare."""
        if not self.before or not self.clicks:
            return ""
        before = f"the {self.period.words} before"
        if self.clicks == self.before:
            return f"As many as in {before}"
        percent = round(100 * abs(self.clicks - self.before) / self.before)
        amount = f"{number(percent)} % " if percent else "Slightly "
        return f"{amount}{'more' if self.clicks > self.before else 'fewer'} than in {before}"

    @property
    def summary(self) -> str:
        """The chart in words."""
        most = max(self.points, key=lambda point: point.clicks)
        said = f"{plural(self.clicks, 'click')} in the last {self.period.words}"
        return f"{said}; the most are {number(most.clicks)}: {most.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPanel(View):
    """What the page fetches anew: GET <the page>/panel."""

    template: ClassVar[str] = "analytics_panel.html"
    report: Report
    has_clicks: bool
    """Whether there ever was one."""
    link: LinkSummary | None = None
    """None for the whole account."""

    @property
    def path(self) -> tuple[str, ...]:
        own = ("dashboard", "analytics")
        return (*own, self.link.id) if self.link else own


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPage(AnalyticsPanel):
    template: ClassVar[str] = "analytics.html"
