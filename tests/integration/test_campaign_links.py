"""Links that join, change and leave campaigns: memberships and counts follow the links exactly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.links.bulk import BulkService, Plan, Row
from jmpy.links.errors import UnknownCampaign
from jmpy.links.new_link import NewLink, ProcessedLink
from jmpy.links.store import LinkStore
from project.tables import LINKS
from tests.integration.campaigns import create_campaign, delete_campaign, link_count, members
from tests.integration.resource_client import ResourceClient
from tests.integration.short_urls import PATH, Client, errors_of
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

URL = "https://example.com/"
GONE = "018bcfe5-6800-70df-9c40-dcab1bdbd5d5"


class BulkClient(ResourceClient):
    folder, path = "bulk", "/api/v1/bulk-urls"


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore) -> SomebodysLinks:
    return SomebodysLinks(store)


@pytest.fixture
def autumn(dynamodb: DynamoDBClient) -> str:
    return create_campaign(dynamodb, "a", "Autumn 2026")


@pytest.fixture
def winter(dynamodb: DynamoDBClient) -> str:
    return create_campaign(dynamodb, "a", "Winter")


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


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


def data(response: Response) -> Any:
    assert response.status in (200, 201), response
    return response.body["data"]


def test_a_request_names_a_campaign_by_id_or_name(client: Client, autumn: str) -> None:
    for reference in (autumn, autumn.upper(), "Autumn 2026", " aUTUMN 2026 "):
        link = client.create(url=URL, campaign_id=reference)
        assert link["campaign_id"] == autumn
        for campaign_id, shown in ((None, None), (reference, autumn)):
            changed = client("PATCH", link["id"], body={"campaign_id": campaign_id})
            assert data(changed)["campaign_id"] == shown


@pytest.mark.parametrize("reference", [GONE, "Winter", "\ud800", " ", "x" * 101, "a\nb", 5])
def test_an_unknown_campaign_is_an_error_of_its_field(client: Client, reference: Any) -> None:
    link = client.create(url=URL)
    for response in (
        client("POST", body={"url": URL, "campaign_id": reference}),
        client("PATCH", link["id"], body={"campaign_id": reference}),
    ):
        assert response.status == 422
        assert errors_of(response).keys() == {"campaign_id"}


def test_a_list_is_filtered_by_the_id_or_name_of_a_campaign(client: Client, autumn: str) -> None:
    link = client.create(url=URL, campaign_id=autumn)
    client.create(url=URL)
    for name in ("campaign_id", "campaignId"):
        for reference in (autumn, autumn.upper(), "Autumn 2026", "autumn 2026"):
            found = data(client("GET", query={name: reference}))["shortUrls"]
            assert [one["id"] for one in found] == [link["id"]]
        assert data(client("GET", query={name: "Winter"}))["shortUrls"] == []


def test_a_link_whose_campaign_was_deleted_shows_none(
    client: Client, dynamodb: DynamoDBClient, autumn: str, winter: str
) -> None:
    stays = client.create(url=URL, campaign_id=winter)
    link = client.create(url=URL, campaign_id=autumn)
    delete_campaign(dynamodb, "a", autumn)
    found = client.send("GET", f"{PATH}/lookup", query={"url": URL})
    shown = [
        data(client("GET", link["id"])),
        data(client("GET"))["shortUrls"][0],
        data(client("GET", query={"sort": "created_at", "order": "asc"}))["shortUrls"][1],
        data(found)["shortUrls"][1],
        data(client("PATCH", link["id"], body={"name": "Other"})),
    ]
    assert [one["id"] for one in shown] == [link["id"]] * 5
    assert [one["campaign_id"] for one in shown] == [None] * 5
    exported = client.send("GET", f"{PATH}/export").text
    assert autumn not in exported
    assert winter in exported
    assert data(client("GET", query={"campaign_id": autumn}))["shortUrls"] == []
    assert data(client("GET", stays["id"]))["campaign_id"] == winter


def test_an_upload_names_campaigns_and_an_unknown_one_is_an_error_of_its_row(
    dynamodb: DynamoDBClient, autumn: str
) -> None:
    rows = f"url,campaign_id\n{URL},Autumn 2026\n{URL},{autumn}\n{URL},Spring\n{URL},\n"
    uploaded = BulkClient().send("POST", f"{BulkClient.path}/create", body={"csv_content": rows})
    created, failed = data(uploaded)["created"], data(uploaded)["failed"]
    assert [link["campaign_id"] for link in created] == [autumn, autumn, None]
    assert [(row["row"], row["errors"][0]["field"]) for row in failed] == [(3, "campaign_id")]
    assert link_count(dynamodb, "a", autumn) == 2
