"""Links that join, change and leave campaigns: memberships and counts follow the links exactly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jmpy.links.bulk import BulkService, Plan, Row
from jmpy.links.errors import UnknownCampaign
from jmpy.links.new_link import NewLink, ProcessedLink
from jmpy.links.store import LinkStore
from jmpy.uuid7 import uuid7
from project.tables import LINKS
from tests.integration.campaigns import create_campaign, delete_campaign, link_count, members
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

URL = "https://example.com/"
GONE = uuid7(1_700_000_000)


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore) -> SomebodysLinks:
    return SomebodysLinks(store)


@pytest.fixture
def autumn(dynamodb: DynamoDBClient) -> str:
    return create_campaign(dynamodb, "a")


@pytest.fixture
def winter(dynamodb: DynamoDBClient) -> str:
    return create_campaign(dynamodb, "a")


def test_a_link_is_created_in_a_campaign_and_leaves_it_when_it_is_deleted(
    links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str
) -> None:
    link = links.create("a", NewLink(URL, campaign_id=autumn))
    assert members(dynamodb, "a", autumn) == [link.id]
    assert link_count(dynamodb, "a", autumn) == 1
    links.remove("a", link.id)
    assert members(dynamodb, "a", autumn) == []
    assert link_count(dynamodb, "a", autumn) == 0


def test_a_link_moves_between_campaigns(
    links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str, winter: str
) -> None:
    link = links.create("a", NewLink(URL))
    for campaign_id in (autumn, winter, winter, None, autumn):
        changed = links.change("a", link.id, {"campaign_id": campaign_id})
        assert changed.campaign_id == campaign_id
        for campaign in (autumn, winter):
            wanted = [link.id] if campaign == campaign_id else []
            assert members(dynamodb, "a", campaign) == wanted
            assert link_count(dynamodb, "a", campaign) == len(wanted)


def test_another_change_leaves_a_link_in_its_campaign(
    links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str
) -> None:
    link = links.create("a", NewLink(URL, campaign_id=autumn))
    links.change("a", link.id, {"custom_alias": "other", "name": "Other"})
    assert members(dynamodb, "a", autumn) == [link.id]
    assert link_count(dynamodb, "a", autumn) == 1


def test_no_link_joins_a_campaign_that_does_not_exist_or_is_anothers(
    links: SomebodysLinks, store: LinkStore, dynamodb: DynamoDBClient
) -> None:
    theirs = create_campaign(dynamodb, "b")
    link = links.create("a", NewLink(URL))
    for campaign_id in (GONE, theirs):
        with pytest.raises(UnknownCampaign):
            links.create("a", NewLink(URL, campaign_id=campaign_id))
        with pytest.raises(UnknownCampaign):
            links.change("a", link.id, {"campaign_id": campaign_id})
    assert store.count("a") == 1
    assert store.find("a", link.id) == link
    assert link_count(dynamodb, "b", theirs) == 0


def test_a_link_can_be_moved_and_deleted_when_its_campaign_is_gone(
    links: SomebodysLinks, store: LinkStore, dynamodb: DynamoDBClient, autumn: str, winter: str
) -> None:
    one, two, three = (links.create("a", NewLink(URL, campaign_id=autumn)) for _ in range(3))
    delete_campaign(dynamodb, "a", autumn)
    links.change("a", one.id, {"campaign_id": winter})
    links.change("a", two.id, {"campaign_id": None})
    links.remove("a", three.id)
    with pytest.raises(UnknownCampaign):
        links.change("a", one.id, {"campaign_id": autumn})
    assert members(dynamodb, "a", autumn) == []
    assert link_count(dynamodb, "a", autumn) == 0
    assert members(dynamodb, "a", winter) == [one.id]
    assert store.count("a") == 2


def test_many_links_are_created_in_campaigns_and_without(
    store: LinkStore, dynamodb: DynamoDBClient, autumn: str, winter: str
) -> None:
    row = Row(0, ProcessedLink(URL))
    campaigns = [autumn, winter, None, GONE, autumn]
    rows = [
        replace(row, number=number, link=replace(row.link, campaign_id=campaigns[number % 5]))
        for number in range(60)
    ]
    created, failures = BulkService(store).create("a", Plan(rows))
    assert [failure.number for failure in failures] == list(range(3, 60, 5))
    assert all(isinstance(failure.errors[0], UnknownCampaign) for failure in failures)
    for campaign, number in ((autumn, 24), (winter, 12)):
        ids = sorted(link.id for link in created if link.campaign_id == campaign)
        assert members(dynamodb, "a", campaign) == ids
        assert link_count(dynamodb, "a", campaign) == len(ids) == number
    assert store.count("a") == len(created) == 48
