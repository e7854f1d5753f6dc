from jmpy.authorizer import cache
from jmpy.authorizer.cache import LookupCache
from jmpy.keys.model import ApiKey
from tests.unit.keys import issued


class Clock:
    time = 0.0

    def __call__(self) -> float:
        return self.time


class Reads:
    def __init__(self, answer: ApiKey | None) -> None:
        self.answer = answer
        self.count = 0

    def __call__(self, _digest: str) -> ApiKey | None:
        self.count += 1
        return self.answer


def test_the_bound_leaves_room_for_a_read_within_five_seconds() -> None:
    assert cache.TTL <= 4


def test_a_key_is_read_once_within_its_time() -> None:
    clock, reads = Clock(), Reads(issued()[1])
    memory: LookupCache[ApiKey] = LookupCache(clock)
    for clock.time in (0.0, 1.0, 3.9):
        assert memory.find("digest", reads) is reads.answer
    assert reads.count == 1
    clock.time = cache.TTL
    memory.find("digest", reads)
    assert reads.count == 2


def test_an_unknown_key_is_remembered_too() -> None:
    reads = Reads(None)
    memory: LookupCache[ApiKey] = LookupCache(Clock())
    assert memory.find("digest", reads) is None
    assert memory.find("digest", reads) is None
    assert reads.count == 1


def test_the_age_counts_from_before_the_read() -> None:
    clock = Clock()
    memory: LookupCache[ApiKey] = LookupCache(clock)

    def slow(_digest: str) -> None:
        clock.time += 3

    memory.find("digest", slow)
    clock.time = cache.TTL
    reads = Reads(None)
    memory.find("digest", reads)
    assert reads.count == 1


def test_a_flood_of_unknown_keys_does_not_grow_it() -> None:
    memory: LookupCache[ApiKey] = LookupCache(Clock())
    for number in range(cache.CAPACITY * 2):
        memory.find(str(number), Reads(None))
    assert len(memory) == cache.CAPACITY
