"""Dates and times in query parameters: ISO 8601, with or without a time of day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from jmpy.formats.times import LAST_YEAR

FIRST_YEAR = 1970
"""So that no time zone's offset leads before what a calendar can write."""

_TIME_OF_DAY = re.compile("[T :]")
_EXAMPLES = "2026-11-23 or 2026-11-23T08:00:00Z"


def parse_moment(value: Any) -> date | datetime:
    """A date for text without a time of day. A time without an offset stays without: it is in the
    time zone of the request. Raises ValueError."""
    has_time = _TIME_OF_DAY.search(str(value))
    parse = datetime.fromisoformat if has_time else date.fromisoformat
    try:
        moment: date | datetime = parse(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"Not a valid ISO 8601 date or time; write it such as {_EXAMPLES}"
        ) from None
    if not FIRST_YEAR < moment.year <= LAST_YEAR:
        raise ValueError(f"The year must be from {FIRST_YEAR + 1} to {LAST_YEAR}")
    return moment


def checked_zone(name: str) -> str:
    """Raises ValueError unless it is the name of a time zone."""
    zone_of(name)
    return name


def zone_of(name: str) -> tzinfo:
    """Raises ValueError."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    # Of names that are not in the database, no names at all, and folders of it.
    except (KeyError, ValueError, OSError):
        raise ValueError("Unknown time zone; write an IANA name such as Europe/Berlin") from None


Moment = Annotated[
    date | datetime | None,
    PlainValidator(parse_moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": f} for f in ("date", "date-time")]}),
]
"""None when it is not sent."""

ZoneName = Annotated[str, Field(max_length=64), AfterValidator(checked_zone)]
