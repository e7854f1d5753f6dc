"""A click counts for the campaign that its link was in at that moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from jmpy.clicks.item import account_subject, campaign_subject, link_subject
from jmpy.clicks.model import Dimension
from jmpy.clicks.reader import ClickReader
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from jmpy.redirect.lookup import RedirectLookup
from project.clicks import AT, click, expected, traffic, visitors, without_unique
from project.tables import CLICKS, LINKS, SALTS
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clicks.counts import Counts
    from jmpy.clicks.model import Click

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
URL = "https://example.com/"


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(LinkStore(dynamodb, LINKS))


@pytest.fixture
def recorder(dynamodb: DynamoDBClient) -> ClickRecorder:
    return ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, retention_days=30))


@pytest.fixture
def reader(dynamodb: DynamoDBClient) -> ClickReader:
    return ClickReader(dynamodb, CLICKS)


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
    recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks
) -> None:
    """In several batches, each delivered twice, while links move between campaigns."""
    some = [links.create("a", NewLink(URL)).id for _ in range(3)]
    clicks = traffic(300, some, campaigns=["spring", "autumn", None])
    for start in range(0, 300, 50):
        for _ in range(2):
            assert recorder.record(clicks[start : start + 50]) == set()
    for campaign_id in ("spring", "autumn"):
        assert_counted(reader, campaign_id, clicks)
    of_account = counted(reader, account_subject("a"))
    assert of_account.total.clicks == 300
    assert of_account.total.unique == visitors(clicks)
    for campaign_id in ("spring", "autumn"):
        of_campaign = counted(reader, campaign_subject(campaign_id)).total
        assert of_account.tally(Dimension.CAMPAIGN, campaign_id) == of_campaign
        assert of_campaign.clicks == 100


def test_a_link_that_moves_takes_no_history_along(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, reader: ClickReader, links: SomebodysLinks
) -> None:
    link = links.create("a", NewLink(URL, campaign_id="spring"))
    assert follow_and_count(dynamodb, recorder, link.short_code, 1) == "spring"
    links.change("a", link.id, {"campaign_id": "autumn"})
    assert follow_and_count(dynamodb, recorder, link.short_code, 2) == "autumn"
    links.change("a", link.id, {"campaign_id": None})
    assert follow_and_count(dynamodb, recorder, link.short_code, 3) is None
    for campaign_id in ("spring", "autumn"):
        of_campaign = counted(reader, campaign_subject(campaign_id))
        assert of_campaign.total.clicks == 1
        assert of_campaign.tally(Dimension.LINK, link.id).clicks == 1
    assert counted(reader, link_subject(link.id)).total.clicks == 3
    stored = [entry.campaign_id for entry in reader.clicks_of_link(link.id)]
    assert stored == [None, "autumn", "spring"]


def follow_and_count(
    dynamodb: DynamoDBClient, recorder: ClickRecorder, code: str, number: int
) -> str | None:
    """As a redirect does that has nothing in its cache. Returns the campaign of the click."""
    target = RedirectLookup(dynamodb, LINKS, SALTS).follow(code)
    sent = click(number, link=target.link_id, at=AT + number)
    assert recorder.record([replace(sent, campaign_id=target.campaign_id)]) == set()
    return target.campaign_id
