"""How many clicks, how many of them unique, and by which values of each dimension.

Anybody can send made-up referrers, countries and UTM values, as many as they like. A counter has a
bounded number of places for them, and what has no place is counted as `OTHER`. Who comes first must
not keep a place for that, and neither must who comes last:

- a value that the link's own destination names goes last of all;
- the values that were clicked last keep their places, half of all, so that a new one has time to
  gather clicks;
- of the others the one with the least weight goes: its clicks, a visitor's first one weighing as
  much as ten, so that one visitor alone displaces little. Of those with the same weight, the one
  that was clicked later goes.

What is counted of a value that has a place is exact, from when it got it. A value that goes adds
its clicks to `OTHER`, so that all of them always make the total.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jmpy.clicks.model import OTHER, Bots, Dimension, is_bot

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MAX_VALUES = 100
"""Places for the values of a dimension in one counter, so that it does not outgrow its item."""

MAX_LINKS = 1000
"""The same for links."""

_FIRST_CLICK = 10
"""What a visitor's first click weighs."""


@dataclass(frozen=True, slots=True)
class Tally:
    clicks: int
    unique: int
    bot_clicks: int = 0
    """Of the clicks; all others are people's."""
    bot_unique: int = 0

    @classmethod
    def of_bots(cls, clicks: int, unique: int) -> Tally:
        return cls(clicks, unique, clicks, unique)

    @property
    def human_clicks(self) -> int:
        return self.clicks - self.bot_clicks

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.clicks + other.clicks,
            self.unique + other.unique,
            self.bot_clicks + other.bot_clicks,
            self.bot_unique + other.bot_unique,
        )

    def __sub__(self, other: Tally) -> Tally:
        return Tally(
            self.clicks - other.clicks,
            self.unique - other.unique,
            self.bot_clicks - other.bot_clicks,
            self.bot_unique - other.bot_unique,
        )

    def counting(self, bots: Bots) -> Tally:
        """As if the other clicks had not been."""
        of_bots = Tally.of_bots(self.bot_clicks, self.bot_unique)
        if bots is Bots.INCLUDE:
            return self
        return of_bots if bots is Bots.ONLY else self - of_bots


NOTHING = Tally(0, 0)


@dataclass(slots=True)
class Counts:
    total: Tally = NOTHING
    by: dict[Dimension, dict[str, Tally]] = field(default_factory=dict)
    """Of each dimension the value that was clicked last at the end, and `OTHER` anywhere."""
    own: dict[Dimension, set[str]] = field(default_factory=dict)
    """Values that a link's own destination names."""

    def add(
        self,
        values: Mapping[Dimension, str],
        tally: Tally,
        own: Collection[Dimension] = frozenset(),
    ) -> None:
        """Counts clicks that have these values in common. `own`: dimensions whose value is that of
        the link's own destination."""
        if is_bot(values):
            tally = Tally.of_bots(tally.clicks, tally.unique)
        self.total += tally
        for dimension, value in values.items():
            if dimension in own:
                self.own.setdefault(dimension, set()).add(value)
            self._count(dimension, value, tally)

    def _count(self, dimension: Dimension, value: str, tally: Tally) -> None:
        tallies = self.by.setdefault(dimension, {})
        known = tallies.pop(value, None)
        if known is None and value != OTHER:
            places = MAX_LINKS if dimension is Dimension.LINK else MAX_VALUES
            if len(tallies) - (OTHER in tallies) >= places:
                self._let_go(dimension, tallies)
        tallies[value] = (known or NOTHING) + tally

    def _let_go(self, dimension: Dimension, tallies: dict[str, Tally]) -> None:
        own = self.own.get(dimension, set())
        values = [value for value in tallies if value != OTHER]
        older = values[: len(values) // 2]
        candidates = (
            [value for value in older if value not in own]
            or [value for value in values if value not in own]
            or older
        )
        least = min(reversed(candidates), key=lambda value: _weight(tallies[value]))
        tallies[OTHER] = tallies.get(OTHER, NOTHING) + tallies.pop(least)
        own.discard(least)

    def merge(self, other: Counts) -> None:
        """Adds up what several counters hold; to be shown, and not to be stored again."""
        self.total += other.total
        for dimension, tallies in other.by.items():
            known = self.by.setdefault(dimension, {})
            for value, tally in tallies.items():
                known[value] = known.get(value, NOTHING) + tally

    def counting(self, bots: Bots) -> Counts:
        """As if the other clicks had not been; to be shown, and not to be stored again."""
        by = {}
        for dimension, tallies in self.by.items():
            counted = {value: tally.counting(bots) for value, tally in tallies.items()}
            by[dimension] = {value: tally for value, tally in counted.items() if tally.clicks}
        return Counts(self.total.counting(bots), by)

    def top(self, dimension: Dimension) -> list[tuple[str, Tally]]:
        """The values with their tallies, most clicks first."""
        tallies = self.by.get(dimension, {})
        return sorted(tallies.items(), key=lambda entry: (-entry[1].clicks, entry[0]))

    def tally(self, dimension: Dimension, value: str) -> Tally:
        return self.by.get(dimension, {}).get(value, NOTHING)

    def to_bytes(self) -> bytes:
        """The dimensions in their order, without the total, which values are own, and what was of
        bots (`division.py`)."""
        by = {
            dimension: {value: [tally.clicks, tally.unique] for value, tally in tallies.items()}
            for dimension, tallies in self.by.items()
        }
        return zlib.compress(json.dumps(by, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, total: Tally, packed: bytes) -> Counts:
        by = {
            Dimension(name): {value: Tally(*tally) for value, tally in tallies.items()}
            for name, tallies in json.loads(zlib.decompress(packed)).items()
        }
        return cls(total, by)


def _weight(tally: Tally) -> int:
    return tally.clicks + (_FIRST_CLICK - 1) * tally.unique
