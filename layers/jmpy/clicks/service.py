"""Counts clicks, each exactly once (docs/adr/0012)."""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING

from jmpy.clicks.chunks import chunks
from jmpy.clicks.classify import values_of
from jmpy.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jmpy.clicks.model import Click
    from jmpy.clicks.store import ClickStore

SHARDS = 16
"""Counters that an account has for a day or an hour, at most. The first suffices until batches that
are counted at once meet at it; only then another one is begun."""

_CONTENTION = Retry(attempts=8, pause=0.05, longest=1.0)

_log = logging.getLogger(__name__)


class ClickRecorder:
    def __init__(self, store: ClickStore) -> None:
        self._store = store

    def record(
        self, clicks: Iterable[Click], has_time: Callable[[], bool] = lambda: True
    ) -> set[str]:
        """Returns the ids of the clicks that were not counted, which have to come again."""
        left: set[str] = set()
        for chunk in chunks(clicks):
            try:
                is_counted = self._count(chunk, has_time)
            except Exception:  # noqa: BLE001 - whatever it is, the other accounts do not wait for it
                _log.exception("clicks not counted")
                is_counted = False
            if not is_counted:
                left |= {click.id for click in chunk}
        return left

    def _count(self, chunk: list[Click], has_time: Callable[[], bool]) -> bool:
        """False if other batches wrote first every time, or there is no time left."""
        values = []
        for click in chunk:
            # Strange user agents take long; the results are cached for the next attempt.
            if not has_time():
                return False
            values.append(values_of(click))
        for attempt in _CONTENTION.numbers():
            shard = random.randrange(SHARDS) if attempt else 0  # noqa: S311 - spreads load
            ledger = self._store.load(chunk, shard)
            for click, found in zip(chunk, values, strict=True):
                ledger.add(click, found)
            if self._store.save(ledger):
                return True
        return False
