"""Which dark areas a symbol has, for the formats to draw."""

from __future__ import annotations

from enum import IntFlag
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.qr.symbol import Symbol


class Corner(IntFlag):
    """Clockwise."""

    TOP_RIGHT = 1
    BOTTOM_RIGHT = 2
    BOTTOM_LEFT = 4
    TOP_LEFT = 8


def runs(symbol: Symbol) -> Iterator[tuple[int, int, int]]:
    """Column, row and width of the modules that are dark side by side."""
    for y, row in enumerate(symbol.rows):
        x = 0
        for is_dark, modules in groupby(row):
            width = len(list(modules))
            if is_dark:
                yield x, y, width
            x += width


def corners(symbol: Symbol) -> Iterator[list[Corner | None]]:
    """Row by row: of each dark module the corners that can be round, which are those that touch no
    dark neighbour; None of each light one."""
    margin = bytes(symbol.width + 2)
    rows = [margin, *(b"\0" + row + b"\0" for row in symbol.rows), margin]
    for above, row, below in zip(rows, rows[1:], rows[2:], strict=False):
        yield [
            _corners(above[x], row[x + 1], below[x], row[x - 1]) if row[x] else None
            for x in range(1, symbol.width + 1)
        ]


def _corners(top: int, right: int, bottom: int, left: int) -> Corner:
    """From the neighbours, each dark (1) or light (0)."""
    return Corner(
        (not (top or right)) * Corner.TOP_RIGHT
        | (not (bottom or right)) * Corner.BOTTOM_RIGHT
        | (not (bottom or left)) * Corner.BOTTOM_LEFT
        | (not (top or left)) * Corner.TOP_LEFT
    )
