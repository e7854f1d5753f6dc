"""From dates in a request to the counters that they cover: whole UTC days, or whole hours.

Days of another time zone than UTC are made of hours; an hour belongs to the local day in which it
starts, which matters where offsets are not whole hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.analytics.errors import InvalidRange
from jmpy.clicks.model import KEPT_HOURS

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_DAYS = 30
MAX_DAYS = 366
MAX_DAYS_BY_HOUR = 31

EVER = date(1970, 1, 1)
"""Before every click."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


class GroupBy(StrEnum):
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Hours:
    """By their starts, in UTC; `last` is one of them."""

    first: datetime
    last: datetime
    zone: tzinfo = UTC
    """In which they are shown."""

    def starts(self) -> Iterator[datetime]:
        """In UTC: the local hour that comes twice when clocks go back equals none of both."""
        for number in range((self.last - self.first) // _HOUR + 1):
            yield self.first + number * _HOUR

    def before(self) -> Hours:
        """As many hours, up to the one before the first."""
        return Hours(self.first - (self.last - self.first) - _HOUR, self.first - _HOUR, self.zone)


@dataclass(frozen=True, slots=True)
class Days:
    """`last` is one of them."""

    first: date
    last: date
    zone: tzinfo = UTC

    def dates(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * _DAY

    def hours(self) -> Hours:
        """Those that start in these days."""
        first = _first_hour(_start(self.first, self.zone))
        return Hours(first, _first_hour(_start(self.last + _DAY, self.zone)) - _HOUR, self.zone)

    def before(self) -> Days:
        """As many days, up to the one before the first."""
        return Days(self.first - (self.last - self.first) - _DAY, self.first - _DAY, self.zone)


def days(start: date | None, end: date | None, now: float, zone: tzinfo = UTC) -> Days:
    """The days from that of `start` to that of `end`; up to today, and thirty, where they are not
    given. Raises InvalidRange."""
    last = _date(end, zone) if end else today(now, zone)
    first = _date(start, zone) if start else last - (DEFAULT_DAYS - 1) * _DAY
    _check_order(first, last, end)
    if (last - first).days >= MAX_DAYS:
        raise InvalidRange("start_date", f"At most {MAX_DAYS} days; start later or end earlier")
    found = Days(first, last, zone)
    if zone is not UTC:
        _check_counted(found.hours(), now, "Days of a time zone other than UTC")
    return found


def hours(start: date | None, end: date | None, now: float, zone: tzinfo = UTC) -> Hours:
    """The hours from that of `start` to that of `end`; up to now, and thirty days, where they are
    not given. Raises InvalidRange."""
    last = _floor(_end(end, zone) if end else datetime.fromtimestamp(now, UTC))
    if start is None:
        start = last.astimezone(zone).date() - (DEFAULT_DAYS - 1) * _DAY
    if isinstance(start, datetime):
        first = _floor(_in_zone(start, zone).astimezone(UTC))
    else:
        first = _first_hour(_start(start, zone))
    _check_order(first, last, end)
    if last - first > timedelta(days=MAX_DAYS_BY_HOUR):  # not >=: one has an hour more in autumn
        reason = f"At most {MAX_DAYS_BY_HOUR} days by hour; ask for fewer, or group by day"
        raise InvalidRange("start_date", reason)
    found = Hours(first, last, zone)
    _check_counted(found, now, "Hours")
    return found


def span(
    start: date | None, end: date | None, group_by: GroupBy, now: float, zone: tzinfo = UTC
) -> Days | Hours:
    """Raises InvalidRange."""
    return (hours if group_by is GroupBy.HOUR else days)(start, end, now, zone)


def today(now: float, zone: tzinfo = UTC) -> date:
    return datetime.fromtimestamp(now, zone).date()


def last_days(number: int, now: float) -> Days:
    """UTC days, today among them."""
    last = today(now)
    return Days(last - (number - 1) * _DAY, last)


def last_hours(number: int, now: float) -> Hours:
    """At least so many: from the full hour that they begin in."""
    last = _floor(datetime.fromtimestamp(now, UTC))
    return Hours(last - number * _HOUR, last)


def until(end: date | None, now: float) -> Days:
    """All UTC days up to that of `end`, or today."""
    return Days(EVER, _date(end, UTC) if end else today(now))


def span_or_ever(
    start: date | None, end: date | None, group_by: GroupBy, now: float
) -> Days | Hours:
    """In UTC; without a `start` all days. Raises InvalidRange."""
    return span(start, end, group_by, now) if start else until(end, now)


def hours_counted(days: Days, now: float) -> Hours | None:
    """The hours of UTC days for which there still are counters."""
    first = max(days.first, today(now) - KEPT_HOURS * _DAY)
    return Days(first, days.last).hours() if first <= days.last else None


def _check_order(first: date, last: date, end: date | None) -> None:
    if first > last:
        unsaid = "" if end else ", which is now unless it is sent"
        raise InvalidRange(
            "end_date",
            f"end_date ({last.isoformat()}{unsaid}) is before start_date ({first.isoformat()})",
        )


def _check_counted(wanted: Hours, now: float, what: str) -> None:
    if wanted.first.date() < today(now) - KEPT_HOURS * _DAY:
        raise InvalidRange(
            "start_date",
            f"{what} go back {KEPT_HOURS} days; start later, or group by day in UTC",
        )


def _date(moment: date, zone: tzinfo) -> date:
    """The local day of a date or a time."""
    return _in_zone(moment, zone).date() if isinstance(moment, datetime) else moment


def _in_zone(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _start(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _end(moment: date, zone: tzinfo) -> datetime:
    """Of a date its last moment, which is in the last hour that starts in it."""
    if isinstance(moment, datetime):
        return _in_zone(moment, zone).astimezone(UTC)
    return _first_hour(_start(moment + _DAY, zone)) - _HOUR


def _floor(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _first_hour(moment: datetime) -> datetime:
    """The first that starts at or after the moment."""
    return _floor(moment + _HOUR - timedelta(microseconds=1))
