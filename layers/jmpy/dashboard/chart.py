"""The geometry of a bar chart over time: of clicks, and how many of them were unique, or of
requests, and how many of them succeeded. Its words come from the views.

Across, everything is in percent of the width that the page gives it, so that a phone gets narrower
bars and not smaller letters. Down, it is in pixels from the top of the plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

PLOT_HEIGHT = 200
MAX_LABELS = 6
"""Along the time axis."""

_MAX_STEPS = 4
"""Between zero and the top of the axis of values."""
_FILLED = 0.76
"""Of the room that a bar has; the rest is the gap to the next."""
_WIDEST = 9.0
"""Percent of the width; a single day is no wall."""
_RIM = 95
"""Percent of the width, from where a label in the middle of its bar would stick out."""
_LOWEST = 2.0
"""Pixels: one beside a million is still seen."""


class Plotted(NamedTuple):
    label: str
    """Short enough for the axis, as in `3 Nov` or `14:00`."""
    title: str
    """What the bar shows, in words."""
    whole: int
    part: int
    """Of the whole; its bar stands in front of the other."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Of the whole, and in front of it the lower one of the part."""

    title: str
    x: float
    width: float
    y: float
    height: float
    part_y: float
    part_height: float
    slot_x: float
    """Where the area begins in which the bar reacts to the pointer."""
    slot_width: float


@dataclass(frozen=True, slots=True)
class ValueTick:
    value: int
    y: float


@dataclass(frozen=True, slots=True)
class TimeTick:
    label: str
    x: float
    anchor: str
    """As SVG says which part of the label is at `x`."""
    is_minor: bool
    """May be left out where there is little room."""


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    values: tuple[ValueTick, ...]
    """From zero up."""
    times: tuple[TimeTick, ...]
    height: int = PLOT_HEIGHT


def draw(points: Sequence[Plotted]) -> Chart:
    """`points`: the oldest first."""
    highest = max((point.whole for point in points), default=0)
    step = value_step(highest)
    steps = max(1, -(-highest // step))
    top = steps * step
    return Chart(
        bars=tuple(_bar(point, index, len(points), top) for index, point in enumerate(points)),
        values=tuple(
            ValueTick(number * step, _rounded(PLOT_HEIGHT * (1 - number / steps)))
            for number in range(steps + 1)
        ),
        times=_time_ticks(points),
    )


def value_step(highest: int) -> int:
    """The distance of the lines behind the bars: 1, 2 or 5 with zeros after it."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * _MAX_STEPS >= highest:
                return digit * power
        power *= 10


def _bar(point: Plotted, index: int, count: int, top: int) -> Bar:
    slot = 100 / count
    width = min(slot * _FILLED, _WIDEST)
    height, part_height = _height(point.whole, top), _height(point.part, top)
    return Bar(
        title=point.title,
        x=_rounded(slot * index + (slot - width) / 2),
        width=_rounded(width),
        y=_rounded(PLOT_HEIGHT - height),
        height=height,
        part_y=_rounded(PLOT_HEIGHT - part_height),
        part_height=part_height,
        slot_x=_rounded(slot * index),
        slot_width=_rounded(slot),
    )


def _height(value: int, top: int) -> float:
    return _rounded(max(_LOWEST, PLOT_HEIGHT * value / top)) if value else 0.0


def _time_ticks(points: Sequence[Plotted]) -> tuple[TimeTick, ...]:
    """Evenly spaced, the last at the newest bar, which is what people look for first."""
    count = len(points)
    every = max(1, -(-count // MAX_LABELS))
    ticks = []
    for position, index in enumerate(range(count - 1, -1, -every)):
        x, anchor = (index + 0.5) * 100 / count, "middle"
        if x > _RIM:
            x, anchor = 100, "end"
        ticks.append(TimeTick(points[index].label, _rounded(x), anchor, is_minor=position % 2 == 1))
    return tuple(reversed(ticks))


def _rounded(length: float) -> float:
    """To what can be seen, so that pages stay small."""
    return round(length, 2)
