"""How clicks divide among the values of a dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jmpy.clicks.counts import NOTHING, Tally
from jmpy.clicks.model import OTHER, Dimension, Via

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.clicks.counts import Counts

SHOWN = 100
"""Values that a response names; those beyond are added to `OTHER`."""


class Share(NamedTuple):
    value: str
    tally: Tally
    percentage: float
    """Of all clicks, with one decimal."""


def percentage(clicks: int, of: int) -> float:
    """With one decimal; 0 of nothing."""
    return round(100 * clicks / of, 1) if of else 0.0


def shares(counts: Counts, dimension: Dimension, number: int = SHOWN) -> list[Share]:
    """The `number` values with the most clicks, and last, as `OTHER`, what has no name of its
    own."""
    named = [entry for entry in counts.top(dimension) if entry[0] != OTHER]
    unnamed = [tally for _, tally in named[number:]]
    rest = sum(unnamed, counts.tally(dimension, OTHER))
    return _shares(named[:number] + [(OTHER, rest)] * (rest != NOTHING), counts)


def top(counts: Counts, dimension: Dimension, number: int) -> list[Share]:
    """Those with the most clicks that have names of their own."""
    named = [entry for entry in counts.top(dimension) if entry[0] != OTHER]
    return _shares(named[:number], counts)


def by_way(counts: Counts) -> list[Share]:
    """Scans of QR codes, and clicks on short URLs themselves."""
    scans = counts.tally(Dimension.VIA, Via.QR_CODE)
    return _shares([(Via.QR_CODE, scans), (Via.LINK, counts.total - scans)], counts)


def _shares(entries: Iterable[tuple[str, Tally]], counts: Counts) -> list[Share]:
    return [
        Share(value, tally, percentage(tally.clicks, counts.total.clicks))
        for value, tally in entries
    ]
