"""What can be asked about the clicks of an account or of one of its links.

A subject is that of `jmpy.clicks.item`: an account's, or a link's. Every answer is read from
counters, so that it costs the same whatever the number of clicks; lists of clicks are in
`click_list.py`. `bots` says which clicks there are for a question: it is as if the others had not
been.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, TypeVar

from jmpy.analytics import date_range as ranges
from jmpy.analytics import series
from jmpy.analytics.date_range import Days, Hours
from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.model import Bots
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from jmpy.analytics.series import Series
    from jmpy.clicks.reader import ClickReader
    from jmpy.clock import Clock


@dataclass(frozen=True, slots=True)
class Activity:
    counts: Counts
    active_days: int
    """UTC days with clicks."""
    active_hours: int
    """Hours with clicks, of those that are still counted by hour."""


@dataclass(frozen=True, slots=True)
class Overview:
    days: Days
    counts: Counts
    today: Tally
    days_before: Days
    """As many, to compare with."""
    before: Tally


class AnalyticsService:
    def __init__(self, reader: ClickReader, now: Clock = system_clock) -> None:
        self._reader = reader
        self._now = now

    def counts(self, subject: str, span: Days | Hours, bots: Bots = Bots.INCLUDE) -> Counts:
        """Of the whole span. One query."""
        if isinstance(span, Hours):
            return _sum(self._hours(subject, span, bots).values())
        return _sum(self._days(subject, span, bots).values())

    def ever(self, subject: str, bots: Bots = Bots.INCLUDE) -> Counts:
        """One query, over the days on which there were clicks."""
        return self.counts(subject, ranges.until(None, self._now()), bots)

    def counts_of_all(
        self, subjects: Iterable[str], span: Days | Hours, bots: Bots = Bots.INCLUDE
    ) -> Counts:
        """Of several links together. One query for each."""
        return _sum(self.counts(subject, span, bots) for subject in subjects)

    def series(self, subject: str, span: Days | Hours, bots: Bots = Bots.INCLUDE) -> Series:
        """One query; in days of another time zone than UTC, over their hours."""
        if isinstance(span, Hours):
            return series.by_hour(span, self._hours(subject, span, bots))
        if span.zone is UTC:
            return series.by_day(span, self._days(subject, span, bots))
        return series.by_local_day(span, self._hours(subject, span.hours(), bots))

    def activity(self, subject: str, span: Days | Hours, bots: Bots = Bots.INCLUDE) -> Activity:
        """One query for hours, two for days."""
        if isinstance(span, Hours):
            hours = self._hours(subject, span, bots)
            days = {hour.date() for hour in hours}
            return Activity(_sum(hours.values()), len(days), len(hours))
        counted = self._days(subject, span, bots)
        kept = ranges.kept_hours(span, self._now())
        hours = self._hours(subject, kept, bots) if kept else {}
        return Activity(_sum(counted.values()), len(counted), len(hours))

    def overview(self, subject: str, days: Days, bots: Bots = Bots.INCLUDE) -> Overview:
        """Of UTC days. Two queries."""
        before = days.before()
        counted = self._days(subject, Days(before.first, days.last), bots)
        asked = _sum(counts for day, counts in counted.items() if day >= days.first)
        earlier = _sum(counts for day, counts in counted.items() if day < days.first)
        today = self.counts(subject, ranges.last_days(1, self._now()), bots)
        return Overview(days, asked, today.total, before, earlier.total)

    def _days(self, subject: str, days: Days, bots: Bots) -> dict[date, Counts]:
        return _counting(bots, self._reader.days(subject, days.first, days.last))

    def _hours(self, subject: str, hours: Hours, bots: Bots) -> dict[datetime, Counts]:
        return _counting(bots, self._reader.hours(subject, hours.first, hours.last))


_When = TypeVar("_When", "date", "datetime")


def _counting(bots: Bots, counted: dict[_When, Counts]) -> dict[_When, Counts]:
    """Without the days or hours in which nothing of that was counted."""
    if bots is Bots.INCLUDE:
        return counted
    some = {when: counts.counting(bots) for when, counts in counted.items()}
    return {when: counts for when, counts in some.items() if counts.total.clicks}


def _sum(counted: Iterable[Counts]) -> Counts:
    total = Counts()
    for counts in counted:
        total.merge(counts)
    return total
