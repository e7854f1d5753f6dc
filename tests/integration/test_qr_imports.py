"""QR codes that are exported and imported again, into the same deployment and another one."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from jmpy.domains.model import DomainKind
from jmpy.gateway.own_names import OwnNames
from jmpy.imports import fields, qr_rows, records
from jmpy.imports import rows as import_rows
from jmpy.imports.qr_service import QrImportService
from jmpy.imports.service import ImportService, Result
from jmpy.links.bulk import BulkService
from jmpy.links.store import LinkStore
from jmpy.qr.creation import Place
from jmpy.qr.store import QrCodeStore
from jmpy.qr.with_links import QrCodesOfLinks
from project.tables import LINKS
from tests.integration.domains import create_domain
from tests.integration.qr_codes import PATH, Client
from tests.integration.short_urls import BASE_URL
from tests.integration.short_urls import Client as ShortUrls

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.imports.service import ImportOutcome

OWN = replace(OwnNames.from_urls([BASE_URL]), zone="go.example.com")
ELSEWHERE = "https://elsewhere.example"
LOOK = {"foregroundColor": "#1a2b6d", "size": 600, "margin": 2, "rounded": True}
NEW_HERE = {"id", "qr_code_url", "short_url_id", "created_at", "updated_at", "source", "channel"}


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def short_urls(dynamodb: DynamoDBClient) -> ShortUrls:
    return ShortUrls()


def exported(client: Client) -> str:
    return client.send("GET", f"{PATH}/export").text


def exported_links(short_urls: ShortUrls) -> str:
    return short_urls.send("GET", "/api/v1/short-urls/export").text


def run(
    dynamodb: DynamoDBClient,
    text: str,
    account: str = "a",
    *,
    base_url: str = BASE_URL,
    **sent: Any,
) -> list[ImportOutcome]:
    place = Place(base_url, OwnNames.from_urls([base_url]))
    stores = QrCodeStore(dynamodb, LINKS), LinkStore(dynamodb, LINKS)
    rows = qr_rows.rows(records.read(text))
    return list(QrImportService(account, *stores, place).run(rows, **sent))


def run_links(dynamodb: DynamoDBClient, text: str, account: str = "a") -> None:
    store = LinkStore(dynamodb, LINKS)
    qr_code = partial(QrCodesOfLinks(QrCodeStore(dynamodb, LINKS)).created, base_url=BASE_URL)
    service = ImportService(store, BulkService(store), qr_code)
    file = records.read(text)
    rows = import_rows.rows(file, fields.recognize(file.fields))
    batches = service.run(account, service.plan(account, rows, OWN))
    assert {outcome.result for batch in batches for outcome in batch} == {Result.NEW}


def results(outcomes: list[ImportOutcome]) -> list[str]:
    return [outcome.result.value for outcome in outcomes]


def reason(outcomes: list[ImportOutcome]) -> str:
    (outcome,) = outcomes
    assert outcome.result is Result.REJECTED
    return outcome.reasons[0]


def empty(dynamodb: DynamoDBClient) -> None:
    """As another deployment is."""
    for item in dynamodb.scan(TableName=LINKS)["Items"]:
        dynamodb.delete_item(TableName=LINKS, Key={"pk": item["pk"], "sk": item["sk"]})


def listed(client: Client, account: str = "a") -> dict[str, Any]:
    """By what scanners read, without what an import does not restore."""
    found = client("GET", account=account).body["data"]["qrCodes"]
    return {
        body["content"]: {name: body[name] for name in body if name not in NEW_HERE}
        for body in found
    }


def create_each_kind(client: Client, short_urls: ShortUrls) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "#aa0000").save(file, "PNG")
    logo = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    client.create(name="Static", visual_settings=LOOK)
    client.create(content_type="wifi", content_data={"ssid": "=Café", "password": "12345678;"})
    client.create(is_dynamic=True, tracking_enabled=True, name="Dynamic", visual_settings=LOOK)
    client.create(tracking_enabled=True, logo=logo)
    link = short_urls.create(custom_alias="spring", url="https://shop.example/spring")
    url = {"url": link["short_url"]}
    client.create(content_data=url, is_dynamic=True, name="Of a link", visual_settings=LOOK)
    short_urls.create(url="https://shop.example/plain", qrCode=True)


def test_everything_is_restored_in_another_deployment(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    create_each_kind(client, short_urls)
    before, links, qr_codes = listed(client), exported_links(short_urls), exported(client)
    empty(dynamodb)
    run_links(dynamodb, links)
    assert results(run(dynamodb, qr_codes)) == ["present", *["new"] * 5]
    assert listed(client) == before
    assert QrCodeStore(dynamodb, LINKS).count("a") == len(before) == 6
    # Columns that count what happened here, and that name new ids, differ.
    assert results(run(dynamodb, qr_codes)) == ["present"] * 6
    assert listed(client) == before


def test_an_import_of_what_the_account_has_changes_nothing(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    create_each_kind(client, short_urls)
    before = listed(client)
    assert results(run(dynamodb, exported(client))) == ["present"] * 6
    listing = client("GET").text
    without_logo = json.loads(listing)
    bodies = without_logo["data"]["qrCodes"]
    bodies[:] = [body for body in bodies if not body["visual_settings"]["hasLogo"]]
    assert results(run(dynamodb, json.dumps(without_logo))) == ["present"] * 5
    assert listed(client) == before


def test_a_dry_run_says_what_would_happen(client: Client, dynamodb: DynamoDBClient) -> None:
    client.create()
    text = exported(client)
    assert results(run(dynamodb, text, "b", dry_run=True)) == ["new"]
    assert listed(client, "b") == {}


def test_a_deleted_code_leads_to_its_link_again(client: Client, dynamodb: DynamoDBClient) -> None:
    created = client.create(is_dynamic=True, visual_settings=LOOK)
    before, text = listed(client), exported(client)
    client("DELETE", created["id"])
    assert results(run(dynamodb, text)) == ["new"]
    assert listed(client) == before
    target = LinkStore(dynamodb, LINKS).target(created["content"].rpartition("/")[2])
    assert target is not None
    assert (target.url, target.qr_id) == (
        created["content_data"]["url"],
        client("GET").body["data"]["qrCodes"][0]["id"],
    )


def test_a_printed_code_that_another_account_has_is_reported(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    created = client.create(is_dynamic=True)
    text = exported(client)
    alias = created["short_url"].rpartition("/")[2]
    assert "The account has no link" in reason(run(dynamodb, text, "b"))
    short_urls("DELETE", alias, query={"release_alias": "true"})
    short_urls.create(account="b", custom_alias=alias, url="https://shop.example/")
    assert "held for the account that used it, and a printed code cannot change" in reason(
        run(dynamodb, text, "b")
    )
    assert listed(client, "b") == {}


def test_a_link_keeps_the_qr_code_that_it_has(client: Client, dynamodb: DynamoDBClient) -> None:
    created = client.create(is_dynamic=True)
    text = exported(client)
    client("DELETE", created["id"])
    client.create(content_data={"url": created["short_url"]}, is_dynamic=True)
    assert "already has a QR code" in reason(run(dynamodb, text))


def test_a_qr_code_that_was_changed_since_the_import_stays(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    client.create(is_dynamic=True, name="Old", visual_settings=LOOK)
    links, text = exported_links(short_urls), exported(client)
    empty(dynamodb)
    run_links(dynamodb, links)
    (qr_code,) = client("GET").body["data"]["qrCodes"]
    client("PATCH", qr_code["id"], body={"name": "New"})
    assert results(run(dynamodb, text)) == ["present"]
    assert client.get(qr_code["id"])["name"] == "New"


def test_the_second_row_for_a_link_is_rejected(client: Client, dynamodb: DynamoDBClient) -> None:
    created = client.create(is_dynamic=True)
    header, row = exported(client).splitlines(keepends=True)
    client("DELETE", created["id"])
    first, second = run(dynamodb, header + row + row)
    assert first.result is Result.NEW
    assert "An earlier row has this code" in reason([second])


def test_a_code_of_another_address_is_drawn_with_the_one_of_here(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    created = client.create(is_dynamic=True)
    links, text = exported_links(short_urls), exported(client)
    empty(dynamodb)
    run_links(dynamodb, links)
    assert results(run(dynamodb, text, base_url=ELSEWHERE)) == ["new"]
    assert list(listed(client)) == [f"{ELSEWHERE}/{created['content'].rpartition('/')[2]}"]


def test_qr_codes_on_domains_are_restored_where_they_were_printed(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    hosts = ("promo.go.example.com", "link.acme.test")
    create_domain(dynamodb, "a", hosts[0])
    create_domain(dynamodb, "a", hosts[1], kind=DomainKind.BRANDED)
    for number in range(2):
        client.create(is_dynamic=True, subdomain="promo", name=f"{number}", visual_settings=LOOK)
    moved = short_urls("GET").body["data"]["shortUrls"][0]["id"]
    short_urls("PATCH", moved, body={"branded_domain": hosts[1], "custom_alias": "moved"})
    before, links, codes = listed(client), exported_links(short_urls), exported(client)
    assert {body["short_url"].split("/")[2] for body in before.values()} == set(hosts)
    assert {content.split("/")[2] for content in before} == {hosts[0]}
    empty(dynamodb)
    create_domain(dynamodb, "a", hosts[0])
    create_domain(dynamodb, "a", hosts[1], kind=DomainKind.BRANDED)
    run_links(dynamodb, links)
    assert results(run(dynamodb, codes)) == ["new", "new"]
    assert listed(client) == before
    assert results(run(dynamodb, codes)) == ["present", "present"]
