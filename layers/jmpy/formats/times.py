"""Converts times between the API's form (ISO 8601) and the code's (seconds since the Unix epoch).

Only the standard library: errors on the path of every request contain times.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

LAST_YEAR = 9998
"""So that no time zone offset can move a time beyond the calendar's range."""
LATEST = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()) - 1
"""Seconds since the epoch."""


def iso(timestamp: int) -> str:
    """Such as `2027-01-31T12:00:00Z`."""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def minute_utc(timestamp: int) -> str:
    """For people, as in `2027-01-31 12:00 UTC`."""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M UTC")


def parse_time(value: Any) -> datetime | None:
    """ISO 8601 text; without an offset it is UTC. Raises ValueError."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("Write the time as ISO 8601 text, such as 2027-01-31T12:00:00Z")
    try:
        # RFC 3339 section 5.6 also allows T and Z in lower case.
        time = datetime.fromisoformat(value.strip().upper())
    except ValueError:
        raise ValueError(
            "Not a valid ISO 8601 time; write it such as 2027-01-31T12:00:00Z"
        ) from None
    if time.year > LAST_YEAR:
        raise ValueError(f"The year is beyond {LAST_YEAR}")
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def seconds(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp())
