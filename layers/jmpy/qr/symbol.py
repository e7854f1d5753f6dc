"""The modules of a QR code: which are dark, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from jmpy.qr.errors import ContentTooLong
from jmpy.qr.look import Level

CAPACITY = {Level.L: 2953, Level.M: 2331, Level.Q: 1663, Level.H: 1273}
"""Bytes of the largest code (ISO/IEC 18004, version 40)."""

_LOGO = 0.25
"""Of the code's width. With ideal images the decoders read all codes up to 0.35."""


@dataclass(frozen=True, slots=True)
class Symbol:
    rows: tuple[bytes, ...]
    """A byte for each module: 1 if it is dark, 0 if it is light. Without the margin."""
    level: Level
    """The one it has, which may be higher than the one that was asked for."""
    version: int
    """1 to 40: the code is 17 + 4 * `version` modules wide."""

    @property
    def width(self) -> int:
        """Modules."""
        return len(self.rows)

    @property
    def logo_width(self) -> int:
        """Modules that a logo with its surround may cover in the middle: odd, as the width is."""
        covered = int(_LOGO * self.width)
        return covered if covered % 2 else covered - 1

    def with_room(self) -> Symbol:
        """For a logo."""
        start = (self.width - self.logo_width) // 2
        end = start + self.logo_width
        cleared = (row[:start] + bytes(self.logo_width) + row[end:] for row in self.rows[start:end])
        return replace(self, rows=(*self.rows[:start], *cleared, *self.rows[end:]))


@lru_cache(maxsize=1)
def encoded(content: str, level: Level) -> Symbol:
    """The smallest code with at least that level. Raises ContentTooLong.

    Never a Micro QR code, which phones do not read; UTF-8 without an ECI header, which old scanners
    do not read.

    The last one is cached: a new code is encoded to be checked, and drawn once it is stored.
    """
    import segno  # noqa: PLC0415 - a 304, a 404 and a deletion draw nothing

    try:
        code = segno.make(
            content, error=level.value, micro=False, encoding="utf-8", boost_error=True
        )
    except segno.DataOverflowError:
        raise ContentTooLong(len(content.encode()), CAPACITY[level], level) from None
    assert isinstance(code.version, int), "not a Micro QR code"
    assert code.error is not None, "only the smallest Micro QR code has no level"
    return Symbol(tuple(map(bytes, code.matrix)), Level(code.error), code.version)
