"""A QR code leads to its link through a code of its own, and its scans are counted apart from the
clicks on the link."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from jmpy.clicks.classify import values_of
from jmpy.clicks.counts import Tally
from jmpy.clicks.item import account_subject, link_subject, moment, qr_subject
from jmpy.clicks.model import Dimension, Via, is_bot
from jmpy.clicks.reader import ClickReader
from jmpy.clicks.removal import ClickRemoval
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links.errors import AliasTaken, LinkDisabled, LinkNotFound, LinkTakenDown
from jmpy.links.item import qr_key
from jmpy.links.model import Link
from jmpy.links.new_link import NewLink
from jmpy.links.safety import Cause, Takedown, TakedownReason
from jmpy.links.store import LinkStore
from jmpy.qr.look import Look
from jmpy.qr.model import QrCode, QrImage
from jmpy.qr.store import QrCodeStore
from jmpy.redirect.lookup import RedirectLookup
from project.clicks import AT, click, expected, traffic, visitors, without_unique
from project.tables import CLICKS, LINKS, SALTS
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clicks.model import Click
    from jmpy.links.model import Target
    from jmpy.transaction import TransactionItem

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
URL = "https://example.com/"
IMAGE = QrImage(URL, Look())


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore) -> SomebodysLinks:
    return SomebodysLinks(store)


@pytest.fixture
def qr_codes(dynamodb: DynamoDBClient) -> QrCodeStore:
    return QrCodeStore(dynamodb, LINKS)


@pytest.fixture
def recorder(dynamodb: DynamoDBClient) -> ClickRecorder:
    return ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, retention_days=30))


@pytest.fixture
def reader(dynamodb: DynamoDBClient) -> ClickReader:
    return ClickReader(dynamodb, CLICKS)


@pytest.fixture
def follow(dynamodb: DynamoDBClient) -> Callable[[str], Target]:
    """As an execution environment does that has nothing in its cache."""
    return lambda code: RedirectLookup(dynamodb, LINKS, SALTS).follow(code)


def with_qr_code(
    links: SomebodysLinks, qr_codes: QrCodeStore, qr_id: str = "q", alias: str | None = None
) -> Link:
    def record(link: Link) -> list[TransactionItem]:
        qr_code = QrCode(qr_id, "a", "url", "{}", 0, 0, link_id=link.id, code=link.qr_code)
        return qr_codes.added(qr_code, IMAGE)

    return links.create("a", NewLink(URL, custom_alias=alias, qr_id=qr_id), also=record)


def code_of(link: Link) -> str:
    assert link.qr_code is not None
    return link.qr_code


def test_a_qr_code_leads_to_its_link_through_a_code_of_its_own(
    links: SomebodysLinks, qr_codes: QrCodeStore, follow: Callable[[str], Target]
) -> None:
    link = with_qr_code(links, qr_codes)
    assert code_of(link) != link.short_code
    assert follow(code_of(link)) == replace(follow(link.short_code), qr_id="q")
    assert follow(link.short_code).qr_id is None
    assert links.get("a", code_of(link)).id == link.id


def test_scans_follow_every_change_of_the_link_and_the_code_never_moves(
    links: SomebodysLinks, qr_codes: QrCodeStore, follow: Callable[[str], Target]
) -> None:
    link = with_qr_code(links, qr_codes, alias="first")
    changed = links.change("a", link.id, {"url": f"{URL}2", "custom_alias": "second"})
    assert changed.qr_code == link.qr_code
    assert follow(code_of(link)).url == follow("second").url == f"{URL}2"
    with pytest.raises(LinkNotFound):
        follow("first")
    links.change("a", link.id, {"disabled": True})
    with pytest.raises(LinkDisabled):
        follow(code_of(link))


def test_a_takedown_closes_both_ways(
    links: SomebodysLinks,
    store: LinkStore,
    qr_codes: QrCodeStore,
    follow: Callable[[str], Target],
) -> None:
    link = with_qr_code(links, qr_codes)
    store.change(link, {"takedowns": (Takedown(Cause.LINK, TakedownReason.PHISHING, "", 1, ""),)})
    for code in link.addresses:
        with pytest.raises(LinkTakenDown):
            follow(code)


@pytest.mark.parametrize("release", [False, True])
def test_the_qr_code_of_a_deleted_link_stays_and_leads_nowhere(
    links: SomebodysLinks,
    qr_codes: QrCodeStore,
    follow: Callable[[str], Target],
    release: bool,
) -> None:
    """And nobody else gets its code, which may be printed, even if the alias is released."""
    link = with_qr_code(links, qr_codes, alias="poster")
    links.remove("a", link.id, release=release)
    found = qr_codes.find("a", "q")
    assert found
    assert (found.link_id, found.code) == (None, link.qr_code)
    with pytest.raises(LinkNotFound):
        follow(code_of(link))
    with pytest.raises(AliasTaken):
        links.create("b", NewLink(URL, custom_alias=code_of(link)))


def test_a_code_that_a_qr_code_has_is_taken(links: SomebodysLinks, qr_codes: QrCodeStore) -> None:
    link = with_qr_code(links, qr_codes)
    with pytest.raises(AliasTaken):
        links.create("b", NewLink(URL, custom_alias=code_of(link)))
    with pytest.raises(AliasTaken):
        links.change("a", link.id, {"custom_alias": code_of(link)})


def test_links_with_and_without_qr_codes_are_added_in_one_batch(
    store: LinkStore, links: SomebodysLinks, qr_codes: QrCodeStore
) -> None:
    plain = links.create("a", NewLink(URL, custom_alias="plain"))
    old = links.create("a", NewLink(URL, custom_alias="taken"))
    new = [
        replace(plain, id="1", short_code="one"),
        replace(plain, id="2", short_code="two", qr_id="q2", qr_code="two-scans"),
        replace(plain, id="3", short_code="three", qr_id="q3", qr_code="taken"),
        replace(plain, id="4", short_code="plain"),
    ]

    def record(link: Link) -> list[TransactionItem]:
        if link.qr_id is None:
            return []
        qr_code = QrCode(link.qr_id, "a", "url", "{}", 0, 0, link_id=link.id)
        return qr_codes.added(qr_code, IMAGE)

    assert store.add_all(new, record).addresses == {"taken", "plain"}
    assert set(store.find_all("a", ["1", "2", "3", "4"])) == {"1", "2"}
    assert qr_codes.find("a", "q2")
    assert qr_codes.find("a", "q3") is None
    assert store.targets(["taken"])["taken"].link_id == old.id
    assert store.count("a") == 4


def assert_scans(
    reader: ClickReader, qr_codes: QrCodeStore, qr_id: str, clicks: list[Click]
) -> None:
    """Every count of the QR code is that of its scans among the clicks."""
    scans = [entry for entry in clicks if entry.qr_id == qr_id]
    subject = qr_subject(qr_id)
    days = reader.days(subject, FIRST, LAST)
    found = {(subject, when): counts for when, counts in days.items()}
    found |= {(subject, w): counts for w, counts in reader.hours(subject, START, END).items()}
    wanted = {place: counts for place, counts in expected(scans).items() if place[0] == subject}
    assert {place: without_unique(counts) for place, counts in found.items()} == wanted
    assert sum(counts.total.unique for counts in days.values()) == visitors(scans)
    record = qr_codes.find("a", qr_id)
    assert record
    assert record.scan_count == len(scans)
    assert record.unique_scan_count == visitors(scans)
    assert record.bot_count == sum(is_bot(values_of(entry)) for entry in scans)
    assert record.last_scanned_at == max(entry.at for entry in scans) // 1000


def test_scans_and_clicks_in_turns_are_counted_exactly(
    recorder: ClickRecorder,
    reader: ClickReader,
    store: LinkStore,
    links: SomebodysLinks,
    qr_codes: QrCodeStore,
) -> None:
    """In several batches, each delivered twice."""
    scanned = {with_qr_code(links, qr_codes, f"q{n}").id: f"q{n}" for n in range(2)}
    plain = links.create("a", NewLink(URL)).id
    clicks = traffic(300, [*scanned, plain], qr_codes=scanned)
    for start in range(0, 300, 50):
        for _ in range(2):
            assert recorder.record(clicks[start : start + 50]) == set()
    for link_id, qr_id in scanned.items():
        assert_scans(reader, qr_codes, qr_id, clicks)
        own = [entry for entry in clicks if entry.link_id == link_id]
        link = store.find("a", link_id)
        assert link
        assert link.click_count == len(own)
        stored = list(reader.clicks_of_link(link_id))
        assert sum(entry.is_unique for entry in stored) == visitors(own)
        scans = [entry for entry in stored if entry.qr_id == qr_id]
        assert sum(entry.is_unique_scan for entry in scans) == visitors(
            [entry for entry in own if entry.qr_id]
        )
        assert {entry.id for entry in scans} == {entry.id for entry in own if entry.qr_id}
    (counts,) = reader.days(account_subject("a"), FIRST, LAST).values()
    assert counts.total.clicks == len(clicks)
    scans_of_all = sum(entry.qr_id is not None for entry in clicks)
    assert counts.tally(Dimension.VIA, Via.QR_CODE).clicks == scans_of_all


def test_a_visitor_who_clicks_and_scans_is_one_of_the_link_and_one_of_its_qr_code(
    recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks, qr_codes: QrCodeStore
) -> None:
    link = with_qr_code(links, qr_codes)
    clicked = replace(
        click(1, link=link.id), user_agent="Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36"
    )
    scans = [replace(clicked, id=f"s{n}", at=AT + n, qr_id="q") for n in range(2)]
    recorder.record([clicked, *scans])
    (of_link,) = reader.days(link_subject(link.id), FIRST, LAST).values()
    (of_code,) = reader.days(qr_subject("q"), FIRST, LAST).values()
    assert (of_link.total.clicks, of_link.total.unique) == (3, 1)
    assert (of_code.total.clicks, of_code.total.unique) == (2, 1)


def test_a_qr_code_deleted_between_reading_and_writing_is_not_counted(
    dynamodb: DynamoDBClient, links: SomebodysLinks, qr_codes: QrCodeStore, reader: ClickReader
) -> None:
    """The click remains one of the link."""
    link = with_qr_code(links, qr_codes)
    writer = ClickStore(dynamodb, CLICKS, LINKS, 30)
    scan = replace(click(1, link=link.id), qr_id="q")
    ledger = writer.load([scan], 0)
    ledger.add(scan, {})
    dynamodb.delete_item(TableName=LINKS, Key=qr_key("a", "q"))
    assert not writer.save(ledger)
    assert ClickRecorder(writer).record([scan]) == set()
    assert reader.days(qr_subject("q"), FIRST, LAST) == {}
    (of_link,) = reader.days(link_subject(link.id), FIRST, LAST).values()
    assert of_link.total == Tally.of_bots(1, 1)  # no user agent


def test_the_counters_of_a_deleted_qr_code_are_removed_and_the_links_remain(
    dynamodb: DynamoDBClient,
    recorder: ClickRecorder,
    reader: ClickReader,
    links: SomebodysLinks,
    qr_codes: QrCodeStore,
) -> None:
    link = with_qr_code(links, qr_codes)
    recorder.record([replace(click(1, link=link.id), qr_id="q")])
    assert ClickRemoval(dynamodb, CLICKS).remove_scans("q") == 2
    assert reader.days(qr_subject("q"), FIRST, LAST) == {}
    (of_link,) = reader.days(link_subject(link.id), FIRST, LAST).values()
    assert of_link.total.clicks == 1
    assert {moment(entry.at) for entry in reader.clicks_of_link(link.id)} == {moment(AT)}
