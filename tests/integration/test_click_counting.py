"""Clicks are counted once each, whatever fails, comes twice, or happens at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from jmpy.clicks import counting as ledgers
from jmpy.clicks.classify import values_of
from jmpy.clicks.counts import Tally
from jmpy.clicks.item import account_subject, link_subject
from jmpy.clicks.model import Dimension, is_bot
from jmpy.clicks.reader import ClickReader
from jmpy.clicks.removal import ClickRemoval
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project.clicks import AT, Totals, click, expected, traffic, visitors, without_unique
from project.tables import CLICKS, LINKS
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clicks.model import Click

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore) -> SomebodysLinks:
    return SomebodysLinks(store)


@pytest.fixture
def recorder(dynamodb: DynamoDBClient) -> ClickRecorder:
    return ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, retention_days=30))


@pytest.fixture
def reader(dynamodb: DynamoDBClient) -> ClickReader:
    return ClickReader(dynamodb, CLICKS)


@pytest.fixture
def some_links(links: SomebodysLinks) -> list[str]:
    return [links.create("a", NewLink("https://example.com/")).id for _ in range(5)]


def assert_counted(reader: ClickReader, clicks: list[Click], store: LinkStore) -> None:
    """Every total, by every dimension, in every day and hour, is that of these clicks."""
    found: Totals = {}
    subjects = {link_subject(entry.link_id) for entry in clicks} | {account_subject("a")}
    for subject in subjects:
        for when, counts in reader.days(subject, FIRST, LAST).items():
            found[subject, when] = counts
        for when, counts in reader.hours(subject, START, END).items():
            found[subject, when] = counts
    unique = sum(
        counts.total.unique
        for (subject, when), counts in found.items()
        if subject == account_subject("a") and not isinstance(when, datetime)
    )
    assert unique == visitors(clicks)
    assert {place: without_unique(counts) for place, counts in found.items()} == expected(clicks)
    for link_id in {entry.link_id for entry in clicks}:
        own = [entry for entry in clicks if entry.link_id == link_id]
        link = store.find("a", link_id)
        assert link
        assert link.click_count == len(own)
        assert link.bot_count == sum(is_bot(values_of(entry)) for entry in own)
        assert link.last_clicked_at == max(entry.at for entry in own) // 1000
        kept = list(reader.clicks_of_link(link_id))
        assert sorted(entry.id for entry in kept) == sorted(entry.id for entry in own)
        assert sum(entry.is_unique for entry in kept) == visitors(own)


def test_every_click_is_counted_by_every_dimension(
    recorder: ClickRecorder, reader: ClickReader, store: LinkStore, some_links: list[str]
) -> None:
    clicks = traffic(300, some_links)
    assert recorder.record(clicks) == set()
    assert_counted(reader, clicks, store)


def test_an_empty_batch_counts_nothing(recorder: ClickRecorder) -> None:
    assert recorder.record([]) == set()


def failing_once(transact: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """Every transaction fails the first time: before it was made, or when its answer was lost."""
    seen: set[str] = set()

    def call(**request: Any) -> Any:
        known = str(sorted(str(write) for write in request["TransactItems"]))
        is_first = known not in seen
        seen.add(known)
        if is_first and not after:
            error: Any = {"Error": {"Code": "InternalServerError", "Message": "injected"}}
            raise ClientError(error, "TransactWriteItems")
        response = transact(**request)
        if is_first:
            raise ReadTimeoutError(endpoint_url="injected")
        return response

    return call


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_every_write_fails_once_and_every_message_comes_twice(  # noqa: PLR0917 - fixtures
    dynamodb: DynamoDBClient,
    recorder: ClickRecorder,
    reader: ClickReader,
    store: LinkStore,
    some_links: list[str],
    monkeypatch: pytest.MonkeyPatch,
    after: bool,
) -> None:
    clicks = traffic(300, some_links)
    monkeypatch.setattr(
        dynamodb,
        "transact_write_items",
        failing_once(dynamodb.transact_write_items, after=after),
    )
    deliveries = clicks * 2
    failures = 0
    for start in range(0, len(deliveries), 90):
        batch = deliveries[start : start + 90]
        while batch:
            failed = recorder.record(batch)
            batch = [entry for entry in batch if entry.id in failed]
            failures += len(batch)
    assert failures >= len(clicks)
    assert_counted(reader, clicks, store)


def test_what_was_counted_is_known_again_in_another_batch_and_order(
    recorder: ClickRecorder, reader: ClickReader, store: LinkStore, some_links: list[str]
) -> None:
    clicks = traffic(200, some_links)
    recorder.record(clicks)
    recorder.record([*reversed(clicks[::2]), *clicks[::3]])
    assert_counted(reader, clicks, store)


def test_batches_at_once_lose_nothing(
    dynamodb: DynamoDBClient, reader: ClickReader, store: LinkStore, some_links: list[str]
) -> None:
    """Each batch is counted by an execution environment of its own; they overlap in what they
    bring."""
    clicks = traffic(240, some_links)
    batches = [clicks[start::4] + clicks[start + 1 :: 8] for start in range(4)]
    left: list[set[str]] = []

    def work(batch: list[Click]) -> None:
        waiting, recorder = batch, ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30))
        for _ in range(20):
            failed = recorder.record(waiting)
            waiting = [entry for entry in waiting if entry.id in failed]
            if not waiting:
                return
        left.append({entry.id for entry in waiting})

    threads = [threading.Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left == []
    assert_counted(reader, clicks, store)


def test_another_batch_between_reading_and_writing_is_counted_too(
    dynamodb: DynamoDBClient, reader: ClickReader, store: LinkStore, some_links: list[str]
) -> None:
    clicks = traffic(60, some_links)
    first, second = clicks[:30], clicks[30:]
    late = ClickStore(dynamodb, CLICKS, LINKS, 30)
    whole = late.load
    other = ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30))

    def load(clicks: Any, shard: int) -> Any:
        loaded = whole(clicks, shard)
        if not list(reader.clicks_of_account("a")):
            assert other.record(second) == set()
        return loaded

    late.load = load  # type: ignore[method-assign]
    assert ClickRecorder(late).record(first) == set()
    assert_counted(reader, clicks, store)


def test_accounts_that_meet_others_at_a_counter_begin_another(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, reader: ClickReader, some_links: list[str]
) -> None:
    writer = ClickStore(dynamodb, CLICKS, LINKS, 30)
    entries = [click(number, link=some_links[0]) for number in range(2)]
    for shard, entry in enumerate(entries):
        ledger = writer.load([entry], shard)
        ledger.add(entry, {})
        assert writer.save(ledger)
    (counts,) = reader.days(account_subject("a"), FIRST, LAST).values()
    assert counts.total == Tally(2, 2)
    assert counts.tally(Dimension.LINK, some_links[0]) == Tally(2, 2)


def test_pages_overflow_into_others(
    recorder: ClickRecorder,
    reader: ClickReader,
    store: LinkStore,
    some_links: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledgers, "CLICKS_PER_PAGE", 7)
    monkeypatch.setattr(ledgers, "VISITORS_PER_PAGE", 5)
    # All within a minute, so that they share a page.
    clicks = traffic(100, some_links[:2], seconds=50)
    for start in range(0, 100, 20):
        recorder.record(clicks[start : start + 20])
        recorder.record(clicks[start : start + 10])
    assert_counted(reader, clicks, store)


def test_a_busy_minute_of_one_link_is_one_batch(
    recorder: ClickRecorder, reader: ClickReader, store: LinkStore, some_links: list[str]
) -> None:
    clicks = traffic(2000, some_links[:1], seconds=5)
    assert recorder.record(clicks) == set()
    assert_counted(reader, clicks, store)


def test_the_clicks_of_a_deleted_link_are_gone_and_keep_no_other_waiting(
    dynamodb: DynamoDBClient,
    recorder: ClickRecorder,
    reader: ClickReader,
    links: SomebodysLinks,
    some_links: list[str],
) -> None:
    gone, kept = some_links[:2]
    clicks = traffic(40, [gone, kept])
    recorder.record(clicks[:20])
    links.remove("a", gone)
    removed = ClickRemoval(dynamodb, CLICKS).remove(gone)
    assert removed > 0
    assert recorder.record(clicks) == set()
    items = dynamodb.scan(TableName=CLICKS)["Items"]
    assert not [item for item in items if gone in item["pk"]["S"]]
    own = [entry for entry in clicks if entry.link_id == kept]
    assert sum(
        counts.total.clicks for counts in reader.days(link_subject(kept), FIRST, LAST).values()
    ) == len(own)


def test_a_link_deleted_between_reading_and_writing_gets_no_analytics(
    dynamodb: DynamoDBClient, links: SomebodysLinks, some_links: list[str]
) -> None:
    writer = ClickStore(dynamodb, CLICKS, LINKS, 30)
    entry = click(link=some_links[0])
    ledger = writer.load([entry], 0)
    ledger.add(entry, {})
    links.remove("a", some_links[0])
    assert not writer.save(ledger)
    assert dynamodb.scan(TableName=CLICKS)["Items"] == []


def test_an_account_in_trouble_keeps_no_other_from_being_counted(
    dynamodb: DynamoDBClient,
    recorder: ClickRecorder,
    reader: ClickReader,
    links: SomebodysLinks,
    some_links: list[str],
) -> None:
    other = links.create("b", NewLink("https://example.com/")).id
    # Whatever made it so, this counter cannot be read.
    dynamodb.put_item(
        TableName=CLICKS,
        Item={"pk": {"S": "account#b"}, "sk": {"S": "day#2027-01-15#00"}, "v": {"N": "1"}},
    )
    fine = [click(number, link=some_links[0]) for number in range(3)]
    bad = click(99, link=other, account="b")
    assert recorder.record([bad, *fine]) == {bad.id}
    (counts,) = reader.days(account_subject("a"), FIRST, LAST).values()
    assert counts.total == Tally.of_bots(3, 3)  # no user agent


def test_without_time_left_clicks_wait(recorder: ClickRecorder, some_links: list[str]) -> None:
    clicks = traffic(10, some_links)
    assert recorder.record(clicks, lambda: False) == {entry.id for entry in clicks}


def test_a_late_click_does_not_turn_back_when_a_link_was_clicked_last(
    recorder: ClickRecorder, store: LinkStore, some_links: list[str]
) -> None:
    recorder.record([click(1, link=some_links[0])])
    recorder.record([replace(click(2, link=some_links[0]), at=AT - 86_400_000)])
    link = store.find("a", some_links[0])
    assert link
    assert (link.click_count, link.last_clicked_at) == (2, AT // 1000)


def expiries(dynamodb: DynamoDBClient) -> Iterable[tuple[str, float | None]]:
    """Of every item: its kind, and the days from its day to its end."""
    start = datetime(2027, 1, 15, tzinfo=UTC).timestamp()
    for item in dynamodb.scan(TableName=CLICKS)["Items"]:
        kind = item["sk"]["S"].split("#")[0] if "counts" in item else item["pk"]["S"].split("#")[0]
        ends = item.get("expires_ttl")
        yield kind, None if ends is None else (int(ends["N"]) - start) / 86400 - 1


def test_what_is_kept_is_bounded(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, some_links: list[str]
) -> None:
    recorder.record([click(link=some_links[0])])
    assert set(expiries(dynamodb)) == {
        ("day", None),
        ("hour", 90),
        ("clicks", 30),
        ("visitors", 15),
    }


def test_no_item_grows_with_what_visitors_make_up(
    recorder: ClickRecorder, reader: ClickReader, some_links: list[str]
) -> None:
    clicks = [
        replace(click(number, link=some_links[0]), referrer=f"{number}.example")
        for number in range(150)
    ]
    recorder.record(clicks)
    (counts,) = reader.days(link_subject(some_links[0]), FIRST, LAST).values()
    tallies = counts.by[Dimension.REFERRER]
    assert len(tallies) == 101
    assert tallies["(other)"].clicks == 50
    assert sum(tally.clicks for tally in tallies.values()) == counts.total.clicks == 150


def test_a_flood_on_one_account_delays_no_other(
    recorder: ClickRecorder, links: SomebodysLinks, store: LinkStore, reader: ClickReader
) -> None:
    flooded = links.create("a", NewLink("https://example.com/"))
    quiet = links.create("z", NewLink("https://example.com/"))
    flood = [click(number, link=flooded.id) for number in range(50)]
    few = [click(number, link=quiet.id, account="z") for number in range(50, 53)]
    checks = iter([True] * 3)
    left = recorder.record([*flood, *few], lambda: next(checks, False))
    assert left == {entry.id for entry in flood}
    (counts,) = reader.days(account_subject("z"), FIRST, LAST).values()
    assert counts.total.clicks == 3
    assert recorder.record(flood) == set()
    assert_counted(reader, flood, store)
