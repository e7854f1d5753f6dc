"""Periods that clients name instead of sending dates."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.analytics import date_range as ranges
from jmpy.analytics.errors import InvalidRange

if TYPE_CHECKING:
    from datetime import date

    from jmpy.analytics.date_range import Days, Hours


class Period(StrEnum):
    """A span that ends now."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"

    @property
    def days(self) -> int:
        """UTC days, today among them."""
        return _DAYS[self]


_DAYS = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90, Period.YEAR: 365}


class ShortPeriod(StrEnum):
    """The names that `referrers` uses."""

    DAYS_7 = "7d"
    DAYS_30 = "30d"
    DAYS_90 = "90d"
    YEAR = "1y"
    ALL_TIME = "all_time"
    CUSTOM = "custom"


class LongPeriod(StrEnum):
    """The periods that `user-traffic-sources` accepts."""

    LAST_HOUR = "last_hour"
    LAST_24_HOURS = "last_24_hours"
    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    LAST_YEAR = "last_year"
    ALL_TIME = "all_time"
    CUSTOM = "custom"


_HOURS = {LongPeriod.LAST_HOUR: 1, LongPeriod.LAST_24_HOURS: 24}
_NAMED: dict[StrEnum, Period] = {
    ShortPeriod.DAYS_7: Period.WEEK,
    ShortPeriod.DAYS_30: Period.MONTH,
    ShortPeriod.DAYS_90: Period.QUARTER,
    ShortPeriod.YEAR: Period.YEAR,
    LongPeriod.LAST_7_DAYS: Period.WEEK,
    LongPeriod.LAST_30_DAYS: Period.MONTH,
    LongPeriod.LAST_YEAR: Period.YEAR,
}


def short(period: ShortPeriod | int, start: date | None, end: date | None, now: float) -> Days:
    """A number is one of days. `start` and `end` are those of a custom period. Raises
    InvalidRange."""
    if period is ShortPeriod.CUSTOM:
        return _custom(start, end, now)
    _reject_dates(start, end)
    return ranges.last_days(period, now) if isinstance(period, int) else _named(period, now)


def long(period: LongPeriod, start: date | None, end: date | None, now: float) -> Days | Hours:
    """`start` and `end` are those of a custom period. Raises InvalidRange."""
    if period is LongPeriod.CUSTOM:
        return _custom(start, end, now)
    _reject_dates(start, end)
    if period in _HOURS:
        return ranges.last_hours(_HOURS[period], now)
    return _named(period, now)


def _named(period: StrEnum, now: float) -> Days:
    if period in _NAMED:
        return ranges.last_days(_NAMED[period].days, now)
    return ranges.until(None, now)


def _custom(start: date | None, end: date | None, now: float) -> Days:
    for name, moment in (("start_date", start), ("end_date", end)):
        if moment is None:
            raise InvalidRange(name, f"date_range=custom needs {name}")
    return ranges.days(start, end, now)


def _reject_dates(start: date | None, end: date | None) -> None:
    for name, moment in (("start_date", start), ("end_date", end)):
        if moment is not None:
            raise InvalidRange(name, f"{name} is for date_range=custom")
