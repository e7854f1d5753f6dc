"""Counters in order of time, with a point for every day or hour, also for those without clicks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.clicks.counts import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from jmpy.analytics.date_range import Days, Hours
    from jmpy.clicks.counts import Counts, Tally


@dataclass(frozen=True, slots=True)
class Point:
    start: date | datetime
    """A day, or the start of an hour in the time zone of the request."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class Series:
    span: Days | Hours
    points: list[Point]

    @property
    def total(self) -> Tally:
        return sum((point.tally for point in self.points), NOTHING)

    def grouped(self, number: int) -> list[Point]:
        """So many days or hours as one point, named by the first. The latest group is whole; the
        oldest has what remains."""
        ends = range(len(self.points), 0, -number)
        groups = [self.points[max(0, end - number) : end] for end in ends]
        return [
            Point(group[0].start, sum((point.tally for point in group), NOTHING))
            for group in reversed(groups)
        ]


def by_day(span: Days, counted: Mapping[date, Counts]) -> Series:
    tallies = {day: counts.total for day, counts in counted.items()}
    return Series(span, [Point(day, tallies.get(day, NOTHING)) for day in span.dates()])


def by_local_day(span: Days, counted: Mapping[datetime, Counts]) -> Series:
    """`counted` by hour. A day has 23 to 25 of them where clocks change."""
    tallies = dict.fromkeys(span.dates(), NOTHING)
    for hour, counts in counted.items():
        tallies[hour.astimezone(span.zone).date()] += counts.total
    return Series(span, [Point(day, tally) for day, tally in tallies.items()])


def by_hour(span: Hours, counted: Mapping[datetime, Counts]) -> Series:
    tallies = {hour: counts.total for hour, counts in counted.items()}
    points = [
        Point(hour.astimezone(span.zone), tallies.get(hour, NOTHING)) for hour in span.starts()
    ]
    return Series(span, points)
