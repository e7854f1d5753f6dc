"""Subdomains of the operator's zone, as the API creates, lists, changes and checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.domains.model import DomainKind, DomainState
from jmpy.domains.store import DomainStore
from jmpy.links.blocklist_store import BlocklistStore, Entry
from project import functions
from project.tables import LINKS
from tests.integration.domains import create_domain
from tests.integration.subdomain_client import ZONE, Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> DomainStore:
    return DomainStore(dynamodb, LINKS)


def test_a_subdomain_is_created_in_the_shape_of_the_contract(client: Client) -> None:
    created = client.create("Promo", name="Promotions", description="Posters")
    assert created["subdomain"] == "promo"
    assert created["full_domain"] == f"promo.{ZONE}"
    assert created["is_verified"] is True
    assert created["state"] == "active"
    assert (created["name"], created["description"]) == ("Promotions", "Posters")
    assert client.get(created["id"]) == created
    assert client.get(created["id"].upper()) == created


def test_a_subdomain_works_at_once_and_is_found_by_its_host(
    client: Client, store: DomainStore
) -> None:
    created = client.create("promo")
    record = store.host(f"promo.{ZONE}")
    assert record is not None
    assert (record.domain_id, record.account_id) == (created["id"], "a")
    assert record.state is DomainState.ACTIVE
    assert store.lookup.id_of("a", f"promo.{ZONE}") == created["id"]
    assert store.lookup.id_of("b", f"promo.{ZONE}") is None


def test_a_name_is_that_of_the_subdomain_unless_there_is_one(client: Client) -> None:
    assert client.create("promo")["name"] == "promo"


@pytest.mark.parametrize(
    "subdomain",
    [
        "ab", "-promo", "promo-", "pro_mo", "pro.mo", "prömo", "pro mo", "x" * 64, "promo\n",
        "xn--abc", "www", "API", "Staging", "cname",
    ],
)  # fmt: skip
def test_a_name_that_breaks_the_rule_is_rejected_and_said_to_be_unavailable(
    client: Client, subdomain: str
) -> None:
    response = client("POST", body={"subdomain": subdomain})
    assert (response.status, response.body["error"]["code"]) == (422, "VALIDATION_ERROR")
    assert response.body["error"]["details"]["errors"][0]["field"] == "subdomain"
    if "\n" not in subdomain:
        checked = client.check(subdomain)
        assert checked["available"] is False
        assert checked["message"]


def test_a_subdomain_is_checked(client: Client) -> None:
    client.create("promo")
    free = {"subdomain": "menu", "available": True, "message": "The subdomain is available"}
    assert client.check("Menu") == free
    assert client.check("promo", "b") == {
        "subdomain": "promo",
        "available": False,
        "message": "The subdomain is already in use",
    }
    assert client.check("promo")["message"] == "The subdomain is yours already"


def test_a_subdomain_of_another_account_is_a_conflict(client: Client, store: DomainStore) -> None:
    client.create("promo")
    response = client("POST", account="b", body={"subdomain": "PROMO"})
    assert (response.status, response.body["error"]["code"]) == (409, "SUBDOMAIN_TAKEN")
    assert list(store.newest("b", 9)) == []
    assert store.holdings("b").total == 0


def test_a_subdomain_that_the_account_has_is_a_conflict(client: Client) -> None:
    client.create("promo")
    response = client("POST", body={"subdomain": "promo"})
    assert (response.status, response.body["error"]["code"]) == (409, "DOMAIN_EXISTS")


def test_a_plan_includes_a_number_of_domains(client: Client) -> None:
    free = functions.authorizer_context(account="a") | {"plan": "free"}
    for number in range(3):
        sent = client("POST", body={"subdomain": f"promo{number}"}, authorizer=free)
        assert sent.status == 201
    response = client("POST", body={"subdomain": "promo3"}, authorizer=free)
    assert (response.status, response.body["error"]["code"]) == (409, "DOMAIN_LIMIT_REACHED")
    assert client.listed()["meta"]["total"] == 3


def test_without_a_zone_there_are_no_subdomains(client: Client) -> None:
    client.app.resource.zone = ""
    response = client("POST", body={"subdomain": "promo"})
    assert response.status == 422
    assert "not available" in response.body["error"]["message"]


def test_subdomains_are_listed_by_page_the_newest_first(client: Client) -> None:
    for name in ("one", "two", "three"):
        client.create(name)
    client.create("foreign", "b")
    first = client.listed(limit="2")
    assert [one["subdomain"] for one in first["data"]] == ["three", "two"]
    assert first["meta"] == {"page": 1, "limit": 2, "total": 3, "total_pages": 2}
    assert [one["subdomain"] for one in client.listed(limit="2", page="2")["data"]] == ["one"]
    assert client.listed(page="9")["data"] == []
    too_deep = client("GET", query={"page": "1000", "limit": "100"})
    assert too_deep.status == 400


def test_what_another_account_has_is_not_found(client: Client) -> None:
    created = client.create("promo")
    for reference in (created["id"], "promo", "019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"):
        assert client("GET", reference, account="b").status == 404
        changed = client("PATCH", reference, account="b", body={"name": "x"})
        assert changed.status == 404


SETTINGS = {
    "name": "Menus",
    "description": "Tables",
    "root_url": "https://www.example.org/",
    "not_found_url": "https://www.example.org/404",
    "expired_url": "https://www.example.org/gone",
}


def test_settings_are_changed_on_the_domain_and_its_host(
    client: Client, store: DomainStore
) -> None:
    created = client.create("promo")
    response = client("PATCH", created["id"], body=SETTINGS)
    assert response.status == 200
    assert {name: response.body["data"][name] for name in SETTINGS} == SETTINGS
    record = store.host(f"promo.{ZONE}")
    assert record is not None
    urls = (record.root_url, record.not_found_url, record.expired_url)
    assert urls == (SETTINGS["root_url"], SETTINGS["not_found_url"], SETTINGS["expired_url"])
    cleared = client(
        "PATCH", created["id"], body={"root_url": None, "not_found_url": None, "expired_url": None}
    )
    assert cleared.body["data"]["root_url"] is None
    record = store.host(f"promo.{ZONE}")
    assert record is not None
    assert (record.root_url, record.not_found_url, record.expired_url) == (None, None, None)


@pytest.mark.parametrize("field", ["root_url", "not_found_url", "expired_url"])
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://user:x@example.org/",
        "nowhere",
        f"https://{functions.API_ID}.execute-api.eu-west-1.amazonaws.com/live/x",
    ],
)
def test_a_redirect_leads_where_a_link_may_lead(client: Client, field: str, url: str) -> None:
    created = client.create("promo")
    response = client("PATCH", created["id"], body={field: url})
    assert response.status == 422
    assert response.body["error"]["details"]["errors"][0]["field"] == field


def test_a_redirect_leads_to_no_host_of_a_customer_and_no_blocked_one(
    client: Client, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRANDED_DOMAINS", "manual")
    create_domain(dynamodb, "b", "go.acme.example", kind=DomainKind.BRANDED)
    BlocklistStore(dynamodb, LINKS).add(Entry("evil.example", "phishing", 1, "operator"))
    created = client.create("promo")
    for url in ("https://go.acme.example/x", "https://www.evil.example/"):
        response = client("PATCH", created["id"], body={"not_found_url": url})
        assert response.status == 422, url


def test_a_change_needs_the_version_that_it_names(client: Client) -> None:
    created = client.create("promo")
    headers = {"If-Match": '"1"'}
    first = client("PATCH", created["id"], body={"name": "one"}, headers=headers)
    assert (first.status, first.headers["etag"]) == (200, '"2"')
    second = client("PATCH", created["id"], body={"name": "two"}, headers=headers)
    assert second.status == 412
    assert client("PATCH", created["id"], body={}).status == 422


def primary(client: Client) -> list[str]:
    return [one["subdomain"] for one in client.listed()["data"] if one["is_primary"]]


def test_one_domain_is_primary(client: Client, store: DomainStore) -> None:
    assert store.lookup.primary("a") is None
    one, two = client.create("one"), client.create("two")
    client("PATCH", one["id"], body={"is_primary": True})
    assert primary(client) == ["one"]
    client("PATCH", two["id"], body={"is_primary": True})
    assert primary(client) == ["two"]
    assert store.lookup.primary("a") == two["full_domain"]
    client("PATCH", two["id"], body={"is_primary": False})
    assert primary(client) == []
    assert store.lookup.primary("a") is None


def test_a_repeated_create_gets_the_original_response(client: Client) -> None:
    sent: dict[str, Any] = {"body": {"subdomain": "promo"}, "headers": {"Idempotency-Key": "one"}}
    first, again = client("POST", **sent), client("POST", **sent)
    assert first.status == again.status == 201
    assert first.body == again.body
    assert client.listed()["meta"]["total"] == 1
