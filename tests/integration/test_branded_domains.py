"""Branded domains, as the API claims, verifies, lists and changes them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.domains.claims import CLAIMED
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project.tables import LINKS
from tests.integration.branded import resolver
from tests.integration.resource_client import ResourceClient
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.resolver import FakeResolver

PATH = "/api/v1/domains/branded"


class Client(ResourceClient):
    folder, path = "branded_domains", PATH

    def claim(self, domain: str = "go.acme.com", account: str = "a", **body: Any) -> Any:
        response = self("POST", account=account, body={"domain": domain, **body})
        assert response.status == 201, response
        return response.body["data"]

    def get(self, domain_id: str, account: str = "a") -> Any:
        response = self("GET", domain_id, account=account)
        assert response.status == 200, response
        return response.body["data"]

    def verify(self, domain_id: str, account: str = "a") -> Any:
        return self.send(
            "POST",
            f"{PATH}/{domain_id}/verify",
            account=account,
            resource=f"{PATH}/{{id}}/verify",
            parameters={"id": domain_id},
        )


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> FakeResolver:
    return resolver(monkeypatch)


def prove(dns: FakeResolver, domain: Any) -> None:
    proof = domain["verification"]
    dns.add(proof["cname_name"], "CNAME", proof["cname_target"])
    dns.add(proof["txt_name"], "TXT", proof["txt_value"])


def test_a_claim_says_which_records_prove_it(client: Client) -> None:
    claimed = client.claim("GO.Acme.com.", name="Acme", description="Print")
    assert claimed["domain"] == claimed["domain_unicode"] == "go.acme.com"
    assert (claimed["state"], claimed["is_verified"]) == ("pending", False)
    assert (claimed["name"], claimed["description"]) == ("Acme", "Print")
    proof = claimed["verification"]
    assert proof["cname_name"] == "go.acme.com"
    assert proof["cname_target"] == f"{claimed['id']}.cname.example.net"
    assert proof["txt_name"] == "_jmpy.go.acme.com"
    assert re.fullmatch(r"jmpy-verify=[0-9a-f]{32}", proof["txt_value"])
    assert (proof["problem"], proof["checked_at"]) == (None, None)
    created, expires = (
        datetime.fromisoformat(text) for text in (claimed["created_at"], proof["expires_at"])
    )
    assert (expires - created).total_seconds() == CLAIMED
    assert client.get(claimed["id"]) == claimed


def test_a_name_in_another_script_is_shown_in_both_spellings(client: Client) -> None:
    claimed = client.claim("b\u00fccher.de")
    assert claimed["domain"] == "xn--bcher-kva.de"
    assert claimed["domain_unicode"] == "b\u00fccher.de"


def test_a_domain_is_verified_by_its_records(client: Client, dns: FakeResolver) -> None:
    claimed = client.claim()
    unproven = client.verify(claimed["id"])
    assert unproven.status == 200
    assert unproven.body["data"]["is_verified"] is False
    assert "_jmpy.go.acme.com" in unproven.body["data"]["verification"]["problem"]
    prove(dns, claimed)
    proven = client.verify(claimed["id"])
    assert proven.status == 200
    data = proven.body["data"]
    assert (data["state"], data["is_verified"]) == ("active", True)
    assert data["verification"]["problem"] is None
    assert data["verification"]["expires_at"] is None
    assert client.get(claimed["id"]) == data


@pytest.mark.parametrize(
    "domain",
    [
        "co.uk", "github.io", "localhost", "1.2.3.4", "go.example.com", "x.go.example.com",
        "a.cname.example.net", "*.acme.com", "-a.com", "xn--pple-43d.com", "\u0430pple.com",
        "go.acme.test", "a1.execute-api.eu-west-1.amazonaws.com", "https://go.acme.com", "a\nb.com",
    ],
)  # fmt: skip
def test_a_name_that_nobody_can_own_is_rejected(client: Client, domain: str) -> None:
    response = client("POST", body={"domain": domain})
    assert (response.status, response.body["error"]["code"]) == (422, "VALIDATION_ERROR")
    assert response.body["error"]["details"]["errors"][0]["field"] == "domain"


def test_names_for_tests_are_accepted_where_the_operator_allows_them(
    dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_DOMAINS", "true")
    assert Client().claim("go.acme.test")["domain"] == "go.acme.test"


def test_without_branded_domains_none_is_claimed_or_verified(
    client: Client, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = client.claim()
    monkeypatch.setenv("DOMAIN_HOSTING", "off")
    without = Client()
    for response in (
        without("POST", body={"domain": "other.acme.com"}),
        without.verify(claimed["id"]),
    ):
        assert response.status == 422
        assert "not available" in response.body["error"]["message"]
    assert without.get(claimed["id"])["state"] == "pending"


def test_the_claims_and_domains_of_an_account_are_listed_newest_first(client: Client) -> None:
    for name in ("one", "two", "three"):
        client.claim(f"{name}.acme.com")
    client.claim("other.acme.com", account="b")
    listed = client("GET", query={"limit": "2"})
    assert listed.status == 200
    assert [domain["domain"] for domain in listed.body["data"]] == [
        "three.acme.com",
        "two.acme.com",
    ]
    assert listed.body["meta"] == {"page": 1, "limit": 2, "total": 3, "total_pages": 2}


def test_a_second_claim_of_an_account_is_a_conflict(client: Client) -> None:
    client.claim()
    response = client("POST", body={"domain": "GO.acme.com"})
    assert (response.status, response.body["error"]["code"]) == (409, "DOMAIN_EXISTS")


def test_the_settings_of_a_domain_are_changed_on_condition_of_its_version(
    client: Client, dns: FakeResolver
) -> None:
    claimed = client.claim()
    body = {"root_url": "https://www.acme.com/"}
    response = client("PATCH", claimed["id"], body=body, headers={"If-Match": '"1"'})
    assert response.status == 200, response
    assert response.body["data"]["root_url"] == "https://www.acme.com/"
    stale = client("PATCH", claimed["id"], body=body, headers={"If-Match": '"1"'})
    assert stale.status == 412
    primary = client("PATCH", claimed["id"], body={"is_primary": True})
    assert primary.status == 409
    prove(dns, claimed)
    client.verify(claimed["id"])
    assert client("PATCH", claimed["id"], body={"is_primary": True}).status == 200


def test_the_domains_of_another_account_are_not_there(client: Client) -> None:
    claimed = client.claim()
    for response in (
        client("GET", claimed["id"], account="b"),
        client("PATCH", claimed["id"], account="b", body={"name": "Mine"}),
        client.verify(claimed["id"], account="b"),
    ):
        assert response.status == 404


def test_a_claim_is_deleted_at_once(client: Client) -> None:
    claimed = client.claim()
    deleted = client("DELETE", claimed["id"])
    assert deleted.status == 200
    assert deleted.body["data"]["message"] == "The domain go.acme.com was deleted"
    assert client("GET", claimed["id"]).status == 404
    assert client.claim()["id"] != claimed["id"]


def test_a_domain_with_links_is_deleted_with_force_alone(
    client: Client, dns: FakeResolver, dynamodb: DynamoDBClient
) -> None:
    claimed = client.claim()
    prove(dns, claimed)
    client.verify(claimed["id"])
    links = SomebodysLinks(LinkStore(dynamodb, LINKS))
    links.create("a", NewLink("https://example.com/", "sale", host="go.acme.com"))
    assert client.get(claimed["id"])["url_count"] == 1
    assert client("DELETE", claimed["id"]).status == 409
    deleted = client("DELETE", claimed["id"], query={"force": "true"})
    assert deleted.status == 200
    assert client.get(claimed["id"])["state"] == "deleting"
    assert client.verify(claimed["id"]).status == 409
    assert client("PATCH", claimed["id"], body={"name": "New"}).status == 409


def test_a_host_that_is_being_deleted_is_given_to_nobody_yet(
    client: Client, dns: FakeResolver, dynamodb: DynamoDBClient
) -> None:
    mine, theirs = client.claim(), client.claim(account="b")
    prove(dns, mine)
    client.verify(mine["id"])
    links = SomebodysLinks(LinkStore(dynamodb, LINKS))
    links.create("a", NewLink("https://example.com/", "sale", host="go.acme.com"))
    client("DELETE", mine["id"], query={"force": "true"})
    dns.records.clear()
    prove(dns, theirs)
    checked = client.verify(theirs["id"], account="b").body["data"]
    assert checked["state"] == "pending"
    assert "is deleting go.acme.com" in checked["verification"]["problem"]
