"""Clicks over time and by what they have in common, of the whole account or of one link."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar
from urllib.parse import urlencode

from jmpy.clicks.model import Bots
from jmpy.dashboard import filters
from jmpy.dashboard.chart import Chart, draw
from jmpy.dashboard.frame import View
from jmpy.dashboard.views.breakdown import Breakdown
from jmpy.dashboard.views.links import LinkSummary


class Period(StrEnum):
    """How far back the figures go from now; the values stand in addresses."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"

    @property
    def in_words(self) -> str:
        return _PERIOD_WORDS[self]

    @property
    def span(self) -> str:
        """As it follows `the` and `the last`."""
        return "year" if self is Period.YEAR else self.in_words

    @property
    def longer(self) -> Period | None:
        return dict(pairwise(Period)).get(self)


_PERIOD_WORDS = {
    Period.DAY: "24 hours",
    Period.WEEK: "7 days",
    Period.MONTH: "30 days",
    Period.QUARTER: "90 days",
    Period.YEAR: "1 year",
}


BOTS = Bots.EXCLUDE
"""What pages count unless their address says otherwise."""


@dataclass(frozen=True, slots=True)
class Whose:
    """One of the choices whose clicks a page counts."""

    bots: Bots
    choice: str
    clicks: str
    """What those clicks are called, at the beginning of a sentence."""

    @property
    def in_address(self) -> str:
        return "" if self.bots is BOTS else self.bots.value


WHOSE = (
    Whose(Bots.EXCLUDE, "People", "Clicks by people"),
    Whose(Bots.INCLUDE, "People and bots", "All clicks"),
    Whose(Bots.ONLY, "Bots", "Clicks by bots"),
)


@dataclass(frozen=True, slots=True)
class Point:
    """Of the chart: an hour, a day or a week."""

    start: int
    label: str
    """Short enough for the axis, as in `3 Nov` or `14:00`."""
    clicks: int
    unique: int
    bots: int = 0
    """Of the clicks."""

    @property
    def in_words(self) -> str:
        clicks = filters.plural(self.clicks, "click")
        return f"{self.label}: {clicks}, {filters.number(self.unique)} unique"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Of the period."""

    clicks: int = 0
    """Those that the page counts, as are the unique ones and those before."""
    unique: int = 0
    people: int = 0
    """Of all clicks, whichever the page counts, as are the bots'."""
    bots: int = 0
    suspicious: int = 0
    """Of the bots': of nothing that is known as a bot, nor looks like a browser."""
    clicks_before: int = 0
    """In the period before, of the same length; 0 when there is nothing to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    period: Period
    totals: Totals = Totals()
    points: tuple[Point, ...] = ()
    """The oldest first and without gaps: where nothing was counted is a point of zero."""
    breakdowns: tuple[Breakdown, ...] = ()
    was_ever_clicked: bool
    """In this period or before it, by whomever."""
    bots: Bots = BOTS

    @property
    def whose(self) -> Whose:
        return next(whose for whose in WHOSE if whose.bots is self.bots)

    @property
    def is_divided(self) -> bool:
        """Whether people's and bots' clicks are counted together."""
        return self.bots is Bots.INCLUDE

    @property
    def left_out(self) -> int:
        """Clicks in the period that the page does not count."""
        return self.totals.people + self.totals.bots - self.totals.clicks

    @property
    def change(self) -> str:
        before = f"the {self.period.span} before"
        return filters.change(self.totals.clicks, self.totals.clicks_before, before)

    @property
    def chart(self) -> Chart:
        return draw([(point.clicks, point.unique) for point in self.points])

    @property
    def chart_words(self) -> str:
        """What the chart shows, for those who do not see it."""
        first, last = self.points[0], self.points[-1]
        peak = max(self.points, key=lambda point: point.clicks)
        return (
            f"{self.whose.clicks} from {first.label} to {last.label}: "
            f"{filters.number(sum(point.clicks for point in self.points))} in total, "
            f"at most {filters.number(peak.clicks)} ({peak.label})"
        )


@dataclass(frozen=True, slots=True)
class TopLink:
    link: LinkSummary
    clicks: int
    """In the period, as are the unique ones; `link.clicks` are those of all times."""
    unique: int
    bots: int = 0
    """Of the clicks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Analytics(View):
    figures: Figures
    link: LinkSummary | None = None
    """None for the whole account."""
    top_links: tuple[TopLink, ...] = ()
    """Of the account in the period, most clicks first."""
    top_links_since: int | None = None
    """Where they begin before the period: links are counted by whole UTC days."""
    permit: str = ""
    """With which the page fetches itself anew, uncounted."""

    @property
    def place(self) -> tuple[str, ...]:
        """Where the page is, as segments of a path."""
        return ("dashboard", "analytics", self.link.id) if self.link else ("dashboard", "analytics")

    @property
    def here(self) -> str:
        """To come back to, below the base path."""
        parts = {"period": self.figures.period.value, "bots": self.figures.whose.in_address}
        query = urlencode({name: part for name, part in parts.items() if part})
        return f"/{'/'.join(self.place)}?{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPanel(_Analytics):
    """What the pages fetch anew, with their period: GET /dashboard/analytics/figures and
    /dashboard/analytics/{id}/figures."""

    template: ClassVar[str] = "analytics_panel.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPage(_Analytics):
    template: ClassVar[str] = "analytics.html"
    periods: ClassVar = tuple(Period)
    choices: ClassVar = WHOSE
