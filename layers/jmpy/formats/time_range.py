"""Ranges of time that can be asked for. Without a library, because stores check theirs, too."""

from __future__ import annotations

from datetime import UTC, datetime

from jmpy.errors import Malformed

LAST_YEAR = 9998
"""So that no time zone offset can push an expiry beyond what a calendar can write."""
LATEST = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()) - 1
"""Seconds since the epoch."""


class ReversedRange(Malformed):
    """A range of time ends before it begins; DynamoDB takes no such range."""

    field = "start_date"
    example = (1_893_456_000, 1_893_452_400)

    def __init__(self, start: int, end: int) -> None:
        super().__init__(f"The start, {_iso(start)}, is after the end, {_iso(end)}; swap the two")


def check_range(start: int | None, end: int | None) -> None:
    """Of seconds since the epoch, each of which may be open. Raises ReversedRange."""
    if start is not None and end is not None and start > end:
        raise ReversedRange(start, end)


def _iso(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
