"""How many clicks, how many of them unique, and by which values of each dimension."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jmpy.clicks.model import OTHER, Dimension

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_VALUES = 100
"""Different values of a dimension in one counter; what more there are, is counted as `OTHER`. So
that nobody can make a counter outgrow its item by sending made-up values."""

MAX_LINKS = 1000
"""The same for links."""


@dataclass(frozen=True, slots=True)
class Tally:
    clicks: int
    unique: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.clicks + other.clicks, self.unique + other.unique)


NOTHING = Tally(0, 0)


@dataclass(slots=True)
class Counts:
    total: Tally = NOTHING
    by: dict[Dimension, dict[str, Tally]] = field(default_factory=dict)

    def add(self, values: Mapping[Dimension, str], tally: Tally) -> None:
        """Counts clicks that have these values in common."""
        self.total += tally
        for dimension, value in values.items():
            tallies = self.by.setdefault(dimension, {})
            room = MAX_LINKS if dimension is Dimension.LINK else MAX_VALUES
            known = value if value in tallies or len(tallies) < room else OTHER
            tallies[known] = tallies.get(known, NOTHING) + tally

    def merge(self, other: Counts) -> None:
        """Adds up what several counters hold; to be shown, and not to be stored again."""
        self.total += other.total
        for dimension, tallies in other.by.items():
            known = self.by.setdefault(dimension, {})
            for value, tally in tallies.items():
                known[value] = known.get(value, NOTHING) + tally

    def top(self, dimension: Dimension) -> list[tuple[str, Tally]]:
        """The values with their tallies, most clicks first."""
        tallies = self.by.get(dimension, {})
        return sorted(tallies.items(), key=lambda entry: (-entry[1].clicks, entry[0]))

    def of(self, dimension: Dimension, value: str) -> Tally:
        return self.by.get(dimension, {}).get(value, NOTHING)

    def to_bytes(self) -> bytes:
        """The dimensions, without the total."""
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
