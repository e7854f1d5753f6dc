"""The resource `/api/v1/tags`, through its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from jmpy.audit.model import Action, Change
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.links.writes import StaleLink
from jmpy.tags import service
from project.functions import Response
from project.tables import AUDIT, LINKS
from tests.integration.resource_client import ResourceClient

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Client(ResourceClient):
    folder, path = "tags", "/api/v1/tags"

    def listed(self, account: str = "a") -> dict[str, int]:
        response = self("GET", account=account)
        assert response.status == 200, response
        return {tag["name"]: tag["url_count"] for tag in response.body["data"]}

    def rename(self, tag: str, new: str) -> Response:
        return self("PATCH", quote(tag, safe=""), body={"name": new})

    def remove(self, tag: str) -> Response:
        return self("DELETE", quote(tag, safe=""))


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> LinkService:
    return LinkService(LinkStore(dynamodb, LINKS))


def create(links: LinkService, *tags: str, account: str = "a") -> str:
    """The id of a link with the tags."""
    return links.create(account, NewLink("https://example.com/", tags=tags)).id


def progress(response: Response) -> tuple[int, int]:
    assert response.status == 200, response
    return response.body["data"]["changed"], response.body["data"]["remaining"]


def test_tags_are_counted_whatever_their_case_the_most_frequent_first(
    client: Client, links: LinkService
) -> None:
    for tags in (("Sale", "news"), ("sale",), ("sale", "Äpfel"), ()):
        create(links, *tags)
    create(links, "theirs", account="b")
    response = client("GET")
    assert response.body["data"] == [
        {"name": "sale", "url_count": 3},
        {"name": "news", "url_count": 1},
        {"name": "Äpfel", "url_count": 1},
    ]
    assert response.body["meta"] == {"total": 3, "complete": True}


def test_an_account_without_tags_has_an_empty_list(client: Client) -> None:
    response = client("GET")
    assert (response.status, response.body["data"]) == (200, [])


def test_more_links_than_are_counted_are_told(
    client: Client, links: LinkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SEARCHED", 1)
    create(links, "old")
    assert client("GET").body["meta"]["complete"] is True
    create(links, "new")
    response = client("GET")
    assert response.body["data"] == [{"name": "new", "url_count": 1}]
    assert response.body["meta"] == {"total": 1, "complete": False}


@pytest.mark.parametrize(
    ("tags", "renamed"),
    [
        (("sale",), ("Autumn",)),
        (("a", "SALE", "z"), ("a", "Autumn", "z")),
        (("sale", "autumn"), ("Autumn",)),
        (("other",), ("other",)),
    ],
)
def test_a_tag_is_renamed_at_its_place(
    client: Client, links: LinkService, tags: tuple[str, ...], renamed: tuple[str, ...]
) -> None:
    create(links, "sale")
    changed = create(links, *tags)
    assert progress(client.rename("Sale", " Autumn "))[1] == 0
    assert links.get("a", changed).tags == renamed


def test_the_case_of_a_tag_can_be_changed(client: Client, links: LinkService) -> None:
    create(links, "sale")
    create(links, "Sale")
    assert progress(client.rename("sale", "Sale")) == (1, 0)
    assert progress(client.rename("sale", "Sale")) == (0, 0)
    assert client.listed() == {"Sale": 2}


def test_a_tag_is_removed_and_its_links_remain(client: Client, links: LinkService) -> None:
    name = "50 %/Été"
    ids = [create(links, name), create(links, "new", name)]
    create(links, name, account="b")
    assert progress(client.remove("50 %/E\u0301TE\u0301")) == (2, 0)
    assert [links.get("a", link_id).tags for link_id in ids] == [(), ("new",)]
    assert client.listed("b") == {name: 1}


@pytest.mark.parametrize("tag", ["sal", "sale,news", "", "x" * 300, "%ff"])
def test_a_tag_that_no_link_has_is_not_found(client: Client, links: LinkService, tag: str) -> None:
    create(links, "sale", "news")
    for response in (client.rename(tag, "new"), client.remove(tag)):
        assert (response.status, response.body["error"]["code"]) == (404, "NOT_FOUND")
    assert client.listed() == {"sale": 1, "news": 1}


@pytest.mark.parametrize("new", ["", " ", "a,b", "a|b", "x" * 51, None, 1, ["a"]])
def test_a_new_name_has_to_be_a_tag(client: Client, links: LinkService, new: Any) -> None:
    create(links, "sale")
    response = client("PATCH", "sale", body={"name": new})
    assert (response.status, response.body["error"]["details"]["errors"][0]["field"]) == (
        422,
        "name",
    )
    assert client.listed() == {"sale": 1}


def test_many_links_are_changed_by_several_requests(
    client: Client, links: LinkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHANGED_AT_ONCE", 2)
    for _ in range(5):
        create(links, "sale")
    assert [progress(client.rename("sale", "new")) for _ in range(3)] == [(2, 3), (2, 1), (1, 0)]
    assert client.listed() == {"new": 5}
    assert client.rename("sale", "new").status == 404


def test_a_link_that_others_change_meanwhile_remains_for_the_next_request(
    client: Client, links: LinkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(links, "sale")
    change, stale = LinkStore.change, [True]

    def changed_before(self: LinkStore, *arguments: Any) -> Any:
        if stale.pop():
            stale.append(False)
            raise StaleLink
        return change(self, *arguments)

    monkeypatch.setattr(LinkStore, "change", changed_before)
    assert progress(client.remove("sale")) == (0, 1)
    stale[:] = [False]
    assert progress(client.remove("sale")) == (1, 0)


def test_the_history_of_each_link_has_its_previous_tags(
    client: Client, links: LinkService, dynamodb: DynamoDBClient
) -> None:
    changed = create(links, "sale")
    client.rename("sale", "new")
    (entry,) = AuditLog(dynamodb, AUDIT).all("a", EntryFilter(), 10)
    assert (entry.action, entry.target_id) == (Action.LINK_CHANGED, changed)
    assert entry.changes == {"tags": Change(["sale"], ["new"])}
