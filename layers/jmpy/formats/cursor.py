"""Where the next page of a log begins: the position of the last entry of the page before, as the
API writes it.

Entries are ordered by their positions, `<milliseconds since the Unix epoch>#<id>`.
"""

CURSOR = r"^[0-9]{13}\.[0-9a-f]{32}$"
"""A pattern."""

_LATEST = 9_999_999_999
"""Seconds: as many digits as positions have room for."""


def position(milliseconds: int, entry_id: str) -> str:
    """Sorts by time."""
    return f"{milliseconds:013d}#{entry_id}"


def bounds(start: int | None, end: int | None) -> tuple[str, str]:
    """Between which the positions of entries from `start` to `end` are, both included; seconds
    since the epoch, None for an open range."""
    return f"{start or 0:010d}", f"{_LATEST if end is None else end:010d}~"


def to_cursor(last: str | None) -> str | None:
    """Without the character that begins a fragment in a URL."""
    return None if last is None else last.replace("#", ".")


def from_cursor(cursor: str | None) -> str | None:
    """The position."""
    return None if cursor is None else cursor.replace(".", "#")
