"""Figures about the clicks of an account or of one of its links.

A subject is that of `jmpy.clicks.item`: an account's, a link's, a QR code's or a campaign's; the
clicks of several are added up, with one query for each. Every figure is read from counters, so that
it costs the same whatever the number of clicks; lists of clicks are in `click_list.py`. `bots`
selects the clicks that are counted: it is as if the others had not been.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, TypeVar

from jmpy.analytics import date_range as ranges
from jmpy.analytics import series
from jmpy.analytics.date_range import Days, Hours
from jmpy.analytics.report import Report, add_up, counting
from jmpy.clicks.counts import Counts
from jmpy.clicks.model import Bots, Dimension

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from typing import Any

    from jmpy.analytics.series import Series
    from jmpy.clicks.counts import Tally
    from jmpy.clicks.reader import ClickReader


Subject = str | tuple[str, ...]

_When = TypeVar("_When", "date", "datetime")


@dataclass(frozen=True, slots=True)
class Activity:
    counts: Counts
    active_days: int
    """UTC days with clicks."""
    active_hours: int
    """Hours with clicks, of those that are still counted by hour."""


@dataclass(frozen=True, slots=True)
class Detailed:
    series: Series
    counted: Mapping[Any, Counts]
    """The days, or starts of hours, with clicks."""

    @property
    def counts(self) -> Counts:
        """Of the whole span."""
        return add_up(self.counted.values())


@dataclass(frozen=True, slots=True)
class Overview:
    report: Report
    today: Tally


class AnalyticsService:
    def __init__(self, reader: ClickReader) -> None:
        self._reader = reader

    def counts(self, subject: Subject, span: Days | Hours, bots: Bots = Bots.INCLUDE) -> Counts:
        """Of the whole span. One query."""
        if isinstance(span, Hours):
            return add_up(self._hours(subject, span, bots).values())
        return add_up(self._days(subject, span, bots).values())

    def series(self, subject: Subject, span: Days | Hours, bots: Bots = Bots.INCLUDE) -> Series:
        """As `detailed`."""
        return self.detailed(subject, span, bots).series

    def detailed(self, subject: Subject, span: Days | Hours, bots: Bots = Bots.INCLUDE) -> Detailed:
        """One query; in days of another time zone than UTC, over their hours."""
        if isinstance(span, Hours):
            hours = self._hours(subject, span, bots)
            return Detailed(series.by_hour(span, hours), hours)
        if span.zone is UTC:
            days = self._days(subject, span, bots)
            return Detailed(series.by_day(span, days), days)
        hours = self._hours(subject, span.hours(), bots)
        return Detailed(series.by_local_day(span, hours), hours)

    def activity(
        self, subject: Subject, span: Days | Hours, now: float, bots: Bots = Bots.INCLUDE
    ) -> Activity:
        """One query for hours, two for days."""
        if isinstance(span, Hours):
            hours = self._hours(subject, span, bots)
            days = {hour.date() for hour in hours}
            return Activity(add_up(hours.values()), len(days), len(hours))
        counted = self._days(subject, span, bots)
        by_hour = ranges.hours_counted(span, now)
        hours = self._hours(subject, by_hour, bots) if by_hour else {}
        return Activity(add_up(counted.values()), len(counted), len(hours))

    def report(self, subject: Subject, span: Days | Hours, bots: Bots = Bots.INCLUDE) -> Report:
        """Of UTC days, or of hours, and of as many before them. One query."""
        if isinstance(span, Hours):
            hours = Hours(span.before().first, span.last)
            return Report.from_counted(span, self._hours(subject, hours, bots))
        days = Days(span.before().first, span.last)
        return Report.from_counted(span, self._days(subject, days, bots))

    def overview(
        self, subject: Subject, days: Days, today: date, bots: Bots = Bots.INCLUDE
    ) -> Overview:
        """One query; one more where `today` is neither among the days nor among those before."""
        report = self.report(subject, days, bots)
        if report.covers(today):
            return Overview(report, report.on(today))
        return Overview(report, self.counts(subject, Days(today, today), bots).total)

    def _days(self, subject: Subject, days: Days, bots: Bots) -> Mapping[date, Counts]:
        return _added_up(subject, bots, lambda one: self._reader.days(one, days.first, days.last))

    def _hours(self, subject: Subject, hours: Hours, bots: Bots) -> Mapping[datetime, Counts]:
        return _added_up(
            subject, bots, lambda one: self._reader.hours(one, hours.first, hours.last)
        )


def _added_up(
    subject: Subject, bots: Bots, read: Callable[[str], Mapping[_When, Counts]]
) -> Mapping[_When, Counts]:
    if isinstance(subject, str):
        return counting(bots, read(subject))
    added: dict[_When, Counts] = {}
    for one in subject:
        kind, _, link_id = one.partition("#")
        for when, counts in read(one).items():
            if kind == "link":
                # Counted by the accounts and campaigns that have it, not by itself.
                counts.by[Dimension.LINK] = {link_id: counts.total}
            added.setdefault(when, Counts()).merge(counts)
    return counting(bots, added)
