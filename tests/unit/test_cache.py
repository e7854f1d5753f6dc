"""The one cache that everything in an execution environment remembers by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jmpy import cache
from jmpy.cache import Cache
from tests.clocks import Clocks


class Reads:
    def __init__(self, value: str | None = "value") -> None:
        self.value = value
        self.count = 0

    def __call__(self, _key: str) -> str | None:
        self.count += 1
        return self.value


@pytest.fixture
def clocks() -> Iterator[Clocks]:
    clocks = Clocks()
    with clocks.ticking():
        yield clocks


@pytest.fixture
def cached(clocks: Clocks) -> Cache[str, str | None]:
    return Cache()


def test_a_change_elsewhere_is_seen_within_four_seconds(
    cached: Cache[str, str | None], clocks: Clocks
) -> None:
    """Of the five that are promised, one is left for the read."""
    cached.get("key", Reads("active"))
    clocks.run(4.0)
    assert cached.get("key", Reads("revoked")) == "revoked"


def test_a_value_is_read_once_within_its_time(
    cached: Cache[str, str | None], clocks: Clocks
) -> None:
    reads = Reads()
    for seconds in (0.0, 1.0, 2.9):
        clocks.run(seconds)
        assert cached.look_up("key", reads) == ("value", seconds > 0)
    assert reads.count == 1
    clocks.run(0.1)
    assert cached.look_up("key", reads) == ("value", False)
    assert reads.count == 2


def test_an_entry_ages_while_the_environment_is_frozen(
    cached: Cache[str, str | None], clocks: Clocks
) -> None:
    cached.get("key", Reads("active"))
    clocks.freeze(cache.TTL)
    assert cached.peek("key") is None
    assert cached.get("key", Reads("revoked")) == "revoked"


@pytest.mark.parametrize("seconds", [0.5, 2.0, 3600.0])
def test_a_clock_that_is_set_back_extends_no_life(
    cached: Cache[str, str | None], clocks: Clocks, seconds: float
) -> None:
    cached.get("key", Reads("active"))
    clocks.run(1)
    cached.get("another", Reads())
    clocks.set_back(seconds)
    assert cached.get("key", Reads("revoked")) == "revoked"
    clocks.run(seconds)
    assert cached.peek("another") is None


def test_an_entry_from_the_future_is_none(cached: Cache[str, str | None], clocks: Clocks) -> None:
    cached.put("key", "active", read_at=clocks.wall + 3600)
    assert cached.peek("key") is None


def test_that_there_is_nothing_is_cached_too(cached: Cache[str, str | None]) -> None:
    reads = Reads(None)
    assert [cached.get("key", reads) for _ in range(2)] == [None, None]
    assert reads.count == 1


def test_a_fault_is_not_cached(cached: Cache[str, str | None]) -> None:
    def down(_key: str) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        cached.get("key", down)
    assert cached.get("key", Reads()) == "value"


def test_the_age_counts_from_before_the_read(
    cached: Cache[str, str | None], clocks: Clocks
) -> None:
    def slow(_key: str) -> str:
        clocks.run(3)
        return "value"

    cached.get("key", slow)
    clocks.run(1)
    assert cached.peek("key") is None


def test_a_reader_may_want_it_younger_but_never_older(
    cached: Cache[str, str | None], clocks: Clocks
) -> None:
    cached.get("key", Reads())
    clocks.run(2)
    assert cached.peek("key", within=3) == "value"
    assert cached.peek("key", within=2) is None
    clocks.run(2)
    assert cached.peek("key", within=3600) is None


def test_a_flood_does_not_grow_it(cached: Cache[str, str | None]) -> None:
    for number in range(cache.CAPACITY * 2):
        cached.get(str(number), Reads(None))
    assert len(cached) == cache.CAPACITY
    assert cached.peek("0") is None
