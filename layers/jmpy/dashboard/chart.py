"""Geometry of the chart of clicks: bars in a box of fixed measures, stretched by the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmpy.dashboard.views.analytics import Point

WIDTH, HEIGHT = 1000, 200
"""Of the box."""

_GAP = 0.2
"""The share of a point's width that is left free beside its bar."""

_LABELS = 5
"""Points that are named below the axis, at most."""

_STEPS = (2, 4, 10)
"""Times a power of ten, the ends of the axis: their halves are whole numbers too."""


@dataclass(frozen=True, slots=True)
class Bar:
    point: Point
    x: float
    width: float
    y: float
    height: float
    """Of all clicks."""
    unique_y: float
    unique_height: float


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    top: int
    """Clicks at the upper end of the axis."""
    labels: tuple[str, ...]
    """From the first point to the last, as far from each other as their points are."""


def chart(points: Sequence[Point]) -> Chart:
    top = axis_end(max((point.clicks for point in points), default=0))
    slot = WIDTH / max(1, len(points))
    bars = tuple(_bar(point, number * slot, slot, top) for number, point in enumerate(points))
    return Chart(bars, top, tuple(points[number].label for number in _named(len(points))))


def axis_end(most: int) -> int:
    """The next round number."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= most:
                return step * power
        power *= 10


def _bar(point: Point, start: float, slot: float, top: int) -> Bar:
    height, unique = (HEIGHT * clicks / top for clicks in (point.clicks, point.unique))
    return Bar(
        point=point,
        x=round(start + slot * _GAP / 2, 2),
        width=round(slot * (1 - _GAP), 2),
        y=round(HEIGHT - height, 2),
        height=round(height, 2),
        unique_y=round(HEIGHT - unique, 2),
        unique_height=round(unique, 2),
    )


def _named(points: int) -> list[int]:
    """Which points get a label: the first, the last, and some at equal distances between."""
    if points <= _LABELS:
        return list(range(points))
    step = (points - 1) / (_LABELS - 1)
    return [round(number * step) for number in range(_LABELS)]
