"""A click counts for the campaign that its link was in at that moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from jmpy.campaigns.item import campaign_key
from jmpy.campaigns.store import CampaignStore
from jmpy.clicks.item import account_subject, campaign_subject, link_subject
from jmpy.clicks.model import Dimension, Via
from jmpy.clicks.reader import ClickReader
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from jmpy.redirect.lookup import RedirectLookup
from project import functions
from project.clicks import AT, click, expected, traffic, visitors, without_unique
from project.functions import LambdaContext
from project.tables import CLICKS, LINKS, SALTS
from tests.integration.campaigns import click_count, create_campaign, delete_campaign, members
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clicks.counts import Counts
    from jmpy.clicks.model import Click

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
URL = "https://example.com/"
SPRING, AUTUMN = "019b7a2c-0000-7000-8000-000000000001", "019b7a2c-0000-7000-8000-000000000002"


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(LinkStore(dynamodb, LINKS))


@pytest.fixture
def recorder(dynamodb: DynamoDBClient) -> ClickRecorder:
    return ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, retention_days=30))


@pytest.fixture
def reader(dynamodb: DynamoDBClient) -> ClickReader:
    return ClickReader(dynamodb, CLICKS)


@pytest.fixture(autouse=True)
def campaigns(dynamodb: DynamoDBClient) -> None:
    for campaign_id in (SPRING, AUTUMN):
        create_campaign(dynamodb, "a", campaign_id, campaign_id)


def counted(reader: ClickReader, subject: str) -> Counts:
    (counts,) = reader.days(subject, FIRST, LAST).values()
    return counts


def assert_counted(reader: ClickReader, campaign_id: str, clicks: list[Click]) -> None:
    """Every count of the campaign is that of its clicks among these, by every dimension, in every
    day and hour."""
    own = [entry for entry in clicks if entry.campaign_id == campaign_id]
    subject = campaign_subject(campaign_id)
    days = reader.days(subject, FIRST, LAST)
    found = {(subject, when): counts for when, counts in days.items()}
    found |= {(subject, w): counts for w, counts in reader.hours(subject, START, END).items()}
    wanted = {place: counts for place, counts in expected(own).items() if place[0] == subject}
    assert {place: without_unique(counts) for place, counts in found.items()} == wanted


def test_clicks_on_links_of_several_campaigns_are_counted_exactly(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks
) -> None:
    """In several batches, each delivered twice, while links move between campaigns."""
    some = [links.create("a", NewLink(URL)).id for _ in range(3)]
    clicks = traffic(300, some, campaigns=[SPRING, AUTUMN, None])
    for start in range(0, 300, 50):
        for _ in range(2):
            assert recorder.record(clicks[start : start + 50]) == set()
    for campaign_id in (SPRING, AUTUMN):
        assert_counted(reader, campaign_id, clicks)
    of_account = counted(reader, account_subject("a"))
    assert of_account.total.clicks == 300
    assert of_account.total.unique == visitors(clicks)
    for campaign_id in (SPRING, AUTUMN):
        of_campaign = counted(reader, campaign_subject(campaign_id)).total
        assert of_account.tally(Dimension.CAMPAIGN, campaign_id) == of_campaign
        numbers = CampaignStore(dynamodb, LINKS).numbers("a", campaign_id, campaign_id)
        assert numbers[campaign_id].clicks == of_campaign.clicks == 100
        assert numbers[campaign_id].bots == of_campaign.bot_clicks


def test_a_link_that_moves_takes_no_history_along(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks
) -> None:
    link = links.create("a", NewLink(URL, campaign_id=SPRING))
    assert follow_and_count(dynamodb, recorder, link.short_code, 1) == SPRING
    links.change("a", link.id, {"campaign_id": AUTUMN})
    assert follow_and_count(dynamodb, recorder, link.short_code, 2) == AUTUMN
    links.change("a", link.id, {"campaign_id": None})
    assert follow_and_count(dynamodb, recorder, link.short_code, 3) is None
    for campaign_id in (SPRING, AUTUMN):
        of_campaign = counted(reader, campaign_subject(campaign_id))
        assert of_campaign.total.clicks == 1
        assert of_campaign.tally(Dimension.LINK, link.id).clicks == 1
    assert counted(reader, link_subject(link.id)).total.clicks == 3
    stored = [entry.campaign_id for entry in reader.clicks_of_link(link.id)]
    assert stored == [None, AUTUMN, SPRING]


def follow_and_count(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, code: str, number: int
) -> str | None:
    """As a redirect does that has nothing in its cache. Returns the campaign of the click."""
    target = RedirectLookup(dynamodb, LINKS, SALTS).follow(code)
    sent = click(number, link=target.link_id, at=AT + number)
    assert recorder.record([replace(sent, campaign_id=target.campaign_id)]) == set()
    return target.campaign_id


def test_a_scan_counts_for_the_campaign_too(
    recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks
) -> None:
    link = links.create("a", NewLink(URL))
    clicked = replace(click(link=link.id), campaign_id=SPRING)
    recorder.record([clicked, replace(clicked, id="scan", qr_id="q")])
    of_campaign = counted(reader, campaign_subject(SPRING))
    assert of_campaign.total.clicks == 2
    assert of_campaign.tally(Dimension.VIA, Via.QR_CODE).clicks == 1


def test_batches_that_count_for_one_campaign_at_once_do_so_in_several_shards(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks
) -> None:
    """One of them loses, and counts elsewhere."""
    writer = ClickStore(dynamodb, CLICKS, LINKS, 30)
    some = [
        replace(click(n, link=links.create("a", NewLink(URL)).id), campaign_id=SPRING)
        for n in range(2)
    ]
    ledgers = [writer.load([entry], shard) for entry, shard in zip(some, (0, 0), strict=True)]
    for entry, ledger in zip(some, ledgers, strict=True):
        ledger.add(entry, {})
    assert [writer.save(ledger) for ledger in ledgers] == [True, False]
    again = writer.load(some[1:], 5)
    again.add(some[1], {})
    assert writer.save(again)
    assert counted(reader, campaign_subject(SPRING)).total.clicks == 2
    assert click_count(dynamodb, "a", SPRING) == 2


def test_a_campaign_deleted_between_reading_and_writing_is_not_counted(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks
) -> None:
    """The click remains one of the link, and of what the campaign was."""
    link = links.create("a", NewLink(URL, campaign_id=SPRING))
    writer = ClickStore(dynamodb, CLICKS, LINKS, 30)
    entry = replace(click(link=link.id), campaign_id=SPRING)
    ledger = writer.load([entry], 0)
    ledger.add(entry, {})
    delete_campaign(dynamodb, "a", SPRING)
    assert not writer.save(ledger)
    assert recorder.record([entry]) == set()
    assert reader.days(campaign_subject(SPRING), FIRST, LAST) == {}
    assert counted(reader, link_subject(link.id)).total.clicks == 1
    assert click_count(dynamodb, "a", SPRING) == 0


def removed(campaign_id: str) -> None:
    """As the stream delivers it."""
    record = {
        "eventID": "1", "eventName": "REMOVE", "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": campaign_key("a", campaign_id), "SequenceNumber": "1"},
    }  # fmt: skip
    app = functions.load("click_removal")
    assert app.handler({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}


def test_the_memberships_of_a_deleted_campaign_are_removed(
    dynamodb: DynamoDBClient, links: SomebodysLinks
) -> None:
    """All of them, however many, and a record that is delivered again finds none."""
    names = [f"member{number}" for number in range(30)]
    found = [links.create("a", NewLink(URL, name, campaign_id=SPRING)) for name in names]
    other = links.create("a", NewLink(URL, campaign_id=AUTUMN))
    delete_campaign(dynamodb, "a", SPRING)
    assert len(members(dynamodb, "a", SPRING)) == len(found)
    for _ in range(2):
        removed(SPRING)
        assert members(dynamodb, "a", SPRING) == []
    assert members(dynamodb, "a", AUTUMN) == [other.id]
    assert links.get("a", found[0].id).campaign_id is None
    links.change("a", found[0].id, {"campaign_id": AUTUMN})
    links.remove("a", found[1].id)
    assert members(dynamodb, "a", AUTUMN) == [found[0].id, other.id]


def test_the_counters_of_a_deleted_campaign_are_removed_and_its_links_remain(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks
) -> None:
    link = links.create("a", NewLink(URL, campaign_id=SPRING))
    entry = replace(click(link=link.id), campaign_id=SPRING)
    recorder.record([entry])
    delete_campaign(dynamodb, "a", SPRING)
    removed(SPRING)
    assert recorder.record([entry]) == set()
    assert reader.days(campaign_subject(SPRING), FIRST, LAST) == {}
    assert counted(reader, link_subject(link.id)).total.clicks == 1
    assert len(list(reader.clicks_of_link(link.id))) == 1
