"""The reference of `/api/v1/short-urls` as clients know it, through the gateway: create and list.

Where the public sources spell a thing in two ways, both are promised.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import httpx
import pytest

from project.stack import Stack
from tests.e2e.contract import CAMPAIGN, FRESH, PLAIN, URL, Client, assert_refused, data

SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture(scope="module")
def api(stack: Stack, http: httpx.Client) -> Client:
    return Client(http, stack.key("read", "write", "delete", account="contract")[0])


@pytest.fixture(scope="module")
def shelf(stack: Stack, http: httpx.Client) -> Client:
    """An account with three links, for the lists."""
    client = Client(http, stack.key("read", "write", account="contract-lists")[0])
    client.create(
        name="b", custom_alias="shelf-1", url="https://one.example/", campaign_id=CAMPAIGN
    )
    client.expired(name="c", custom_alias="shelf-3")
    client.create(name="a", custom_alias="shelf-2")
    return client


# ---------------------------------------------------------------- POST /short-urls


def test_create_answers_with_every_documented_field(api: Client, stack: Stack) -> None:
    link = api.create()
    assert {name: link[name] for name in link if name not in FRESH} == PLAIN
    assert set(link) >= FRESH
    assert str(UUID(link["id"])) == link["id"]
    assert link["short_url"] == link["full_url"] == f"{stack.env.base_url}/{link['short_code']}"
    assert SECOND.fullmatch(link["created_at"])
    assert link["updated_at"] == link["created_at"]


def test_create_takes_every_documented_field(api: Client) -> None:
    sent = {
        "name": "Couple \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}",
        "custom_alias": "Contract_Alias-1",
        "expires_at": "2031-05-06T07:08:09+02:00",
        "tracking_enabled": False,
        "url_type": "standard",
        "campaign_id": CAMPAIGN,
        "password": "correct horse 1",
        "tags": ["a", "b"],
        "is_dynamic": True,
        "qrCode": False,
        "channel": "popclip",
    }
    link = api.create(**sent)
    for name in sent.keys() - {"password", "qrCode", "expires_at"}:
        assert link[name] == sent[name]
    assert link["short_code"] == sent["custom_alias"]
    assert link["expires_at"] == "2031-05-06T05:08:09Z"
    assert link["is_password_protected"] is True
    assert "correct horse" not in str(link)
    assert data(api("GET", f"/{link['id']}")) == link


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({}, "VALIDATION_ERROR", "url"),
        ({"url": "ftp://example.com/"}, "INVALID_URL", "url"),
        ({"url": "example.com"}, "INVALID_URL", "url"),
        ({"url": f"https://example.com/{'x' * 8000}"}, "INVALID_URL", "url"),
        ({"url": URL, "custom_alias": "ab"}, "VALIDATION_ERROR", "custom_alias"),
        ({"url": URL, "custom_alias": "x" * 51}, "VALIDATION_ERROR", "custom_alias"),
        ({"url": URL, "custom_alias": "a b"}, "VALIDATION_ERROR", "custom_alias"),
        ({"url": URL, "custom_alias": "API"}, "VALIDATION_ERROR", "custom_alias"),
        ({"url": URL, "name": "x" * 256}, "VALIDATION_ERROR", "name"),
        ({"url": URL, "expires_at": "soon"}, "VALIDATION_ERROR", "expires_at"),
        ({"url": URL, "tracking_enabled": "yes"}, "VALIDATION_ERROR", "tracking_enabled"),
        ({"url": URL, "password": "short"}, "VALIDATION_ERROR", "password"),
        ({"url": URL, "password": "x" * 65}, "VALIDATION_ERROR", "password"),
        ({"url": URL, "campaign_id": "summer"}, "VALIDATION_ERROR", "campaign_id"),
        ({"url": URL, "url_type": "branded"}, "VALIDATION_ERROR", "url_type"),
        ({"url": URL, "qrCode": True}, "VALIDATION_ERROR", "qrCode"),
        ({"url": URL, "colour": "red"}, "VALIDATION_ERROR", "colour"),
    ],
    ids=str,
)
def test_create_names_the_field_that_it_refuses(
    api: Client, sent: dict[str, Any], code: str, field: str
) -> None:
    assert_refused(api("POST", json=sent), 422, code, field)


def test_an_alias_is_one_links_alone_and_case_sensitive(api: Client) -> None:
    api.create(custom_alias="contract-Taken")
    again = api("POST", json={"url": URL, "custom_alias": "contract-Taken"})
    assert_refused(again, 409, "ALIAS_TAKEN", "custom_alias")
    api.create(custom_alias="contract-taken")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_body_is_json(api: Client, method: str) -> None:
    path = "" if method == "POST" else f"/{api.create()['id']}"
    broken = api(method, path, content=b'{"url":', headers={"Content-Type": "application/json"})
    assert_refused(broken, 400, "INVALID_REQUEST")
    for other in ({"data": {"url": URL}}, {"files": {"url": "x"}}):
        assert_refused(api(method, path, **other), 415, "UNSUPPORTED_MEDIA_TYPE")


def test_an_idempotency_key_makes_a_create_happen_once(api: Client) -> None:
    key = {"Idempotency-Key": "contract-1"}
    first, again = (api("POST", json={"url": URL}, headers=key) for _ in range(2))
    assert data(first, 201) == data(again, 201)
    other = api("POST", json={"url": URL, "name": "other"}, headers=key)
    assert_refused(other, 422, "VALIDATION_ERROR")
    long = api("POST", json={"url": URL}, headers={"Idempotency-Key": "x" * 256})
    assert_refused(long, 400, "INVALID_REQUEST")


# ---------------------------------------------------------------- GET /short-urls


def test_a_list_has_links_and_its_pagination_in_both_places(shelf: Client) -> None:
    body = shelf("GET").json()
    assert set(body) == {"success", "data", "pagination"}
    assert set(body["data"]) == {"shortUrls", "pagination"}
    assert body["data"]["pagination"] == body["pagination"]
    numbers = {"page": 1, "limit": 20, "total": 3, "total_pages": 1, "totalPages": 1}
    assert body["pagination"] == {**numbers, "next_cursor": None}
    for link in body["data"]["shortUrls"]:
        assert set(link) == set(PLAIN) | FRESH
        assert data(shelf("GET", f"/{link['id']}")) == link


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "acb"),  # the newest first
        ({"sort": "created_at", "order": "asc"}, "bca"),
        ({"sort": "name", "order": "asc"}, "abc"),
        ({"sort": "name"}, "cba"),
        ({"sort": "short_code", "order": "asc"}, "bac"),
        ({"sort": "clicks", "order": "asc"}, "bca"),
        ({"limit": 2}, "ac"),
        ({"limit": 2, "page": 2}, "b"),
        ({"page": 3}, ""),
        ({"search": "SHELF-3"}, "c"),
        ({"search": "one.example"}, "b"),
        ({"status": "expired"}, "c"),
        ({"status": "active"}, "ab"),
        ({"status": "disabled"}, ""),
        ({"campaign_id": CAMPAIGN}, "b"),
        ({"campaignId": CAMPAIGN}, "b"),
        ({"source": "URL_SHORTENER"}, "acb"),
        ({"url_type": "standard"}, "acb"),
        ({"urlType": "standard"}, "acb"),
        ({"start_date": "2020-01-01T00:00:00Z"}, "acb"),
        ({"startDate": "2120-01-01T00:00:00Z"}, ""),
        ({"end_date": "2020-01-01T00:00:00Z"}, ""),
        ({"endDate": "2120-01-01T00:00:00Z"}, "acb"),
        ({"qrCode": "false"}, "acb"),
    ],
    ids=str,
)
def test_a_list_is_paged_sorted_and_filtered(
    shelf: Client, query: dict[str, Any], names: str
) -> None:
    assert "".join(shelf.names(**query)) == names


def test_a_cursor_leads_through_the_pages(shelf: Client) -> None:
    first = shelf("GET", params={"limit": 2}).json()
    assert first["pagination"]["total_pages"] == first["pagination"]["totalPages"] == 2
    assert shelf.names(limit=2, cursor=first["pagination"]["next_cursor"]) == ["b"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": "x"},
        {"page": 0},
        {"sort": "colour"},
        {"order": "up"},
        {"status": "odd"},
        {"start_date": "soon"},
        {"cursor": "x"},
        {"limt": 5},
    ],
    ids=str,
)
def test_a_list_refuses_what_it_does_not_know(shelf: Client, query: dict[str, Any]) -> None:
    assert_refused(shelf("GET", params=query), 400, "INVALID_REQUEST")


@pytest.mark.parametrize("query", [{"url_type": "branded"}, {"qrCode": "true"}], ids=str)
def test_a_list_refuses_what_is_not_there_yet(shelf: Client, query: dict[str, Any]) -> None:
    assert_refused(shelf("GET", params=query), 422, "VALIDATION_ERROR", *query)
