"""The span of time that a request restricts the clicks of campaigns to."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.analytics import date_range as ranges
from jmpy.analytics.errors import InvalidRange
from jmpy.analytics.period import Period

if TYPE_CHECKING:
    from datetime import date

    from jmpy.analytics.date_range import Days


class Range(StrEnum):
    """The periods of the public contract, whose days are UTC days, today among them."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"
    LAST_YEAR = "last_year"
    """The same as `1y`."""
    ALL = "all"


def span(named: Range | None, start: date | None, end: date | None, now: float) -> Days | None:
    """None for all clicks. `now` in seconds since the Unix epoch. Raises InvalidRange."""
    if named is not None and (start or end):
        raise InvalidRange("range", "Send either range, or start_date and end_date")
    if start:
        return ranges.days(start, end, now)
    if end:
        return ranges.until(end, now)
    if named in (None, Range.ALL):
        return None
    period = Period.YEAR if named is Range.LAST_YEAR else Period(named.value)
    return ranges.last_days(period.days, now)
