"""How much of what a counter holds was of bots, by value.

Stored beside the counts, so that versions that do not know of it read those all the same. What
follows from the kinds of agents that a counter has counted since ever is not stored: the total, and
everything where all clicks were people's, or all were bots'.

Counters of versions that did not store it have both kinds of clicks all the same. Their totals are
exact; among the values the bots are divided in proportion, so that every sum is right.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from jmpy.clicks.counts import NOTHING, Tally
from jmpy.clicks.model import AgentKind, DeviceType, Dimension

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmpy.clicks.counts import Counts


def packed(counts: Counts) -> bytes | None:
    """Of each value in the order of the counter: its clicks of bots, and the unique ones of those.
    None where all of it follows from the rest."""
    if counts.total.bot_clicks in {0, counts.total.clicks}:
        return None
    numbers = [
        number
        for dimension, tallies in counts.by.items()
        for value, tally in tallies.items()
        if not _is_known(dimension, value)
        for number in (tally.bot_clicks, tally.bot_unique)
    ]
    return zlib.compress(json.dumps(numbers, separators=(",", ":")).encode())


def divide(counts: Counts, stored: bytes | None) -> None:
    """Separates the clicks of bots in a counter as it was read, where `stored` is what `packed`
    made of it."""
    kinds = counts.by.get(Dimension.AGENT, {})
    bots = sum((tally for kind, tally in kinds.items() if kind != AgentKind.HUMAN), NOTHING)
    if not bots.clicks:
        return
    counts.total = _divided(counts.total, bots.clicks, bots.unique)
    numbers = None if stored is None else iter(json.loads(zlib.decompress(stored)))
    for dimension, tallies in counts.by.items():
        known = {value: t for value, t in tallies.items() if _is_known(dimension, value)}
        for value, tally in known.items():
            is_bots = value != AgentKind.HUMAN
            tallies[value] = _divided(tally, *((tally.clicks, tally.unique) if is_bots else (0, 0)))
        unknown = [entry for entry in tallies.items() if entry[0] not in known]
        if numbers is None:
            rest = counts.total - sum((tallies[value] for value in known), NOTHING)
            tallies.update(_in_proportion(unknown, rest))
        else:
            for value, tally in unknown:
                tallies[value] = _divided(tally, next(numbers), next(numbers))


def _is_known(dimension: Dimension, value: str) -> bool:
    """Whether the value itself says what its clicks were."""
    return dimension is Dimension.AGENT or (
        dimension is Dimension.DEVICE and value == DeviceType.BOT
    )


def _divided(tally: Tally, bot_clicks: int, bot_unique: int) -> Tally:
    return Tally(tally.clicks, tally.unique, bot_clicks, bot_unique)


def _in_proportion(
    entries: Iterable[tuple[str, Tally]], whole: Tally
) -> Iterator[tuple[str, Tally]]:
    """Visitors' first clicks and their further ones each for themselves, so that nothing has more
    visitors than clicks. Rounded over all entries: the parts make the whole."""
    firsts = _Proportion(whole.bot_unique, whole.unique)
    further = _Proportion(whole.bot_clicks - whole.bot_unique, whole.clicks - whole.unique)
    for value, tally in entries:
        bot_unique = firsts.next_part(tally.unique)
        yield (
            value,
            _divided(
                tally, bot_unique + further.next_part(tally.clicks - tally.unique), bot_unique
            ),
        )


class _Proportion:
    def __init__(self, part: int, whole: int) -> None:
        self._part, self._whole = part, whole
        self._seen = self._taken = 0

    def next_part(self, count: int) -> int:
        """How many of the next `count`."""
        self._seen += count
        due = self._seen * self._part // self._whole if self._whole else 0
        taken = due - self._taken
        self._taken = due
        return taken
