"""What another service publishes: fetched now and then, and the attempt remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jmpy.http.errors import RETRY_AFTER
from jmpy.refreshed import PAUSE, RETAINED, RETRY, Refreshed
from tests.clocks import Clocks

LIFETIME = 3600


class Down(Exception):
    pass


class Source:
    def __init__(self) -> None:
        self.value = {"one"}
        self.is_down = False
        self.requested = 0

    def __call__(self) -> set[str]:
        self.requested += 1
        if self.is_down:
            raise Down
        return set(self.value)


@pytest.fixture
def clocks() -> Iterator[Clocks]:
    clocks = Clocks()
    with clocks.ticking():
        yield clocks


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def refreshed(source: Source, clocks: Clocks) -> Refreshed[set[str]]:
    return Refreshed("something", source, LIFETIME)


def holds(name: str, refreshed: Refreshed[set[str]]) -> bool:
    return name in refreshed.get(lambda value: name in value)


def test_a_value_is_fetched_once_in_its_lifetime(
    refreshed: Refreshed[set[str]], source: Source, clocks: Clocks
) -> None:
    for _ in range(3):
        assert refreshed.get() == {"one"}
    assert source.requested == 1
    clocks.run(LIFETIME)
    source.value = {"two"}
    assert refreshed.get() == {"two"}


@pytest.mark.parametrize("seconds", [LIFETIME, 86_400 * 30])
def test_a_value_ages_while_the_environment_is_frozen(
    refreshed: Refreshed[set[str]], source: Source, clocks: Clocks, seconds: float
) -> None:
    refreshed.get()
    source.value = {"two"}
    clocks.freeze(seconds)
    assert refreshed.get() == {"two"}


def test_what_it_never_had_is_looked_for_once_a_minute(
    refreshed: Refreshed[set[str]], source: Source, clocks: Clocks
) -> None:
    for number in range(1000):
        assert not holds(f"invented-{number}", refreshed)
    assert source.requested == 1
    clocks.run(PAUSE)
    source.value = {"two"}
    assert holds("two", refreshed)


def test_a_source_that_is_down_is_called_once_in_a_while(
    refreshed: Refreshed[set[str]], source: Source, clocks: Clocks
) -> None:
    source.is_down = True
    for _ in range(1000):
        with pytest.raises(Down):
            refreshed.get()
    assert source.requested == 1
    clocks.run(RETRY)
    source.is_down = False
    assert refreshed.get() == {"one"}


def test_a_client_that_retries_after_retry_after_finds_another_attempt() -> None:
    assert RETRY <= RETRY_AFTER


def test_a_known_value_is_used_while_its_source_is_down(
    refreshed: Refreshed[set[str]], source: Source, clocks: Clocks
) -> None:
    refreshed.get()
    source.is_down = True
    clocks.run(LIFETIME)
    for _ in range(1000):
        assert refreshed.get() == {"one"}
    assert source.requested == 2
    clocks.run(RETAINED)
    with pytest.raises(Down):
        refreshed.get()


def test_an_unknown_id_is_undecided_while_the_source_is_down(
    refreshed: Refreshed[set[str]], source: Source, clocks: Clocks
) -> None:
    refreshed.get()
    source.is_down = True
    clocks.run(PAUSE)
    for _ in range(1000):
        assert holds("one", refreshed)
        with pytest.raises(Down):
            holds("two", refreshed)
    assert source.requested == 2


def test_a_clock_that_is_set_back_has_it_fetched_anew(
    refreshed: Refreshed[set[str]], source: Source, clocks: Clocks
) -> None:
    refreshed.get()
    source.value = {"two"}
    clocks.set_back(1)
    assert refreshed.get() == {"two"}
