"""From counters to what the pages of clicks show."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from jmpy.analytics.geography import country_name
from jmpy.analytics.quality import quality_of
from jmpy.clicks.counts import NOTHING
from jmpy.clicks.model import OTHER, UNKNOWN, Bots, DeviceType, Dimension, SourceCategory
from jmpy.dashboard import views

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.analytics.series import Series
    from jmpy.clicks.counts import Counts, Tally

_WEEK = 7
"""Days that one bar of a year stands for."""


def of(
    period: views.Period,
    bots: Bots,
    all_counts: Counts,
    series: Series,
    *,
    before: Tally,
    clicks_ever: int,
) -> views.Figures:
    """`all_counts`, `series` and `before` are of all clicks."""
    quality, counts = quality_of(all_counts), all_counts.counting(bots)
    return views.Figures(
        period=period,
        totals=views.Totals(
            clicks=counts.total.clicks,
            unique=counts.total.unique,
            people=quality.human,
            bots=quality.bots,
            suspicious=quality.suspicious,
            clicks_before=before.counting(bots).clicks,
        ),
        points=_points(series, bots, _WEEK if period is views.Period.YEAR else 1),
        breakdowns=tuple(
            views.Breakdown.by(dimension, _shares(counts, dimension)) for dimension in views.SHOWN
        ),
        was_ever_clicked=clicks_ever > 0,
        bots=bots,
    )


def _points(series: Series, bots: Bots, together: int) -> tuple[views.Point, ...]:
    """One for so many days or hours, named by the first."""
    points = []
    for start in range(0, len(series.points), together):
        group = series.points[start : start + together]
        first = group[0].start
        label = f"{first:%H:%M}" if isinstance(first, datetime) else f"{first.day} {first:%b}"
        tally = sum((point.tally for point in group), NOTHING).counting(bots)
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
