"""The reference of `/api/v1/bulk-urls` as clients know it, through the gateway."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from project.stack import Stack
from tests.e2e.contract import FRESH, PLAIN, Client, assert_refused, data

CSV = (
    "url,custom_alias,name,domain,tags\r\n"
    'https://example.com/1,{prefix}-1,"One, the first",,"a,b"\r\n'
    "https://example.com/2,,,,\r\n"
    "ftp://example.com/3,,,,\r\n"
)
ROW_1 = {"original_url": "https://example.com/1", "name": "One, the first", "tags": ["a", "b"]}


@pytest.fixture(scope="module")
def bulk(stack: Stack, http: httpx.Client) -> Client:
    return Client(http, stack.key("write", account="contract-bulk")[0], "/api/v1/bulk-urls")


@pytest.fixture(scope="module")
def links(stack: Stack, http: httpx.Client) -> Client:
    return Client(http, stack.key("read", "write", account="contract-bulk")[0])


def as_file(text: str) -> dict[str, Any]:
    return {"files": {"file": ("links.csv", text, "text/csv")}}


def as_json(text: str) -> dict[str, Any]:
    return {"json": {"csv_content": text}}


def as_items(text: str) -> dict[str, Any]:
    """The rows of CSV above, as the items of a preview."""
    urls = [line.split(",")[0] for line in text.splitlines()[1:]]
    items = [{"original_url": url} for url in urls]
    alias = text.splitlines()[1].split(",")[1]
    return {"json": {"validated_urls": [{**items[0], **ROW_1, "custom_alias": alias}, *items[1:]]}}


@pytest.mark.parametrize("sent", [as_file, as_json])
def test_validate_tells_what_create_would_do_and_does_nothing(
    bulk: Client, links: Client, sent: Any
) -> None:
    before = links("GET").json()["pagination"]["total"]
    response = bulk("POST", "/validate", **sent(CSV.format(prefix="preview")))
    found = data(response)
    assert set(response.json()) == {"success", "data", "message"}
    assert found["validation"] == {"total": 3, "valid": 2, "invalid": 1}
    preview = found["preview"]
    valid, invalid = preview.pop("valid_urls"), preview.pop("invalid_urls")
    left = preview.pop("available_limit")
    assert 0 < left <= 100_000  # of the plan enterprise
    assert preview == {"will_create": 2, "will_skip": 1}
    first = {**ROW_1, "row": 1, "custom_alias": "preview-1", "domain": None}
    assert valid[0] == first
    assert [row["original_url"] for row in valid] == [f"https://example.com/{n}" for n in (1, 2)]
    assert [(row["row"], row["code"]) for row in invalid] == [(3, "INVALID_URL")]
    assert invalid[0]["original_url"] == "ftp://example.com/3"
    assert [problem["field"] for problem in invalid[0]["errors"]] == ["original_url"]
    assert links("GET").json()["pagination"]["total"] == before


@pytest.mark.parametrize("sent", [as_file, as_json, as_items])
def test_create_makes_the_rows_that_are_right_and_names_the_others(
    bulk: Client, links: Client, sent: Any
) -> None:
    alias = f"{sent.__name__}-1"
    response = bulk("POST", "/create", **sent(CSV.format(prefix=sent.__name__)))
    made = data(response, 201)
    assert set(response.json()) == {"success", "data", "message"}
    assert made["results"] == {"total": 3, "created": 2, "failed": 1}
    assert [(row["row"], row["code"]) for row in made["failed"]] == [(3, "INVALID_URL")]
    first, second = made["created"]
    assert {**first, **ROW_1} == first
    assert first["short_code"] == first["custom_alias"] == alias
    for link in (first, second):
        assert set(link) == set(PLAIN) | FRESH
        assert link["source"] == "BULK_IMPORT"
        assert data(links("GET", f"/{link['short_code']}")) == link


def test_a_preview_can_be_sent_back_as_it_is(bulk: Client) -> None:
    preview = data(bulk("POST", "/validate", **as_json(CSV.format(prefix="back"))))["preview"]
    made = data(bulk("POST", "/create", json={"validated_urls": preview["valid_urls"]}), 201)
    assert made["results"] == {"total": 2, "created": 2, "failed": 0}


def test_an_alias_that_is_taken_fails_its_row_only(bulk: Client, links: Client) -> None:
    links.create(custom_alias="bulk-taken")
    rows = "url,custom_alias\nhttps://a.example/,bulk-taken\nhttps://b.example/,bulk-free\n"
    invalid = data(bulk("POST", "/validate", **as_json(rows)))["preview"]["invalid_urls"]
    made = data(bulk("POST", "/create", **as_json(rows)), 201)
    for failed in (invalid, made["failed"]):
        assert [(row["row"], row["code"]) for row in failed] == [(1, "ALIAS_TAKEN")]
    assert [link["custom_alias"] for link in made["created"]] == ["bulk-free"]


@pytest.mark.parametrize("path", ["/validate", "/create"])
@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"json": {}}, 422, "VALIDATION_ERROR"),
        ({"json": {"csv_content": "url\n"}}, 422, "VALIDATION_ERROR"),
        ({"json": {"csv_content": "link\nhttps://a.example/\n"}}, 422, "VALIDATION_ERROR"),
        ({"json": {"csv_content": "url\n" + "https://a.example/\n" * 1001}}, 422,
         "VALIDATION_ERROR"),
        ({"json": {"csv_content": "url\n" + "x" * 5 * 1024**2}}, 413, "PAYLOAD_TOO_LARGE"),
        ({"json": {"colour": "red"}}, 422, "VALIDATION_ERROR"),
        ({"data": {"csv_content": "url"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400,
         "INVALID_REQUEST"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400,
         "INVALID_REQUEST"),
    ],
    ids=["nothing", "no rows", "no url", "1,001 rows", "5 MB", "unknown", "form", "{", "cut off"],
)  # fmt: skip
def test_an_upload_that_cannot_be_read_is_refused(
    bulk: Client, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    assert_refused(bulk("POST", path, **sent), status, code)


def test_a_create_of_nothing_but_failures_is_refused_row_by_row(bulk: Client) -> None:
    response = bulk("POST", "/create", **as_json("url\nftp://a.example/\n"))
    assert_refused(response, 422, "VALIDATION_ERROR")
    (failed,) = response.json()["error"]["details"]["failed"]
    assert (failed["row"], failed["code"]) == (1, "INVALID_URL")


@pytest.mark.parametrize("path", ["/validate", "/create"])
def test_another_method_is_answered_with_post(bulk: Client, path: str) -> None:
    response = bulk("GET", path)
    assert_refused(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"


def test_bulk_needs_the_permission_write(http: httpx.Client, stack: Stack) -> None:
    reader = Client(http, stack.key("read", "delete", "analytics")[0], "/api/v1/bulk-urls")
    for path in ("/validate", "/create"):
        assert_refused(
            reader("POST", path, **as_json("url\nhttps://a.example/\n")), 403, "FORBIDDEN"
        )
