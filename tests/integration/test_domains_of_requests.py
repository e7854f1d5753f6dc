"""Uploads, QR codes, campaigns and analytics name domains, and codes on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.store import AuditLog
from jmpy.domains.changes import DomainChanges
from jmpy.domains.model import DomainKind, DomainName, DomainState
from jmpy.domains.store import DomainStore
from project.analytics import Analytics, Clicked
from project.origins import SOMEBODY
from project.tables import AUDIT, LINKS
from tests.integration import campaign_client, qr_codes, test_bulk
from tests.integration.domains import create_domain
from tests.integration.short_urls import BASE_URL, Client, errors_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.conftest import Clock

HOST, BRANDED = "promo.go.example.com", "link.acme.test"


@pytest.fixture
def promo(dynamodb: DynamoDBClient) -> DomainName:
    return create_domain(dynamodb, "a", HOST)


@pytest.fixture
def acme(dynamodb: DynamoDBClient) -> DomainName:
    return create_domain(dynamodb, "a", BRANDED, kind=DomainKind.BRANDED)


both = pytest.mark.usefixtures("promo", "acme")


def make_primary(dynamodb: DynamoDBClient, domain: DomainName) -> None:
    changes = DomainChanges(DomainStore(dynamodb, LINKS), AuditLog(dynamodb, AUDIT))
    changes.change("a", domain.id, {"is_primary": True}, by=SOMEBODY)


def uploaded(client: test_bulk.Client, text: str) -> dict[str, Any]:
    data: dict[str, Any] = client("create", {"csv_content": text}).body["data"]
    return data


@both
def test_a_row_of_an_upload_names_its_domain(dynamodb: DynamoDBClient) -> None:
    client = test_bulk.Client()
    own = BASE_URL.split("/")[2]
    text = (
        "url,custom_alias,domain\n"
        f"https://a.example/,sale,{HOST.upper()}\nhttps://b.example/,sale,{BRANDED}\n"
        f"https://c.example/,sale,{own}\nhttps://d.example/,sale,\n"
        f"https://e.example/,sale,nobodys.test\nhttps://f.example/,other,no host\n"
    )
    data = uploaded(client, text)
    assert [one["short_url"] for one in data["created"]] == [
        f"https://{HOST}/sale", f"https://{BRANDED}/sale", f"{BASE_URL}/sale",
    ]  # fmt: skip
    assert [one["url_type"] for one in data["created"]] == ["subdomain", "branded", "standard"]
    failed = {row["row"]: row["errors"] for row in data["failed"]}
    assert [error["field"] for error in failed[4]] == ["custom_alias"]
    assert [error["field"] for error in failed[5]] == ["domain"]
    assert [error["field"] for error in failed[6]] == ["domain"]


@both
def test_a_validated_upload_has_its_domains_and_can_be_sent(dynamodb: DynamoDBClient) -> None:
    client = test_bulk.Client()
    text = f"url,custom_alias,domain\nhttps://a.example/,sale,{HOST}\n"
    preview = client("validate", {"csv_content": text}).body["data"]["preview"]
    assert preview["valid_urls"][0]["domain"] == HOST
    created = client("create", {"validated_urls": preview["valid_urls"], "qrCode": True})
    (link,) = created.body["data"]["created"]
    assert (link["subdomain"], link["qr_content"].startswith(f"https://{HOST}/")) == ("promo", True)


def test_what_names_no_domain_is_created_on_the_primary_one(
    client: Client, dynamodb: DynamoDBClient, promo: DomainName
) -> None:
    make_primary(dynamodb, promo)
    assert client.create(custom_alias="sale")["short_url"] == f"https://{HOST}/sale"
    assert client.create(custom_alias="sale", url_type="standard")["url_type"] == "standard"
    checked = client.send("GET", "/api/v1/short-urls/check-alias", query={"alias": "sale"})
    assert checked.body["data"]["subdomain"] == "promo"
    (row,) = uploaded(test_bulk.Client(), "url\nhttps://a.example/\n")["created"]
    assert row["subdomain"] == "promo"
    preview = test_bulk.Client()("validate", {"csv_content": "url\nhttps://a.example/\n"})
    assert preview.body["data"]["preview"]["valid_urls"][0]["domain"] == HOST
    code = qr_codes.Client().create(is_dynamic=True)
    assert code["content"].startswith(f"https://{HOST}/")


def test_a_primary_domain_that_does_not_serve_is_no_reason_to_use_another(
    client: Client, dynamodb: DynamoDBClient, promo: DomainName
) -> None:
    make_primary(dynamodb, promo)
    store = DomainStore(dynamodb, LINKS)
    store.change(store.find("a", promo.id), {"state": DomainState.SUSPENDED})
    response = client("POST", body={"url": "https://example.com/"})
    assert response.status == 422
    assert "suspended" in errors_of(response)["branded_domain"]
    failed = test_bulk.Client()("create", {"csv_content": "url\nhttps://a.example/\n"})
    assert failed.status == 422


@both
def test_a_qr_code_is_created_on_a_domain() -> None:
    client = qr_codes.Client()
    code = client.create(is_dynamic=True, subdomain="promo")
    assert code["content"].startswith(f"https://{HOST}/")
    assert code["short_url"].startswith(f"https://{HOST}/")
    assert client.get(code["id"])["content"] == code["content"]


@both
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"is_dynamic": True, "subdomain": "nobodys"}, "subdomain"),
        ({"is_dynamic": True, "branded_domain": "nobodys.test"}, "branded_domain"),
        ({"is_dynamic": True, "url_type": "branded"}, "branded_domain"),
        ({"subdomain": "promo"}, "subdomain"),
    ],
)
def test_a_qr_code_is_rejected_at_the_field_of_its_domain(sent: dict[str, Any], field: str) -> None:
    response = qr_codes.Client().generate(sent)
    assert (response.status, list(errors_of(response))) == (422, [field])


@both
def test_a_qr_code_for_a_short_url_on_a_domain_leads_to_that(client: Client) -> None:
    link = client.create(custom_alias="sale", subdomain="promo")
    client.create(custom_alias="sale")
    content: dict[str, Any] = {"content_data": {"url": link["short_url"]}, "tracking_enabled": True}
    code = qr_codes.Client().create(**content)
    assert (code["short_url_id"], code["short_url"]) == (link["id"], link["short_url"])
    assert code["content"].startswith(f"https://{HOST}/")


@both
def test_short_urls_of_a_campaign_are_named_with_their_host(client: Client) -> None:
    on = [client.create(custom_alias="sale", **{"subdomain": "promo"}),
          client.create(custom_alias="sale", **{"branded_domain": BRANDED})]  # fmt: skip
    campaigns = campaign_client.Client()
    campaign = campaigns.create()["id"]
    sent = ["sale", f"{HOST}/sale", f"{BRANDED.upper()}/sale", "nobodys.test/sale"]
    path = f"{campaign_client.PATH}/{campaign}/urls"
    response = campaigns.send(
        "POST", path, body={"short_urls": sent}, resource=f"{campaign_client.PATH}/{{id}}/urls",
        parameters={"id": campaign},
    )  # fmt: skip
    assigned = response.body["data"]["short_urls"]
    assert [one["outcome"] for one in assigned] == [
        "ambiguous",
        "assigned",
        "assigned",
        "not_found",
    ]
    assert [one["id"] for one in assigned] == [None, on[0]["id"], on[1]["id"], None]


@pytest.fixture
def ask(dynamodb: DynamoDBClient, clock: Clock, promo: DomainName, acme: DomainName) -> Analytics:
    """With 1 click on the default domain, 10 on the subdomain, and 100 on the branded one."""
    ask, click = Analytics(clock), Clicked(dynamodb)
    for number, host in enumerate(("", promo.host, acme.host)):
        click(ask.link(custom_alias="sale", host=host), "2027-01-15T07:30Z", clicks=10**number)
    return ask


def test_analytics_of_a_code_are_those_of_the_short_url_on_the_domain(ask: Analytics) -> None:
    def total(**query: str) -> int:
        return int(ask.data("overview", "sale", **query)["total_clicks"])

    assert (total(), total(domain=HOST), total(domain=BRANDED)) == (1, 10, 100)
    assert ask("overview", "sale", domain="nobodys.test").status == 404


@pytest.mark.parametrize(
    ("query", "clicks"),
    [
        ({"url_type": "all"}, 111),
        ({"url_type": "standard"}, 1),
        ({"urlType": "subdomain"}, 10),
        ({"url_type": "branded"}, 100),
        ({"subdomain": "promo"}, 10),
        ({"branded_domain": BRANDED}, 100),
        ({"branded_domain": "nobodys.test"}, 0),
        ({"url_type": "standard", "subdomain": "promo"}, 0),
        ({"subdomain": "promo", "tags": "none"}, 0),
    ],
)
def test_traffic_sources_are_restricted_to_a_domain(
    ask: Analytics, query: dict[str, str], clicks: int
) -> None:
    assert sum(one["clicks"] for one in ask.data("user-traffic-sources", **query)) == clicks


def test_top_links_are_shown_on_their_domains(ask: Analytics) -> None:
    top = ask.data("top-links")["links"]
    assert [one["short_url"] for one in top][:2] == [
        f"https://{BRANDED}/sale",
        f"https://{HOST}/sale",
    ]


@both
def test_an_alias_is_held_and_released_on_its_domain(client: Client) -> None:
    link = client.create(custom_alias="sale", subdomain="promo")["id"]
    assert client("DELETE", link).status == 200
    (held,) = client.send("GET", "/api/v1/held-aliases").body["data"]["aliases"]
    assert (held["alias"], held["domain"], held["link_id"]) == ("sale", HOST, link)
    one: dict[str, Any] = {"resource": "/api/v1/held-aliases/{id}", "parameters": {"id": "sale"}}
    assert client.send("DELETE", "/api/v1/held-aliases/sale", **one).status == 404
    released = client.send("DELETE", "/api/v1/held-aliases/sale", query={"domain": HOST}, **one)
    assert released.status == 200
    assert client.send("GET", "/api/v1/held-aliases").body["data"]["aliases"] == []
