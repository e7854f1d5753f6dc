"""A small memory of recent look-ups, so that a busy client costs one read every few seconds.

It remembers what the table said about a digest of a key, or the id of an account (also that there
is none), never a decision and never a key's text: status and expiry are judged anew on every
request.
"""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

TTL = 4.0
"""Seconds. A revocation has to bite within five (docs/architecture.md); the read is consistent,
so an entry is never older than its time here plus one read."""

CAPACITY = 1024
"""Entries of about half a kilobyte: half a megabyte at most, whatever is thrown at it."""


Record = TypeVar("Record")


class LookupCache(Generic[Record]):
    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._entries: OrderedDict[str, tuple[float, Record | None]] = OrderedDict()
        self.remembered = False
        """Whether the latest answer came from memory; an execution environment answers one
        request at a time."""

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, name: str, look_up: Callable[[str], Record | None]) -> Record | None:
        """What `look_up` says of the name, at most `TTL` seconds ago. Its exceptions pass
        through and are not remembered."""
        started = self._now()
        entry = self._entries.get(name)
        self.remembered = entry is not None and started - entry[0] < TTL
        if entry is not None and self.remembered:
            return entry[1]
        record = look_up(name)
        # The age counts from before the read: a slow answer is an old answer.
        self._entries[name] = (started, record)
        self._entries.move_to_end(name)
        while len(self._entries) > CAPACITY:
            self._entries.popitem(last=False)
        return record
