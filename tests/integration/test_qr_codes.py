"""The resources `/api/v1/qr-codes` and `/_/qr`, through their functions."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import resvg_py
import zxingcpp
from PIL import Image

from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.links.errors import LinkNotFound
from jmpy.links.store import LinkStore
from jmpy.redirect.lookup import RedirectLookup
from project import functions
from project.tables import AUDIT, LINKS, SALTS
from tests.integration.qr_codes import URL, Client
from tests.integration.short_urls import BASE_URL, errors_of
from tests.integration.short_urls import Client as ShortUrls

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.model import Target
    from project.functions import Response

LATER = "2030-01-31T12:00:00Z"


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def short_urls(dynamodb: DynamoDBClient) -> ShortUrls:
    return ShortUrls()


def scanned(data_url: str) -> str:
    """What a scanner reads from a PNG."""
    head, _, body = data_url.partition(",")
    assert head == "data:image/png;base64"
    return read(base64.b64decode(body))


def read(png: bytes) -> str:
    found = zxingcpp.read_barcode(Image.open(BytesIO(png)))
    assert found is not None
    return found.text


def image(qr_id: str, method: str = "GET", suffix: str = ".svg", **sent: Any) -> Response:
    name = f"{qr_id}{suffix}"
    event = functions.event(
        method,
        f"/_/qr/{name}",
        resource="/_/qr/{file}",
        parameters={"file": name},
        authorizer=None,
        **sent,
    )
    return functions.call(functions.load("qr_images").handler, event)


def follow(dynamodb: DynamoDBClient, url: str) -> Target:
    return RedirectLookup(dynamodb, LINKS, SALTS).follow(url.rpartition("/")[2])


def test_a_static_code_contains_its_content(client: Client) -> None:
    created = client.create(name="Menu")
    assert scanned(created["dataURL"]) == created["content"] == URL
    assert (created["is_dynamic"], created["tracking_enabled"]) == (False, False)
    assert (created["short_url_id"], created["short_url"]) == (None, None)
    assert client.get(created["id"]) == created


def test_a_dynamic_code_contains_a_short_url_of_its_own(
    client: Client, dynamodb: DynamoDBClient
) -> None:
    created = client.create(is_dynamic=True, tracking_enabled=True)
    assert scanned(created["dataURL"]) == created["content"]
    assert re.fullmatch(rf"{re.escape(BASE_URL)}/\w{{7}}", created["content"])
    assert created["content"] != created["short_url"]
    target = follow(dynamodb, created["content"])
    assert (target.url, target.qr_id, target.is_dynamic) == (URL, created["id"], True)
    assert follow(dynamodb, created["short_url"]).qr_id is None


def test_its_destination_changes_and_its_image_never(
    client: Client, dynamodb: DynamoDBClient
) -> None:
    created = client.create(is_dynamic=True)
    body = {"content_data": {"url": f"{URL}/2"}, "name": "Second"}
    changed = client("PUT", created["id"], body=body).body["data"]["qrCode"]
    assert changed["content_data"] == {"url": f"{URL}/2"}
    assert changed["name"] == "Second"
    assert changed["dataURL"] == created["dataURL"]
    assert follow(dynamodb, created["content"]).url == f"{URL}/2"
    assert follow(dynamodb, created["short_url"]).url == f"{URL}/2"


def test_settings_of_a_link_are_those_of_its_qr_code(client: Client, short_urls: ShortUrls) -> None:
    created = client.create(tracking_enabled=True, password="long enough", expires_at=LATER)
    assert (created["is_password_protected"], created["expires_at"]) == (True, LATER)
    body = {"is_password_protected": False, "expires_at": None, "tracking_enabled": False}
    changed = client("PATCH", created["id"], body=body).body["data"]["qrCode"]
    assert (changed["is_password_protected"], changed["expires_at"]) == (False, None)
    assert changed["tracking_enabled"] is False
    link = short_urls("GET", created["short_url_id"]).body["data"]
    assert link["tracking_enabled"] is False
    assert link["source"] == "QR_CODE_GENERATOR"


def test_a_code_for_a_short_url_leads_to_that(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    link = short_urls.create(url=URL, custom_alias="menu")
    sent: dict[str, Any] = {
        "content_data": {"url": link["short_url"]},
        "use_short_url": True,
    }
    created = client.create(**sent)
    assert created["short_url_id"] == link["id"]
    assert created["short_url"] == link["short_url"]
    target = follow(dynamodb, created["content"])
    assert (target.link_id, target.qr_id, target.url) == (link["id"], created["id"], URL)
    again = client.generate(sent)
    assert (again.status, again.code) == (409, "QR_CODE_EXISTS")
    assert again.body["error"]["details"] == {"id": created["id"]}
    assert LinkStore(dynamodb, LINKS).count("a") == 1


@pytest.mark.parametrize("path", ["nothing", "", "api/v1", "a/b"])
def test_a_url_of_this_service_has_to_be_a_short_url_of_the_account(
    client: Client, short_urls: ShortUrls, path: str
) -> None:
    short_urls.create(account="b", custom_alias="theirs")
    for of_ours in (path, "theirs"):
        response = client.generate(
            {"content_data": {"url": f"{BASE_URL}/{of_ours}"}, "is_dynamic": True}
        )
        assert response.status == 422
        assert "short URL of your account" in errors_of(response)["content_data.url"]


@pytest.mark.parametrize("name", ["password", "expires_at"])
def test_settings_of_a_link_need_one(client: Client, name: str) -> None:
    values = {"password": "long enough", "expires_at": LATER}
    response = client.generate({name: values[name]})
    assert (response.status, list(errors_of(response))) == (422, [name])
    static = client.create()
    response = client("PATCH", static["id"], body={name: values[name]})
    assert (response.status, list(errors_of(response))) == (422, [name])


@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("wifi", {"ssid": "Café", "password": "long enough"}),
        ("text", {"text": "日本語"}),
        ("vcard", {"name": "Doe;John\nTEL:+1"}),
    ],
)
def test_only_a_web_address_is_behind_a_short_url(
    client: Client, content_type: str, data: dict[str, Any]
) -> None:
    body: dict[str, Any] = {"content_type": content_type, "content_data": data}
    created = client.create(**body)
    assert scanned(created["dataURL"]) == created["content"]
    response = client.generate({**body, "tracking_enabled": True})
    assert (response.status, list(errors_of(response))) == (422, ["tracking_enabled"])


def test_content_of_a_code_that_is_only_tracked_cannot_change(client: Client) -> None:
    for created in (client.create(tracking_enabled=True), client.create()):
        response = client("PATCH", created["id"], body={"content_data": {"url": URL}})
        assert (response.status, list(errors_of(response))) == (422, ["content_data"])


def test_changed_content_is_of_the_type_of_the_code(client: Client) -> None:
    created = client.create(is_dynamic=True)
    response = client("PUT", created["id"], body={"content_data": {"text": "x"}})
    assert response.status == 422
    assert set(errors_of(response)) == {"content_data.url", "content_data.text"}
    assert client("PUT", created["id"], body={}).status == 422


def test_looks_are_drawn_exactly_and_bad_ones_are_rejected(client: Client) -> None:
    look = {"foregroundColor": "#1a2b6d", "size": 377, "margin": 2, "errorCorrectionLevel": "H"}
    created = client.create(visual_settings=look)
    drawn = Image.open(BytesIO(base64.b64decode(created["dataURL"].partition(",")[2])))
    assert drawn.size == (377, 377)
    assert {**created["visual_settings"], **look} == created["visual_settings"]
    for bad, field in (
        ({"foregroundColor": "#ffff00"}, "foregroundColor"),
        ({"foregroundColor": "#fff", "backgroundColor": "#000"}, "foregroundColor"),
        ({"margin": 0}, "margin"),
        ({"size": 50, "margin": 20}, "size"),
        ({"logoUrl": "https://169.254.169.254/latest"}, "logoUrl"),
        ({"logoUrl": "data:image/svg+xml,<svg/>"}, "logoUrl"),
    ):
        response = client.generate({"visual_settings": bad})
        assert (response.status, list(errors_of(response))) == (422, [f"visual_settings.{field}"])


def test_a_logo_is_stored_with_its_code(client: Client, dynamodb: DynamoDBClient) -> None:
    file = BytesIO()
    Image.new("RGB", (40, 40), "#aa0000").save(file, "PNG")
    logo = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    created = client.create(is_dynamic=True, logo=logo)
    assert created["visual_settings"]["hasLogo"] is True
    assert created["visual_settings"]["errorCorrectionLevel"] == "H"
    assert scanned(created["dataURL"]) == created["content"]
    assert "data:image/png" in image(created["id"]).text


@pytest.mark.parametrize(
    ("image_format", "start"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")]
)
def test_every_format_comes_as_a_data_url(client: Client, image_format: str, start: bytes) -> None:
    created = client.create(output_format=image_format)
    read = client.get(created["id"], query={"output_format": image_format})
    assert base64.b64decode(read["dataURL"].partition(",")[2]).startswith(start)
    assert read == created


def test_the_public_image_is_what_scanners_read_and_is_stored_by_browsers(client: Client) -> None:
    created = client.create(is_dynamic=True)
    assert created["qr_code_url"] == f"{BASE_URL}/_/qr/{created['id']}.svg"
    response = image(created["id"])
    assert response.status == 200
    assert response.headers["content-type"].startswith("image/svg+xml")
    assert response.headers["cache-control"] == "public, max-age=86400"
    assert "sandbox" in response.headers["content-security-policy"]
    assert read(bytes(resvg_py.svg_to_bytes(svg_string=response.text))) == created["content"]
    stored = image(created["id"], headers={"If-None-Match": response.headers["etag"]})
    assert (stored.status, stored.text) == (304, "")


def test_there_is_no_image_of_anything_else(client: Client) -> None:
    created = client.create()
    for qr_id, suffix in (
        (created["id"], ".png"),
        (created["id"], ""),
        (created["id"].upper(), ".svg"),
        ("019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b", ".svg"),
        ("nothing", ".svg"),
    ):
        assert image(qr_id, suffix=suffix).status == 404
    response = image(created["id"], "POST")
    assert (response.status, response.headers["allow"]) == (405, "GET, HEAD")


def test_a_deleted_code_leads_nowhere_and_its_short_url_remains(
    client: Client, dynamodb: DynamoDBClient
) -> None:
    created = client.create(is_dynamic=True)
    assert client("DELETE", created["id"]).status == 200
    assert client("GET", created["id"]).status == 404
    assert image(created["id"]).status == 404
    with pytest.raises(LinkNotFound):
        follow(dynamodb, created["content"])
    assert follow(dynamodb, created["short_url"]).url == URL
    entries = AuditLog(dynamodb, AUDIT).page("a", EntryFilter(target_id=created["id"]), 5).entries
    assert [entry.action for entry in entries] == [Action.QR_CODE_DELETED]


def test_the_code_of_a_deleted_short_url_stays(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    created = client.create(is_dynamic=True, name="Poster")
    short_urls("DELETE", created["short_url_id"])
    left = client.get(created["id"])
    assert (left["short_url_id"], left["short_url"], left["name"]) == (None, None, "Poster")
    assert left["dataURL"] == created["dataURL"]
    response = client("PATCH", created["id"], body={"content_data": {"url": URL}})
    assert response.status == 409
    renamed = client("PATCH", created["id"], body={"name": "Old poster"})
    assert renamed.body["data"]["qrCode"]["name"] == "Old poster"
    assert client("DELETE", created["id"]).status == 200


def test_an_account_sees_only_its_own(client: Client) -> None:
    created = client.create(is_dynamic=True)
    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        assert client(method, created["id"], account="b", body=body).status == 404
    assert client("GET", account="b").body["data"]["qrCodes"] == []


def test_a_retried_request_creates_one(client: Client) -> None:
    for body in ({}, {"is_dynamic": True}):
        headers = {"Idempotency-Key": f"order-{len(body)}"}
        first, second = (client.generate(body, headers=headers) for _ in range(2))
        assert first.body == second.body
    assert client("GET").body["data"]["pagination"]["totalCount"] == 2


def test_a_change_can_require_the_version_that_was_read(client: Client) -> None:
    created = client.create(is_dynamic=True)
    tag = client("GET", created["id"]).headers["etag"]
    body = {"content_data": {"url": f"{URL}/2"}}
    assert client("PATCH", created["id"], body=body, headers={"If-Match": tag}).status == 200
    for method in ("PATCH", "DELETE"):
        response = client(method, created["id"], body=body, headers={"If-Match": tag})
        assert (response.status, response.code) == (412, "PRECONDITION_FAILED")


def test_pages_sorts_and_filters(client: Client) -> None:
    names = ["b", "A", "c"]
    for name in names:
        client.create(name=name, is_dynamic=name == "A", tracking_enabled=name == "c")

    def listed(**query: str) -> list[str]:
        response = client("GET", query=query)
        assert response.status == 200, response
        return [one["name"] for one in response.body["data"]["qrCodes"]]

    assert listed() == ["c", "A", "b"]
    assert listed(sortOrder="asc") == names
    assert listed(sortBy="name", sortOrder="asc") == ["A", "b", "c"]
    assert listed(sortBy="scans") == ["c", "A", "b"]
    assert listed(qrType="dynamic") == ["A"]
    assert listed(qrType="tracked") == ["c"]
    assert listed(qrType="static") == ["b"]
    assert listed(search="MENU") == ["c", "A", "b"]
    assert listed(search="a") == ["c", "A", "b"]
    assert listed(source="BULK_IMPORT") == []
    assert listed(dateRange="last_hour") == ["c", "A", "b"]
    assert listed(page="2", limit="2") == ["b"]
    page = client("GET", query={"page": "2", "limit": "2"}).body["data"]["pagination"]
    assert page == {
        "page": 2, "limit": 2, "totalCount": 3, "totalPages": 2, "hasNext": False, "hasPrev": True,
    }  # fmt: skip
    assert client("GET", query={"qrType": "square"}).status == 400


def test_a_short_url_is_created_with_its_qr_code(
    client: Client, short_urls: ShortUrls, dynamodb: DynamoDBClient
) -> None:
    link = short_urls.create(url=URL, qrCode=True, name="Menu")
    assert scanned(link["qr_code"]) == link["qr_content"] != link["short_url"]
    target = follow(dynamodb, link["qr_content"])
    assert (target.link_id, target.qr_id) == (link["id"], link["qr_code_id"])
    created = client.get(link["qr_code_id"])
    assert (created["content"], created["dataURL"]) == (link["qr_content"], link["qr_code"])
    assert (created["source"], created["name"]) == ("URL_SHORTENER", "Menu")
    assert created["qr_code_url"] == link["qr_code_url"]
    without_image = short_urls.create(qrCode=True, qrFormat="json")
    assert without_image["qr_code"] is None
    assert without_image["qr_content"]


def test_a_retried_create_has_the_same_qr_code(client: Client, short_urls: ShortUrls) -> None:
    headers = {"Idempotency-Key": "order-1"}
    body = {"url": URL, "qrCode": True}
    first, second = (short_urls("POST", body=body, headers=headers) for _ in range(2))
    assert first.body == second.body
    assert client("GET").body["data"]["pagination"]["totalCount"] == 1


def test_a_list_has_the_qr_codes_that_are_requested(short_urls: ShortUrls) -> None:
    plain, coded = short_urls.create(), short_urls.create(qrCode=True)
    for query, with_image in (
        ({"qrCode": "true"}, True),
        ({"qrCode": "true", "qrFormat": "json"}, False),
    ):
        listed = short_urls("GET", query=query).body["data"]["shortUrls"]
        contents = {one["id"]: one["qr_content"] for one in listed}
        assert contents == {plain["id"]: plain["short_url"], coded["id"]: coded["qr_content"]}
        for one in listed:
            found = scanned(one["qr_code"]) if with_image else one["qr_code"]
            assert found == (one["qr_content"] if with_image else None)
    listed = short_urls("GET").body["data"]["shortUrls"]
    assert [one["qr_code"] for one in listed] == [None, None]


def test_an_upload_creates_a_qr_code_for_every_link(client: Client) -> None:
    """Thirty: more than fit into one transaction."""
    bulk = functions.load("bulk")
    rows = [{"original_url": f"{URL}/{number}"} for number in range(30)]
    event = functions.event(
        "POST",
        "/api/v1/bulk-urls/create",
        body={"validated_urls": rows, "qrCode": True},
        authorizer=functions.authorizer_context(account="a"),
    )
    response = functions.call(bulk.handler, event)
    assert response.status == 201, response
    created = response.body["data"]["created"]
    assert len({link["qr_content"] for link in created}) == 30
    page = client("GET", query={"source": "BULK_IMPORT", "limit": "100"}).body["data"]
    assert {one["short_url_id"] for one in page["qrCodes"]} == {link["id"] for link in created}
    assert client("GET").body["data"]["pagination"]["totalCount"] == 30
