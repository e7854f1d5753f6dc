"""What a counter keeps of more values than it has places for."""

from __future__ import annotations

import json
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmpy.clicks.counts import MAX_LINKS, MAX_VALUES, NOTHING, Counts, Tally
from jmpy.clicks.item import from_counts, to_counts
from jmpy.clicks.model import OTHER, UTM, AgentKind, Bots, DeviceType, Dimension

Clicks = list[tuple[str, bool]]
"""Values, each with whether it is a visitor's first click."""

REFERRER = Dimension.REFERRER
ORDERS = ("first", "last", "between")


def invented(count: int, times: int = 1, *, unique: bool = True) -> Clicks:
    """Made-up values; one visitor is unique once."""
    return [
        (f"invented-{number}", unique or number == 0)
        for number in range(count)
        for _ in range(times)
    ]


def genuine(values: int, clicks: int) -> Clicks:
    """`clicks` of all, by as many visitors."""
    return [(f"genuine-{number % values}", True) for number in range(clicks)]


def ordered(order: str, true: Clicks, false: Clicks, seed: int = 1) -> Clicks:
    if order == "first":
        return true + false
    if order == "last":
        return false + true
    places = sorted(random.Random(seed).sample(range(len(true) + len(false)), len(true)))
    mixed, left = [], list(false)
    remaining = list(true)
    for place in range(len(true) + len(false)):
        mixed.append((remaining if place in set(places) else left).pop(0))
    return mixed


def counted(clicks: Clicks, dimension: Dimension = REFERRER) -> Counts:
    counts = Counts()
    for value, is_unique in clicks:
        counts.add({dimension: value}, Tally(1, int(is_unique)))
    return counts


def found(counts: Counts, dimension: Dimension = REFERRER) -> int:
    """Clicks that are counted by genuine values."""
    return sum(
        tally.clicks for value, tally in counts.by[dimension].items() if value.startswith("genuine")
    )


@pytest.mark.parametrize("dimension", [REFERRER, Dimension.COUNTRY, *UTM])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("values", [1, 4])
@pytest.mark.parametrize("flood", [101, 400])
def test_values_that_many_clicks_share_keep_their_place_in_a_flood(
    dimension: Dimension, order: str, values: int, flood: int
) -> None:
    """101 anonymous requests with invented referrers left none of 40 genuine clicks with theirs."""
    clicks = ordered(order, genuine(values, 40), invented(flood))
    assert found(counted(clicks, dimension), dimension) == 40


@pytest.mark.parametrize("order", ["first", "last"])
def test_a_value_that_was_counted_for_long_keeps_its_place_in_a_flood_of_any_length(
    order: str,
) -> None:
    assert found(counted(ordered(order, genuine(4, 40), invented(20_000)))) == 40


@pytest.mark.parametrize("order", ["first", "last"])
@pytest.mark.parametrize("flood", [101, 1000, 5000])
def test_forty_values_with_a_click_each_stay_before_and_after_a_flood(
    order: str, flood: int
) -> None:
    assert found(counted(ordered(order, genuine(40, 40), invented(flood)))) == 40


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("times", [1, 2, 9])
def test_what_one_visitor_invents_displaces_nothing(order: str, times: int) -> None:
    flood = invented(1000, times, unique=False)
    assert found(counted(ordered(order, genuine(40, 40 * times), flood))) == 40 * times


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.integers(101, 400), st.integers(1, 8))
def test_clicks_with_their_own_referrer_outlast_as_many_invented_as_they_are_mixed_with(
    chance: random.Random, flood: int, values: int
) -> None:
    mixed = [*genuine(values, 40 * values), *invented(flood)]
    chance.shuffle(mixed)
    assert found(counted(mixed)) == 40 * values


values = st.sampled_from([f"v{number}" for number in range(300)])


@settings(deadline=None)
@given(st.lists(st.tuples(values, st.booleans()), max_size=1500), st.booleans())
def test_all_that_is_counted_makes_the_total_and_nothing_is_counted_too_often(
    clicks: Clicks, is_stored: bool
) -> None:
    counts = Counts()
    truth: dict[str, Tally] = {}
    left: set[str] = set()
    for number, (value, is_unique) in enumerate(clicks):
        before = set(counts.by.get(REFERRER, ()))
        counts.add({REFERRER: value}, Tally(1, int(is_unique)))
        left |= before - set(counts.by[REFERRER])
        truth[value] = truth.get(value, NOTHING) + Tally(1, int(is_unique))
        if is_stored and number % 100 == 0:
            counts = to_counts(from_counts(counts))
    tallies = counts.by.get(REFERRER, {})
    assert sum(tallies.values(), NOTHING) == counts.total == sum(truth.values(), NOTHING)
    for value, tally in tallies.items():
        if value != OTHER:
            assert tally.clicks <= truth[value].clicks
            assert value in left or tally == truth[value]
    assert len(tallies) - (OTHER in tallies) == min(MAX_VALUES, len(truth))


def test_the_destinations_own_values_always_keep_their_place() -> None:
    dimension = Dimension.UTM_SOURCE
    counts = Counts()
    for number in range(30):
        counts.add({dimension: f"genuine-{number}"}, Tally(1, 1), {dimension})
    for value, is_unique in invented(500, times=3):
        counts.add({dimension: value}, Tally(1, int(is_unique)))
        counts = to_counts(from_counts(counts))
    assert found(counts, dimension) == 30
    assert counts.total == sum(counts.by[dimension].values(), NOTHING)


def test_more_own_values_than_places_are_bounded_too() -> None:
    dimension, counts = Dimension.UTM_CAMPAIGN, Counts()
    for number in range(3 * MAX_VALUES):
        for _ in range(1 + (number < 20)):
            counts.add({dimension: f"own-{number}"}, Tally(1, 1), {dimension})
    kept = counts.by[dimension]
    assert len(kept) == MAX_VALUES + 1
    assert counts.own[dimension] == set(kept) - {OTHER}
    assert {f"own-{number}" for number in range(20)} <= set(kept)


def test_links_with_the_most_clicks_keep_their_place_among_many_links() -> None:
    counts = Counts()
    for number in range(3 * MAX_LINKS):
        counts.add({Dimension.LINK: f"link-{number}"}, Tally(1, 1))
        counts.add({Dimension.LINK: f"busy-{number % 20}"}, Tally(1, 1))
    tallies = counts.by[Dimension.LINK]
    assert len(tallies) == MAX_LINKS + 1
    assert [tallies[f"busy-{number}"].clicks for number in range(20)] == [150] * 20


def test_a_value_that_is_called_other_takes_no_place() -> None:
    counts = counted([(OTHER, True), *genuine(MAX_VALUES, MAX_VALUES), (OTHER, False)])
    assert found(counts) == MAX_VALUES
    assert counts.by[REFERRER][OTHER] == Tally(2, 1)


def test_what_an_earlier_version_stored_is_read() -> None:
    item = from_counts(counted(genuine(3, 9)))
    assert set(item) == {"clicks", "unique", "counts"}
    assert to_counts(item) == counted(genuine(3, 9))


def clicked(country: str, kind: AgentKind, *, unique: bool) -> tuple[dict[Dimension, str], Tally]:
    device = DeviceType.BOT if kind is AgentKind.BOT else DeviceType.DESKTOP
    values = {Dimension.COUNTRY: country, Dimension.AGENT: kind, Dimension.DEVICE: device}
    return values, Tally(1, int(unique))


kinds_of_clicks = st.lists(
    st.builds(
        clicked,
        st.sampled_from([f"c{number}" for number in range(130)]),
        st.sampled_from(AgentKind),
        unique=st.booleans(),
    ),
    max_size=400,
)


def assert_divided(counts: Counts) -> None:
    """In every dimension people's and bots' are all, and none has more visitors than clicks."""
    for bots in Bots:
        found = counts.counting(bots)
        for tallies in found.by.values():
            assert sum(tallies.values(), NOTHING) == found.total
            for tally in tallies.values():
                assert 0 <= tally.unique <= tally.clicks
                assert 0 <= tally.bot_unique <= tally.bot_clicks <= tally.clicks
    people, bots_only = counts.counting(Bots.EXCLUDE), counts.counting(Bots.ONLY)
    assert people.total + bots_only.total == counts.total
    assert people.total.bot_clicks == bots_only.total.human_clicks == 0


@settings(deadline=None)
@given(kinds_of_clicks)
def test_clicks_of_bots_are_told_apart_by_every_value_also_when_stored(
    clicks: list[tuple[dict[Dimension, str], Tally]],
) -> None:
    counts = Counts()
    for number, (values, tally) in enumerate(clicks):
        counts.add(values, tally)
        if number % 50 == 0:
            counts = to_counts(from_counts(counts))
    assert to_counts(from_counts(counts)) == counts
    assert_divided(counts)
    kinds = [values[Dimension.AGENT] for values, _ in clicks]
    assert counts.total.human_clicks == kinds.count(AgentKind.HUMAN)


@settings(deadline=None)
@given(kinds_of_clicks, kinds_of_clicks)
def test_counters_of_before_divide_their_bots_in_proportion_and_go_on(
    before: list[tuple[dict[Dimension, str], Tally]],
    after: list[tuple[dict[Dimension, str], Tally]],
) -> None:
    counts = Counts()
    for values, tally in before:
        counts.add(values, tally)
    old = from_counts(counts)
    old.pop("bots", None)
    read = to_counts(old)
    assert read.total == counts.total
    for dimension in (Dimension.AGENT, Dimension.DEVICE):
        device_bot = DeviceType.BOT.value
        assert read.tally(dimension, device_bot) == counts.tally(dimension, device_bot)
    assert_divided(read)
    for values, tally in after:
        read.add(values, tally)
        counts.add(values, tally)
    stored = to_counts(from_counts(read))
    assert stored == read
    assert stored.total == counts.total
    assert_divided(stored)


def test_what_versions_before_read_is_as_they_wrote_it() -> None:
    counts = Counts()
    for kind in (AgentKind.HUMAN, AgentKind.BOT):
        counts.add(*clicked("DE", kind, unique=True))
    by = json.loads(zlib.decompress(from_counts(counts)["counts"]["B"]))
    assert by["country"] == {"DE": [2, 2]}


@pytest.mark.parametrize("kind", AgentKind)
def test_nothing_more_is_stored_where_all_clicks_are_of_one_kind(kind: AgentKind) -> None:
    counts = Counts()
    for country in ("DE", "FR"):
        counts.add(*clicked(country, kind, unique=True))
    item = from_counts(counts)
    assert "bots" not in item
    assert to_counts(item) == counts
