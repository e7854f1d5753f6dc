"""Short URLs on subdomains and branded domains, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.domains.model import DomainKind, DomainName, DomainState
from tests.integration.domains import create_domain
from tests.integration.short_urls import BASE_URL, Client, errors_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

HOST, BRANDED = "promo.go.example.com", "link.acme.test"
PROMO: dict[str, Any] = {"url_type": "subdomain", "subdomain": "promo", "branded_domain": None}
ACME: dict[str, Any] = {"url_type": "branded", "subdomain": None, "branded_domain": BRANDED}
STANDARD: dict[str, Any] = {"url_type": "standard", "subdomain": None, "branded_domain": None}


@pytest.fixture
def promo(dynamodb: DynamoDBClient) -> DomainName:
    return create_domain(dynamodb, "a", HOST)


@pytest.fixture
def acme(dynamodb: DynamoDBClient) -> DomainName:
    return create_domain(dynamodb, "a", BRANDED, kind=DomainKind.BRANDED)


both = pytest.mark.usefixtures("promo", "acme")


def domain_of(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in STANDARD}


@both
@pytest.mark.parametrize(
    ("sent", "expected", "base"),
    [
        ({"url_type": "subdomain", "subdomain": "promo"}, PROMO, f"https://{HOST}"),
        ({"subdomain": "PROMO"}, PROMO, f"https://{HOST}"),
        (PROMO, PROMO, f"https://{HOST}"),
        ({"url_type": "branded", "branded_domain": BRANDED}, ACME, f"https://{BRANDED}"),
        ({"branded_domain": "Link.Acme.Test."}, ACME, f"https://{BRANDED}"),
        ({"subdomain": "link", "branded_domain": "acme.test"}, ACME, f"https://{BRANDED}"),
        (ACME, ACME, f"https://{BRANDED}"),
        (STANDARD, STANDARD, BASE_URL),
        ({"branded_domain": "api123.execute-api.eu-west-1.amazonaws.com"}, STANDARD, BASE_URL),
        ({}, STANDARD, BASE_URL),
    ],
)
def test_a_short_url_is_created_on_the_domain_that_is_named(
    client: Client, sent: dict[str, Any], expected: dict[str, Any], base: str
) -> None:
    created = client.create(custom_alias="sale", **sent)
    assert domain_of(created) == expected
    assert created["short_url"] == created["full_url"] == f"{base}/sale"
    assert client("GET", created["id"]).body["data"] == created


@both
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"url_type": "subdomain"}, "subdomain"),
        ({"url_type": "branded"}, "branded_domain"),
        ({"url_type": "branded", "subdomain": "promo"}, "branded_domain"),
        ({"url_type": "standard", "subdomain": "promo"}, "subdomain"),
        ({"url_type": "standard", "branded_domain": BRANDED}, "branded_domain"),
        (
            {"url_type": "subdomain", "subdomain": "promo", "branded_domain": BRANDED},
            "branded_domain",
        ),
        ({"url_type": "vanity"}, "url_type"),
        ({"subdomain": "a.b"}, "subdomain"),
        ({"subdomain": "-"}, "subdomain"),
        ({"subdomain": 5}, "subdomain"),
        ({"branded_domain": "https://acme.test/"}, "branded_domain"),
        ({"branded_domain": "acme.test:443"}, "branded_domain"),
        ({"branded_domain": "*.acme.test"}, "branded_domain"),
        ({"branded_domain": "a" * 300}, "branded_domain"),
        ({"subdomain": "nobodys"}, "subdomain"),
        ({"branded_domain": "nobodys.test"}, "branded_domain"),
        ({"subdomain": "nobodys", "branded_domain": "acme.test"}, "subdomain"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_contradicts_itself_or_does_not_exist_is_rejected_at_its_field(
    client: Client, method: str, sent: dict[str, Any], field: str
) -> None:
    if method == "POST":
        response = client("POST", body={"url": "https://example.com/", **sent})
    else:
        response = client("PATCH", client.create()["id"], body=sent)
    assert (response.status, response.body["error"]["code"]) == (422, "VALIDATION_ERROR")
    assert list(errors_of(response)) == [field]


def test_without_a_zone_a_subdomain_is_rejected(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUBDOMAIN_ZONE", "")
    response = client("POST", body={"url": "https://example.com/", "subdomain": "promo"})
    assert (response.status, list(errors_of(response))) == (422, ["subdomain"])
    assert "no subdomains" in errors_of(response)["subdomain"]


def test_the_domain_of_another_account_is_none(client: Client, dynamodb: DynamoDBClient) -> None:
    create_domain(dynamodb, "b", HOST)
    response = client("POST", body={"url": "https://example.com/", "subdomain": "promo"})
    assert (response.status, list(errors_of(response))) == (422, ["subdomain"])


def test_a_domain_that_does_not_serve_is_rejected_with_the_reason(
    client: Client, dynamodb: DynamoDBClient
) -> None:
    create_domain(dynamodb, "a", HOST, state=DomainState.PENDING)
    response = client("POST", body={"url": "https://example.com/", "subdomain": "promo"})
    assert (response.status, list(errors_of(response))) == (422, ["subdomain"])
    assert "not verified" in errors_of(response)["subdomain"]


@both
def test_one_alias_is_three_short_urls_on_three_domains(client: Client) -> None:
    created = [client.create(custom_alias="sale", **on) for on in (STANDARD, PROMO, ACME)]
    assert len({one["id"] for one in created}) == 3
    taken = client("POST", body={"url": "https://example.com/", "custom_alias": "sale", **PROMO})
    assert (taken.status, taken.body["error"]["code"]) == (409, "ALIAS_TAKEN")


@both
def test_a_short_url_moves_between_domains(client: Client) -> None:
    link = client.create(custom_alias="sale")["id"]
    for on, base in (
        (PROMO, f"https://{HOST}"),
        (ACME, f"https://{BRANDED}"),
        (STANDARD, BASE_URL),
    ):
        changed = client("PUT", link, body=on).body["data"]
        assert (domain_of(changed), changed["short_url"]) == (on, f"{base}/sale")


@both
def test_a_change_that_names_no_domain_leaves_the_short_url_where_it_is(client: Client) -> None:
    link = client.create(custom_alias="sale", **PROMO)["id"]
    changed = client("PATCH", link, body={"name": "n", "subdomain": None, "url_type": None})
    assert (changed.status, domain_of(changed.body["data"])) == (200, PROMO)


@both
def test_a_qr_code_is_on_the_domain_and_stays_there_when_the_short_url_moves(
    client: Client,
) -> None:
    created = client.create(qrCode=True, **PROMO)
    assert created["qr_content"].startswith(f"https://{HOST}/")
    moved = client("PATCH", created["id"], body=ACME).body["data"]
    assert moved["short_url"].startswith(f"https://{BRANDED}/")
    assert moved["qr_content"] == created["qr_content"]


@both
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"url_type": "standard"}, "d"),
        ({"url_type": "subdomain"}, "p"),
        ({"urlType": "branded"}, "b"),
        ({"subdomain": "promo"}, "p"),
        ({"subdomain": "other"}, ""),
        ({"branded_domain": BRANDED}, "b"),
        ({"brandedDomain": BRANDED.upper()}, "b"),
        ({"subdomain": "link", "branded_domain": "acme.test"}, "b"),
        ({"url_type": "standard", "subdomain": "promo"}, ""),
    ],
)
def test_a_list_and_its_export_are_filtered_by_domain(
    client: Client, query: dict[str, str], names: str
) -> None:
    for name, on in (("d", STANDARD), ("p", PROMO), ("b", ACME)):
        client.create(name=name, **on)
    listed = client("GET", query=query).body["data"]
    assert "".join(one["name"] for one in listed["shortUrls"]) == names
    assert listed["pagination"]["total"] == len(names)
    file = client.send("GET", "/api/v1/short-urls/export", query=query).text
    assert len(file.splitlines()) - 1 == len(names)


def checked(client: Client, **query: str) -> Response:
    return client.send("GET", "/api/v1/short-urls/check-alias", query={"alias": "sale", **query})


@both
def test_an_alias_is_checked_on_the_domain_that_is_named(client: Client) -> None:
    client.create(custom_alias="sale", **PROMO)
    on_promo = checked(client, url_type="subdomain", subdomain="promo").body["data"]
    assert (on_promo["state"], on_promo["full_url"]) == ("taken", f"https://{HOST}/sale")
    assert domain_of(on_promo) == PROMO
    on_acme = checked(client, branded_domain=BRANDED).body["data"]
    assert (on_acme["state"], on_acme["full_url"]) == ("available", f"https://{BRANDED}/sale")
    assert domain_of(on_acme) == ACME
    assert domain_of(checked(client).body["data"]) == STANDARD
    invalid = checked(client, alias="x", subdomain="promo").body["data"]
    assert (invalid["state"], invalid["full_url"]) == ("invalid", f"https://{HOST}/x")


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"url_type": "branded"}, 400, "branded_domain"),
        ({"url_type": "subdomain"}, 400, "subdomain"),
        ({"url_type": "standard", "subdomain": "promo"}, 400, "subdomain"),
        ({"subdomain": "a.b"}, 400, "subdomain"),
        ({"url_type": "vanity"}, 400, "url_type"),
        ({"subdomain": "nobodys"}, 422, "subdomain"),
    ],
)
def test_an_alias_is_checked_on_domains_of_the_account_only(
    client: Client, query: dict[str, str], status: int, field: str
) -> None:
    response = checked(client, **query)
    assert (response.status, list(errors_of(response))) == (status, [field])


@both
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_code_on_several_domains_needs_the_domain(client: Client, method: str) -> None:
    promo = client.create(custom_alias="sale", **PROMO)["id"]
    body: dict[str, Any] = {"body": {"name": "n"}} if method == "PATCH" else {}
    alone = client("GET", "sale")
    assert (alone.status, alone.body["data"]["id"]) == (200, promo)
    acme = client.create(custom_alias="sale", **ACME)["id"]
    ambiguous = client(method, "sale", **body)
    assert (ambiguous.status, ambiguous.body["error"]["code"]) == (409, "CONFLICT")
    assert HOST in ambiguous.body["error"]["message"]
    assert client(method, "sale", query={"domain": HOST.upper()}, **body).status == 200
    left = client("GET", acme)
    assert (left.status, left.body["data"]["name"]) == (200, None)


@both
def test_a_code_is_found_on_the_default_domain_by_its_name(client: Client) -> None:
    standard = client.create(custom_alias="sale")["id"]
    client.create(custom_alias="sale", **PROMO)
    for query in ({}, {"domain": "api123.execute-api.eu-west-1.amazonaws.com"}):
        assert client("GET", "sale", query=query).body["data"]["id"] == standard
    assert client("GET", "sale", query={"domain": BRANDED}).status == 404
    assert client("GET", "sale", query={"domain": "no host"}).status == 400
