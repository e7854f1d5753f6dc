"""What an execution environment remembers for a while, so that it need not be read anew.

Every lifetime in this process is measured here, on the wall clock. Lambda freezes an environment
between requests, for minutes or hours, and a monotonic clock need not advance meanwhile: measured
on that one, a key that was revoked long ago would still be seconds old (docs/aws-behaviours.md).

Loaded on the cold path of every request, hence nothing but the standard library.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from jmpy.clock import Clock, system_clock

TTL = 4.0
"""Seconds, for what has to take effect within five (docs/architecture.md). Reads are consistent,
so an entry is never older than its time here plus one read."""

CAPACITY = 1024
"""Entries; of keys about half a megabyte, whatever is thrown at it."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """Entries up to `ttl` seconds old, the oldest of them gone beyond `capacity`."""

    def __init__(
        self,
        ttl: float = TTL,
        *,
        capacity: int = CAPACITY,
        now: Clock = system_clock,
    ) -> None:
        self._ttl = ttl
        self._capacity = capacity
        self._now = now
        self._latest = float("-inf")
        self._entries: OrderedDict[Key, tuple[float, Value]] = OrderedDict()
        self.hit = False
        """Whether the latest `get` was spared its read; an execution environment serves one
        request at a time."""

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key, load: Callable[[Key], Value], *, within: float | None = None) -> Value:
        """What `load` returns for the key, read at most `ttl` seconds ago, or `within`, if that is
        shorter. None, that there is nothing, is cached as any value; who wants it read anew takes
        `peek` and `put`. Exceptions of `load` pass through and are not cached."""
        started = self._time()
        entry = self._fresh(key, started, within)
        self.hit = entry is not None
        if entry is not None:
            return entry[1]
        value = load(key)
        # The age counts from before the read: a slow response is an old one.
        self.put(key, value, read_at=started)
        return value

    def peek(self, key: Key, *, within: float | None = None) -> Value | None:
        """The cached value, None when there is none that is fresh."""
        entry = self._fresh(key, self._time(), within)
        return None if entry is None else entry[1]

    def put(self, key: Key, value: Value, *, read_at: float) -> None:
        self._entries[key] = (read_at, value)
        self._entries.move_to_end(key)
        while len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

    def _fresh(self, key: Key, now: float, within: float | None) -> tuple[float, Value] | None:
        entry = self._entries.get(key)
        ttl = self._ttl if within is None else min(within, self._ttl)
        return entry if entry is not None and 0 <= now - entry[0] < ttl else None

    def _time(self) -> float:
        now = self._now()
        if now < self._latest:
            # The clock was set back, so that nothing here has a known age any more.
            self._entries.clear()
        self._latest = now
        return now
