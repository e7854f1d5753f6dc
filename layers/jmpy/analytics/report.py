"""The clicks of a span and of the one before it, read once.

Everything that a page or an overview shows of both follows from the same counters, so its figures
always belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from jmpy.analytics import series
from jmpy.analytics.date_range import Hours
from jmpy.clicks.counts import NOTHING, Counts
from jmpy.clicks.model import Bots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from typing import Any

    from jmpy.analytics.date_range import Days
    from jmpy.analytics.series import Series
    from jmpy.clicks.counts import Tally

_When = TypeVar("_When", "date", "datetime")


@dataclass(frozen=True, slots=True)
class Report:
    span: Days | Hours
    """UTC days, or hours."""
    before: Days | Hours
    """As long, and directly before."""
    counts: Counts
    """Of the span."""
    counts_before: Counts
    counted: Mapping[Any, Counts]
    """Of both spans: the days, or starts of hours, with clicks."""

    @classmethod
    def from_counted(cls, span: Days | Hours, counted: Mapping[Any, Counts]) -> Report:
        """`counted`: of the span and of the one before it."""
        counts = add_up(some for when, some in counted.items() if when >= span.first)
        earlier = add_up(some for when, some in counted.items() if when < span.first)
        return cls(span, span.before(), counts, earlier, counted)

    def series(self) -> Series:
        """Of the span, with a point for every day or hour."""
        if isinstance(self.span, Hours):
            return series.by_hour(self.span, self.counted)
        return series.by_day(self.span, self.counted)

    def covers(self, day: date) -> bool:
        """Whether the report includes a UTC day; never where it is by hour."""
        return not isinstance(self.span, Hours) and self.before.first <= day <= self.span.last

    def on(self, day: date) -> Tally:
        """Of a UTC day that the report covers."""
        assert self.covers(day)
        return self.counted[day].total if day in self.counted else NOTHING

    def counting(self, bots: Bots) -> Report:
        """As if the other clicks had not been."""
        return Report.from_counted(self.span, counting(bots, self.counted))


def counting(bots: Bots, counted: Mapping[_When, Counts]) -> Mapping[_When, Counts]:
    """Without the days or hours in which nothing of that was counted."""
    if bots is Bots.INCLUDE:
        return counted
    some = {when: counts.counting(bots) for when, counts in counted.items()}
    return {when: counts for when, counts in some.items() if counts.total.clicks}


def add_up(counted: Iterable[Counts]) -> Counts:
    total = Counts()
    for counts in counted:
        total.merge(counts)
    return total
