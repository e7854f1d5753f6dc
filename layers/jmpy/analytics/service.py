"""What can be asked about the clicks of an account or of one of its links.

A subject is that of `jmpy.clicks.item`: an account's, or a link's. Every answer is read from
counters, so that it costs the same whatever the number of clicks; lists of clicks are in
`click_list.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from jmpy.analytics import range as ranges
from jmpy.analytics import series
from jmpy.analytics.range import Days, Hours
from jmpy.clicks.counts import Counts, Tally
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

    def counts(self, subject: str, span: Days | Hours) -> Counts:
        """Of the whole span. One query."""
        if isinstance(span, Hours):
            return _sum(self._hours(subject, span).values())
        return _sum(self._days(subject, span).values())

    def ever(self, subject: str) -> Counts:
        """One query, over the days on which there were clicks."""
        return self.counts(subject, ranges.until(None, self._now()))

    def counts_of_all(self, subjects: Iterable[str], span: Days | Hours) -> Counts:
        """Of several links together. One query for each."""
        return _sum(self.counts(subject, span) for subject in subjects)

    def series(self, subject: str, span: Days | Hours) -> Series:
        """One query; in days of another time zone than UTC, over their hours."""
        if isinstance(span, Hours):
            return series.by_hour(span, self._hours(subject, span))
        if span.zone is UTC:
            return series.by_day(span, self._days(subject, span))
        return series.by_local_day(span, self._hours(subject, span.hours()))

    def activity(self, subject: str, span: Days | Hours) -> Activity:
        """One query for hours, two for days."""
        if isinstance(span, Hours):
            hours = self._hours(subject, span)
            days = {hour.date() for hour in hours}
            return Activity(_sum(hours.values()), len(days), len(hours))
        counted = self._days(subject, span)
        kept = ranges.kept_hours(span, self._now())
        hours = self._hours(subject, kept) if kept else {}
        return Activity(_sum(counted.values()), len(counted), len(hours))

    def overview(self, subject: str, days: Days) -> Overview:
        """Of UTC days. Two queries."""
        before = days.before()
        counted = self._days(subject, Days(before.first, days.last))
        asked = _sum(counts for day, counts in counted.items() if day >= days.first)
        earlier = _sum(counts for day, counts in counted.items() if day < days.first)
        today = self.counts(subject, ranges.last_days(1, self._now()))
        return Overview(days, asked, today.total, before, earlier.total)

    def _days(self, subject: str, days: Days) -> dict[date, Counts]:
        return self._reader.days(subject, days.first, days.last)

    def _hours(self, subject: str, hours: Hours) -> dict[datetime, Counts]:
        return self._reader.hours(subject, hours.first, hours.last)


def _sum(counted: Iterable[Counts]) -> Counts:
    total = Counts()
    for counts in counted:
        total.merge(counts)
    return total
