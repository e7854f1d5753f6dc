"""From counters to what the pages of clicks show."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from jmpy.analytics.geography import country_name
from jmpy.analytics.quality import quality_of
from jmpy.clicks.model import OTHER, UNKNOWN, DeviceType, Dimension, SourceCategory
from jmpy.dashboard import views

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.analytics.report import Report
    from jmpy.analytics.series import Series
    from jmpy.clicks.counts import Counts
    from jmpy.clicks.model import Bots

_WEEK = 7
"""Days that one bar of a year stands for."""


def shown(
    period: views.Period, bots: Bots, of_all: Report, *, was_ever_clicked: bool
) -> views.Figures:
    """`of_all`: of the clicks of people and of bots; `bots` selects those that are shown."""
    quality, report = quality_of(of_all.counts), of_all.counting(bots)
    counts = report.counts
    return views.Figures(
        period=period,
        totals=views.Totals(
            clicks=counts.total.clicks,
            unique=counts.total.unique,
            people=quality.human,
            bots=quality.bots,
            suspicious=quality.suspicious,
            clicks_before=report.counts_before.total.clicks,
        ),
        points=_points(report.series(), _WEEK if period is views.Period.YEAR else 1),
        breakdowns=tuple(
            views.Breakdown.by(dimension, _shares(counts, dimension)) for dimension in views.SHOWN
        ),
        was_ever_clicked=was_ever_clicked,
        bots=bots,
    )


def _points(series: Series, together: int) -> tuple[views.Point, ...]:
    """One for so many days or hours, named by the first."""
    points = []
    for group in series.grouped(together):
        first = group.start
        label = f"{first:%H:%M}" if isinstance(first, datetime) else f"{first.day} {first:%b}"
        tally = group.tally
        points.append(
            views.Point(_seconds(first), label, tally.clicks, tally.unique, tally.bot_clicks)
        )
    return tuple(points)


def _seconds(moment: date) -> int:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), UTC)
    return int(moment.timestamp())


def _shares(counts: Counts, dimension: Dimension) -> tuple[views.Share, ...]:
    name = _NAMES.get(dimension, str)
    return tuple(
        views.Share(
            value if value == OTHER else _WORDS.get(value) or name(value),
            tally.clicks,
            tally.unique,
            tally.bot_clicks,
        )
        for value, tally in counts.top(dimension)
    )


_WORDS = {UNKNOWN: "Unknown", SourceCategory.DIRECT.value: "Direct", DeviceType.TV.value: "TV"}
_NAMES: dict[Dimension, Callable[[str], str]] = {
    Dimension.COUNTRY: country_name,
    Dimension.SOURCE: str.capitalize,
    Dimension.DEVICE: str.capitalize,
}
