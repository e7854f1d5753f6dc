"""`/api/v1/campaigns/{id}/urls`: lists the links of a campaign, adds and removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.campaigns.links import AssignmentOutcome, CampaignLinks
from jmpy.links import listing
from jmpy.links.changes import LinkChanges
from jmpy.links.errors import LinkConflict
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from project import functions
from project.meter import Meter
from project.origins import SOMEBODY
from project.tables import LINKS
from tests.integration.campaigns import create_campaign, delete_campaign, link_count, members
from tests.integration.interleaved import before
from tests.integration.resource_client import ResourceClient
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

URL = "https://example.com/"
PATH = "/api/v1/campaigns"


class Client(ResourceClient):
    folder, path = "campaigns", PATH

    def urls(self, method: str, campaign: str, link: str | None = None, **sent: Any) -> Response:
        resource = f"{PATH}/{{id}}/urls" + ("" if link is None else "/{link_id}")
        path, parameters = functions.at(resource, campaign, link_id=link or "")
        return self.send(method, path, resource=resource, parameters=parameters, **sent)


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(LinkStore(dynamodb, LINKS))


@pytest.fixture
def autumn(dynamodb: DynamoDBClient) -> str:
    return create_campaign(dynamodb, "a")


def data(response: Response) -> Any:
    assert response.status == 200, response
    return response.body["data"]


def test_links_are_listed_the_newest_first_by_page_and_by_cursor(
    client: Client, links: SomebodysLinks, autumn: str
) -> None:
    ids = [links.create("a", NewLink(URL, campaign_id=autumn)).id for _ in range(5)]
    links.create("a", NewLink(URL))
    newest = ids[::-1]
    first = client.urls("GET", "Autumn%202026", query={"limit": "2"})
    assert [link["id"] for link in data(first)] == newest[:2]
    assert {link["campaign_id"] for link in data(first)} == {autumn}
    meta = first.body["meta"]
    assert meta | {"next_cursor": newest[1]} == meta == {
        "page": 1, "limit": 2, "total": 5, "total_pages": 3, "next_cursor": newest[1],
    }  # fmt: skip
    following = client.urls("GET", autumn, query={"limit": "2", "cursor": newest[1]})
    assert [link["id"] for link in data(following)] == newest[2:4]
    last = client.urls("GET", autumn, query={"limit": "2", "page": "3"})
    assert [link["id"] for link in data(last)] == newest[4:]
    assert last.body["meta"]["next_cursor"] is None
    assert data(client.urls("GET", autumn, query={"page": "9"})) == []
    assert client.urls("GET", autumn, query={"cursor": "x"}).status == 400


def test_page_one_costs_the_page_and_not_the_account(
    dynamodb: DynamoDBClient, links: SomebodysLinks, autumn: str
) -> None:
    client = boto3.client("dynamodb")
    service = CampaignLinks(LinkStore(client, LINKS), links, links.changes)
    meter, request, costs = Meter(client), listing.Request(limit=3), []
    meter.watch(client)
    for _ in range(3):
        for campaign_id in (autumn, autumn, autumn, None, None):
            links.create("a", NewLink(URL, campaign_id=campaign_id))
        meter.take()
        assert len(service.page("a", autumn, request).links) == 3
        costs.append(meter.take())
    assert costs[1] == costs[2]


def test_a_link_is_added_and_removed_and_again_changes_nothing(
    client: Client, links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str
) -> None:
    winter = create_campaign(dynamodb, "a", "Winter")
    link = links.create("a", NewLink(URL, "sale", campaign_id=winter))
    for reference in (link.id, "sale"):
        assert data(client.urls("PUT", autumn, reference))["campaign_id"] == autumn
        assert members(dynamodb, "a", autumn) == [link.id]
        assert [link_count(dynamodb, "a", one) for one in (autumn, winter)] == [1, 0]
    assert links.stored("a", "sale").version == 2
    assert data(client.urls("DELETE", winter, "sale"))["campaign_id"] == autumn
    for _ in range(2):
        assert data(client.urls("DELETE", "autumn%202026", "sale"))["campaign_id"] is None
    assert members(dynamodb, "a", autumn) == []
    assert link_count(dynamodb, "a", autumn) == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_link_that_changed_since_it_was_read_stays_as_it_is(
    client: Client, links: SomebodysLinks, autumn: str, method: str
) -> None:
    """By its own entity tag, which the response has, whether anything is to change or not."""
    there = autumn if method == "DELETE" else None
    links.create("a", NewLink(URL, "sale", campaign_id=there))
    links.change("a", "sale", {"name": "Sale"})

    def sent(tag: str) -> Response:
        return client.urls(method, autumn, "sale", headers={"If-Match": tag})

    assert (sent('"1"').status, sent("none").status) == (412, 400)
    assert links.get("a", "sale").campaign_id == there
    done = sent('"2"')
    assert (done.status, done.headers["etag"]) == (200, '"3"')
    assert (sent('"2"').status, sent('"3"').status) == (412, 200)
    assert (links.get("a", "sale").campaign_id is None) == (method == "DELETE")


def test_each_of_many_links_has_its_outcome(
    client: Client, links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str
) -> None:
    new, sale = links.create("a", NewLink(URL)), links.create("a", NewLink(URL, "sale"))
    there = links.create("a", NewLink(URL, campaign_id=autumn))
    links.create("b", NewLink(URL, "theirs"))
    sent = [new.id, "sale", there.id, "theirs", "lost", "sale"]
    found = data(client.urls("POST", autumn, body={"short_urls": sent}))
    assert [tuple(one.values()) for one in found.pop("short_urls")] == [
        (new.id, "assigned", new.id),
        ("sale", "assigned", sale.id),
        (there.id, "assigned_before", there.id),
        ("theirs", "not_found", None),
        ("lost", "not_found", None),
    ]
    assert found == {"total": 5, "assigned": 3, "failed": 2}
    assert members(dynamodb, "a", autumn) == sorted([new.id, sale.id, there.id])
    assert link_count(dynamodb, "a", autumn) == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"short_urls": []}, "short_urls"),
        ({"short_urls": ["x"] * 101}, "short_urls"),
        ({"short_urls": "sale"}, "short_urls"),
        ({"short_urls": [5]}, "short_urls.0"),
        ({"urls": ["sale"]}, "urls"),
        ({}, "short_urls"),
    ],
)
def test_what_is_sent_has_to_be_a_list_of_links(
    client: Client, autumn: str, body: dict[str, Any], field: str
) -> None:
    response = client.urls("POST", autumn, body=body)
    assert response.status == 422
    assert field in {error["field"] for error in response.body["error"]["details"]["errors"]}


def test_neither_a_campaign_nor_a_link_of_another_account_is_found(
    client: Client, links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str
) -> None:
    theirs = create_campaign(dynamodb, "b", "Theirs")
    links.create("a", NewLink(URL, "mine"))
    links.create("b", NewLink(URL, "theirs"))
    responses = [
        client.urls("GET", theirs),
        client.urls("POST", theirs, body={"short_urls": ["mine"]}),
        *(client.urls(method, theirs, "mine") for method in ("PUT", "DELETE")),
        *(client.urls(method, autumn, "theirs") for method in ("PUT", "DELETE")),
    ]
    assert {response.status for response in responses} == {404}


def test_each_link_counts_against_the_daily_limit(client: Client, autumn: str) -> None:
    sent = {"short_urls": [f"link-{number}" for number in range(7)]}
    one, many = client.urls("GET", autumn), client.urls("POST", autumn, body=sent)
    left = [int(response.headers["x-ratelimit-remaining"]) for response in (one, many)]
    assert left[0] - left[1] == 7


def test_no_link_is_assigned_after_the_time_limit_or_while_others_change_it(
    links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("one", "two"):
        links.create("a", NewLink(URL, code))

    def contended(*_: Any, **__: Any) -> Any:
        clock.append(100.0)
        raise LinkConflict

    clock = [0.0]
    monkeypatch.setattr(LinkChanges, "change", contended)
    service = CampaignLinks(
        LinkStore(dynamodb, LINKS), links, links.changes, lambda: clock[-1], time_limit=15
    )
    found = service.assign_each("a", autumn, ["one", "two"], by=SOMEBODY)
    assert [one.outcome for one in found] == [
        AssignmentOutcome.CONTENDED,
        AssignmentOutcome.NOT_ATTEMPTED,
    ]


def test_a_link_that_moves_while_it_is_removed_stays_where_it_moved(
    client: Client, links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    winter = create_campaign(dynamodb, "a", "Winter")
    link = links.create("a", NewLink(URL, campaign_id=autumn))
    move = LinkChanges(LinkService(LinkStore(dynamodb, LINKS)), LinkStore(dynamodb, LINKS),
                       links.changes._audit)  # fmt: skip
    before(
        monkeypatch,
        "change",
        lambda: move.change("a", link.id, {"campaign_id": winter}, by=SOMEBODY),
        LinkStore,
    )
    assert data(client.urls("DELETE", autumn, link.id))["campaign_id"] == winter
    assert link_count(dynamodb, "a", winter) == 1


def test_a_campaign_that_is_deleted_while_a_link_is_added_is_not_found(
    client: Client, links: SomebodysLinks, dynamodb: DynamoDBClient, autumn: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    link = links.create("a", NewLink(URL))
    before(monkeypatch, "change", lambda: delete_campaign(dynamodb, "a", autumn), LinkStore)
    assert client.urls("PUT", autumn, link.id).status == 404
    assert links.stored("a", link.id) == link
