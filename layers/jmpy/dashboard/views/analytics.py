"""Clicks over time and by what they have in common, of the whole account, a link or a campaign."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from jmpy.analytics.period import Period
from jmpy.campaigns.model import Campaign
from jmpy.clicks.model import Bots, Dimension, Via
from jmpy.dashboard import filters
from jmpy.dashboard.chart import Chart, Plotted, draw
from jmpy.dashboard.frame import View
from jmpy.dashboard.views.breakdown import Breakdown, shown
from jmpy.links.model import Link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmpy.analytics.quality import Quality
    from jmpy.analytics.ranking import RankedLink
    from jmpy.analytics.report import Report
    from jmpy.analytics.series import Point
    from jmpy.clicks.counts import Tally

PERIODS = {
    Period.DAY: "24 hours",
    Period.WEEK: "7 days",
    Period.MONTH: "30 days",
    Period.QUARTER: "90 days",
    Period.YEAR: "1 year",
}
"""The choices of the pages."""

_WEEK = 7
"""Days that one bar of a year stands for."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    period: Period
    report: Report
    """Of the clicks that the page counts."""
    quality: Quality
    """Of all clicks in the period."""
    was_ever_clicked: bool
    """In this period or before it, by people or by bots."""
    bots: Bots = BOTS
    campaigns: Mapping[str, str] | None = field(default_factory=dict)
    """The names of those that were clicked, by id; None for the clicks of one, which are not
    divided by campaign."""

    @property
    def total(self) -> Tally:
        return self.report.counts.total

    @property
    def scans(self) -> Tally:
        """Those of the clicks that are scans of QR codes."""
        return self.report.counts.tally(Dimension.VIA, Via.QR_CODE)

    @property
    def points(self) -> list[Point]:
        """Of the chart: hours, days or weeks, the oldest first and without gaps."""
        return self.report.series().grouped(_WEEK if self.period is Period.YEAR else 1)

    @property
    def breakdowns(self) -> list[Breakdown]:
        return shown(self.report.counts, self.campaigns)

    @property
    def whose(self) -> Whose:
        return next(whose for whose in WHOSE if whose.bots is self.bots)

    @property
    def is_divided(self) -> bool:
        """Whether clicks by people and by bots are counted together."""
        return self.bots is Bots.INCLUDE

    @property
    def left_out(self) -> int:
        """Clicks in the period that the page does not count."""
        return self.quality.total - self.total.clicks

    @property
    def span(self) -> str:
        """The period, as it follows `the` and `the last`."""
        return _span(self.period)

    @property
    def longer(self) -> Period | None:
        return dict(pairwise(PERIODS)).get(self.period)

    @property
    def longer_span(self) -> str:
        return _span(self.longer or self.period)

    @property
    def change(self) -> str:
        before = self.report.counts_before.total.clicks
        return filters.change(self.total.clicks, before, f"the {self.span} before")

    @property
    def chart(self) -> Chart:
        return draw([_plotted(point) for point in self.points])

    @property
    def chart_words(self) -> str:
        """What the chart shows, for those who do not see it."""
        points = self.points
        peak = max(points, key=lambda point: point.tally.clicks)
        first, last, highest = (
            filters.axis_label(point.start) for point in (points[0], points[-1], peak)
        )
        return (
            f"{self.whose.clicks} from {first} to {last}: "
            f"{filters.number(self.total.clicks)} in total, "
            f"at most {filters.number(peak.tally.clicks)} ({highest})"
        )


def _span(period: Period) -> str:
    return "year" if period is Period.YEAR else PERIODS[period]


def _plotted(point: Point) -> Plotted:
    label, tally = filters.axis_label(point.start), point.tally
    clicks, unique = filters.plural(tally.clicks, "click"), filters.number(tally.unique)
    return Plotted(label, f"{label}: {clicks}, {unique} unique", tally.clicks, tally.unique)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Analytics(View):
    figures: Figures
    link: Link | None = None
    campaign: Campaign | None = None
    """With neither, of the whole account."""
    top_links: Sequence[RankedLink] = ()
    """Of the account or the campaign in the period, most clicks first."""
    top_links_since: int | None = None
    """Where they begin before the period: links are counted by whole UTC days."""
    permit: str = ""
    """With which the page fetches itself anew, uncounted."""

    @property
    def place(self) -> tuple[str, ...]:
        """Where the page is, as segments of a path."""
        if self.campaign:
            return ("dashboard", "campaigns", self.campaign.id, "analytics")
        return ("dashboard", "analytics", self.link.id) if self.link else ("dashboard", "analytics")

    @property
    def here(self) -> str:
        """To come back to, below the base path."""
        parts = {"period": self.figures.period.value, "bots": self.figures.whose.in_address}
        query = urlencode({name: part for name, part in parts.items() if part})
        return f"/{'/'.join(self.place)}?{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPanel(_Analytics):
    """What the pages fetch anew, with their period: GET /dashboard/analytics/figures,
    /dashboard/analytics/{id}/figures and /dashboard/campaigns/{id}/analytics/figures."""

    template: ClassVar[str] = "analytics_panel.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPage(_Analytics):
    template: ClassVar[str] = "analytics.html"
    periods: ClassVar = PERIODS
    choices: ClassVar = WHOSE
