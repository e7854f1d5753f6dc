"""Ranges of time, such as the filter of a list."""

from __future__ import annotations

from jmpy.errors import Malformed
from jmpy.formats.times import iso


class ReversedRange(Malformed):
    """A range of time ends before it begins; DynamoDB rejects such a range."""

    field: str
    """The parameter of the start."""
    example = (1_893_456_000, 1_893_452_400)

    def __init__(self, start: int, end: int, field: str = "start_date") -> None:
        self.field = field
        super().__init__(f"The start, {iso(start)}, is after the end, {iso(end)}; swap the two")


def check_range(start: int | None, end: int | None, field: str = "start_date") -> None:
    """A range in seconds since the epoch; each end may be open. Raises ReversedRange."""
    if start is not None and end is not None and start > end:
        raise ReversedRange(start, end, field)
