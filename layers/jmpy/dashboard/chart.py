"""The geometry of a bar chart of clicks over time; what it says stands in views and templates.

Across, everything is in percent of the width that the page gives it, so that a phone gets narrower
bars and not smaller letters. Down, it is in pixels from the top of the plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
"""Pixels: one click beside a million is still seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Of all clicks, and in front of it the lower one of those that were unique."""

    x: float
    width: float
    y: float
    height: float
    unique_y: float
    unique_height: float
    slot_x: float
    """Where the room begins that belongs to the bar; there it answers the pointer."""
    slot_width: float


@dataclass(frozen=True, slots=True)
class ValueTick:
    value: int
    y: float


@dataclass(frozen=True, slots=True)
class TimeTick:
    index: int
    """Of the bar that it labels."""
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


def draw(counts: Sequence[tuple[int, int]]) -> Chart:
    """`counts` are clicks and how many of them were unique, oldest first."""
    step = value_step(max((clicks for clicks, _ in counts), default=0))
    steps = max(1, *(-(-clicks // step) for clicks, _ in counts)) if counts else 1
    top = steps * step
    return Chart(
        bars=tuple(_bar(index, len(counts), *count, top) for index, count in enumerate(counts)),
        values=tuple(
            ValueTick(number * step, _rounded(PLOT_HEIGHT * (1 - number / steps)))
            for number in range(steps + 1)
        ),
        times=_time_ticks(len(counts)),
    )


def value_step(highest: int) -> int:
    """The distance of the lines behind the bars: 1, 2 or 5 with zeros after it."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * _MAX_STEPS >= highest:
                return digit * power
        power *= 10


def _bar(index: int, count: int, clicks: int, unique: int, top: int) -> Bar:
    slot = 100 / count
    width = min(slot * _FILLED, _WIDEST)
    height, unique_height = _height(clicks, top), _height(unique, top)
    return Bar(
        x=_rounded(slot * index + (slot - width) / 2),
        width=_rounded(width),
        y=_rounded(PLOT_HEIGHT - height),
        height=height,
        unique_y=_rounded(PLOT_HEIGHT - unique_height),
        unique_height=unique_height,
        slot_x=_rounded(slot * index),
        slot_width=_rounded(slot),
    )


def _height(clicks: int, top: int) -> float:
    return _rounded(max(_LOWEST, PLOT_HEIGHT * clicks / top)) if clicks else 0.0


def _time_ticks(count: int) -> tuple[TimeTick, ...]:
    """Evenly spaced, the last at the newest bar, which is what people look for first."""
    every = max(1, -(-count // MAX_LABELS))
    ticks = []
    for position, index in enumerate(range(count - 1, -1, -every)):
        x, anchor = (index + 0.5) * 100 / count, "middle"
        if x > _RIM:
            x, anchor = 100, "end"
        ticks.append(TimeTick(index, _rounded(x), anchor, is_minor=position % 2 == 1))
    return tuple(reversed(ticks))


def _rounded(length: float) -> float:
    """To what can be seen, so that pages stay small."""
    return round(length, 2)
