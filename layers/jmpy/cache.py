"""What an execution environment caches for a while, so that it need not be read again.

Every lifetime in this process is measured here, on the wall clock. Lambda freezes an environment
between requests, for minutes or hours, and a monotonic clock need not advance meanwhile: measured
on that one, a key that was revoked long ago would still be seconds old (docs/aws-behaviours.md).

Loaded on the cold path of every request, hence nothing but the standard library.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

from jmpy.clock import Clock, system_clock

TTL = 4.0
"""Seconds, for changes that have to take effect within five (docs/architecture.md). Reads are
consistent, so an entry is never older than its time here plus one read."""

CAPACITY = 1024
"""Entries; with keys about half a megabyte, whatever clients send; five, if each has a full list of
allowed addresses."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Lookup(NamedTuple, Generic[Value]):
    record: Value
    from_cache: bool


class Cache(Generic[Key, Value]):
    """Entries up to `ttl` seconds old; beyond `capacity` the oldest are evicted."""

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

    def __len__(self) -> int:
        return len(self._entries)

    def look_up(
        self, key: Key, load: Callable[[Key], Value], *, within: float | None = None
    ) -> Lookup[Value]:
        """What `load` returns for the key, read at most `ttl` seconds ago, or `within` if that is
        shorter. None, for a key without a value, is cached like any value; to have it read again,
        use `peek` and `put`. Exceptions of `load` pass through and are not cached."""
        started = self._time()
        entry = self._fresh(key, started, within)
        if entry is not None:
            return Lookup(entry[1], from_cache=True)
        value = load(key)
        # The age counts from before the read: a slow response is an old one.
        self.put(key, value, read_at=started)
        return Lookup(value, from_cache=False)

    def get(self, key: Key, load: Callable[[Key], Value], *, within: float | None = None) -> Value:
        """The record of a lookup, where it does not matter whether it was cached."""
        return self.look_up(key, load, within=within).record

    def peek(self, key: Key, *, within: float | None = None) -> Value | None:
        """The cached value; None when there is no fresh one."""
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
            # The clock was set back, so the age of the entries is unknown.
            self._entries.clear()
        self._latest = now
        return now
