"""The reference of `/api/v1/short-urls/{id}` and its neighbours, through the gateway: read, change
and delete one link, ask for an alias, find a destination."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from ops.smoke.assertions import SHORT_URLS, bearer, specified
from project.stack import Stack
from tests.e2e.conftest import FORBIDDEN, INVALID_API_KEY, UNAUTHORIZED
from tests.e2e.contract import CAMPAIGN, FRESH, PLAIN, Client, assert_refused, data


@pytest.fixture(scope="module")
def api(stack: Stack, http: httpx.Client) -> Client:
    return Client(http, stack.key("read", "write", "delete", account="contract-link")[0])


# ---------------------------------------------------------------- GET /short-urls/{id}


def test_a_link_is_read_by_uuid_code_and_alias(api: Client) -> None:
    plain, named = api.create(), api.create(custom_alias="by-Alias")
    for link, reference in ((plain, "id"), (plain, "short_code"), (named, "custom_alias")):
        response = api("GET", f"/{link[reference]}")
        assert set(data(response)) == set(PLAIN) | FRESH
        assert data(response) == link
        assert response.headers["etag"] == '"1"'


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "reference", ["01a2067f-1cf8-78ae-b1f2-93cb8207e699", "no-such-alias", "by-alias", "%22", "%00"]
)
def test_a_link_that_is_not_there_is_not_found(api: Client, method: str, reference: str) -> None:
    body = {"name": "x"} if method in ("PUT", "PATCH") else None
    assert_refused(api(method, f"/{reference}", json=body), 404, "NOT_FOUND")


# ---------------------------------------------------------------- PUT, PATCH /short-urls/{id}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({"url": "https://example.com/2"}, {"original_url": "https://example.com/2"}),
        ({"name": "new"}, {"name": "new"}),
        ({"name": None}, {"name": None}),
        ({"tracking_enabled": False}, {"tracking_enabled": False}),
        ({"campaign_id": CAMPAIGN}, {"campaign_id": CAMPAIGN}),
        ({"password": "correct horse 1"}, {"is_password_protected": True}),
        ({"expires_at": "2032-01-01T00:00:00Z"}, {"expires_at": "2032-01-01T00:00:00Z"}),
        ({"expires_at": None}, {"expires_at": None}),
        ({"is_dynamic": True}, {"is_dynamic": True}),
        ({"dynamic": True}, {"is_dynamic": True}),
        ({"tags": ["x"]}, {"tags": ["x"]}),
        ({"tags": None}, {"tags": []}),
        ({"status": "disabled"}, {"status": "disabled"}),
        ({"name": "new", "url_type": "standard", "qrCode": False}, {"name": "new"}),
    ],
    ids=str,
)
def test_a_change_changes_the_fields_that_are_sent_and_no_other(
    api: Client, method: str, sent: dict[str, Any], changed: dict[str, Any]
) -> None:
    before = api.create(name="old", expires_at="2031-01-01T00:00:00Z", tags=["a"])
    response = api(method, f"/{before['id']}", json=sent)
    after = data(response)
    assert {**after, "updated_at": None} == {**before, **changed, "updated_at": None}
    assert after["updated_at"] >= before["updated_at"]
    assert response.headers["etag"] == '"2"'
    assert data(api("GET", f"/{before['id']}")) == after


@pytest.mark.parametrize(
    "sent", [{}, {"name": ""}, {"url": None}, {"url_type": "standard"}], ids=str
)
def test_a_change_of_nothing_is_no_way_to_read(api: Client, sent: dict[str, Any]) -> None:
    link = api.create()
    response = api("PATCH", f"/{link['id']}", json=sent)
    assert_refused(response, 422, "VALIDATION_ERROR")
    assert link["original_url"] not in response.text


def test_a_changed_alias_moves_the_short_url(api: Client, stack: Stack) -> None:
    link = api.create(custom_alias="moves-1")
    moved = data(api("PUT", "/moves-1", json={"custom_alias": "moves-2"}))
    assert moved["id"] == link["id"]
    assert moved["short_code"] == moved["custom_alias"] == "moves-2"
    assert moved["short_url"] == moved["full_url"] == f"{stack.env.base_url}/moves-2"
    assert_refused(api("GET", "/moves-1"), 404, "NOT_FOUND")
    api.create(custom_alias="moves-1")
    taken = api("PUT", "/moves-2", json={"custom_alias": "moves-1"})
    assert_refused(taken, 409, "ALIAS_TAKEN", "custom_alias")


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"url": "ftp://example.com/"}, "INVALID_URL", "url"),
        ({"custom_alias": "a b"}, "VALIDATION_ERROR", "custom_alias"),
        ({"expires_at": "soon"}, "VALIDATION_ERROR", "expires_at"),
        ({"password": "short"}, "VALIDATION_ERROR", "password"),
        ({"campaign_id": "summer"}, "VALIDATION_ERROR", "campaign_id"),
        ({"status": "expired"}, "VALIDATION_ERROR", "status"),
        ({"subdomain": "go"}, "VALIDATION_ERROR", "subdomain"),
        ({"branded_domain": "go.example"}, "VALIDATION_ERROR", "branded_domain"),
        ({"colour": "red"}, "VALIDATION_ERROR", "colour"),
    ],
    ids=str,
)
def test_a_change_names_the_field_that_it_refuses(
    api: Client, sent: dict[str, Any], code: str, field: str
) -> None:
    link = api.create()
    assert_refused(api("PUT", f"/{link['id']}", json=sent), 422, code, field)
    assert data(api("GET", f"/{link['id']}")) == link


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_if_match_guards_what_others_changed(api: Client, method: str) -> None:
    one = f"/{api.create()['id']}"
    body = {"name": "mine"} if method != "DELETE" else None
    stale = api("GET", one).headers["etag"]
    data(api("PUT", one, json={"name": "theirs"}, headers={"If-Match": stale}))
    refused = api(method, one, json=body, headers={"If-Match": stale})
    assert_refused(refused, 412, "PRECONDITION_FAILED")
    malformed = api(method, one, json=body, headers={"If-Match": "2"})
    assert_refused(malformed, 400, "INVALID_REQUEST")
    current = api("GET", one).headers["etag"]
    data(api(method, one, json=body, headers={"If-Match": current}))


# ---------------------------------------------------------------- DELETE /short-urls/{id}


@pytest.mark.parametrize("by", ["id", "short_code", "custom_alias"])
def test_delete_is_for_good_and_frees_the_code(api: Client, by: str) -> None:
    link = api.create(custom_alias="deleted")
    response = api("DELETE", f"/{link[by]}")
    assert "deleted" in data(response)["message"]
    assert set(response.json()) == {"success", "data", "timestamp"}
    assert datetime.fromisoformat(response.json()["timestamp"]).tzinfo is not None
    assert_refused(api("GET", f"/{link['id']}"), 404, "NOT_FOUND")
    assert_refused(api("DELETE", f"/{link['id']}"), 404, "NOT_FOUND")
    assert api.create(custom_alias="deleted")["id"] != link["id"]
    data(api("DELETE", "/deleted"))


# ---------------------------------------------------------------- GET /short-urls/check-alias


@pytest.mark.parametrize(
    ("alias", "state"),
    [
        ("contract-free", "available"),
        ("Asked", "taken"),
        ("asked", "available"),
        ("a", "invalid"),
        ("login", "invalid"),
    ],
)
def test_check_alias_says_whether_and_why_not(
    api: Client, stack: Stack, alias: str, state: str
) -> None:
    if alias == "Asked":
        api.create(custom_alias="Asked")
    found = data(api("GET", "/check-alias", params={"alias": alias, "url_type": "standard"}))
    assert found.pop("message")
    assert found == {
        "available": state == "available",
        "state": state,
        "held_until": None,
        "alias": alias,
        "url_type": "standard",
        "subdomain": None,
        "branded_domain": None,
        "full_url": f"{stack.env.base_url}/{alias}",
    }


def test_check_alias_needs_an_alias(api: Client) -> None:
    assert_refused(api("GET", "/check-alias"), 400, "INVALID_REQUEST", "alias")
    branded = {"alias": "abc", "url_type": "branded", "branded_domain": "go.example"}
    assert_refused(api("GET", "/check-alias", params=branded), 422, "VALIDATION_ERROR", "url_type")


# ---------------------------------------------------------------- GET /short-urls/lookup


def test_lookup_finds_the_links_of_a_destination(api: Client) -> None:
    url = "https://example.com/looked-up?a=b"
    made = [api.create(url=url) for _ in range(2)]
    assert data(api("GET", "/lookup", params={"url": url})) == {"shortUrls": made}
    assert data(api("GET", "/lookup", params={"url": f"{url}c"})) == {"shortUrls": []}
    assert_refused(api("GET", "/lookup"), 400, "INVALID_REQUEST", "url")
    assert_refused(api("GET", "/lookup", params={"url": "x"}), 422, "INVALID_URL", "url")


# ---------------------------------------------------------------- of every route


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "", "GET, POST"),
        ("DELETE", "", "GET, POST"),
        ("POST", "/some-link", "DELETE, GET, PATCH, PUT"),
        ("POST", "/check-alias", "GET"),
        ("POST", "/lookup", "GET"),
    ],
)
def test_another_method_is_answered_with_those_that_are_served(
    api: Client, method: str, path: str, allowed: str
) -> None:
    response = api(method, path)
    assert_refused(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["", "/some-link", "/check-alias?alias=abc", "/lookup?url=x"])
def test_every_route_asks_for_a_key_that_may(http: httpx.Client, stack: Stack, path: str) -> None:
    responses = [
        http.get(SHORT_URLS + path),
        http.get(SHORT_URLS + path, headers=bearer("jmpy_wrong")),
        http.get(SHORT_URLS + path, headers=bearer(stack.key("analytics")[0])),
    ]
    assert [specified(response) for response in responses] == [
        UNAUTHORIZED,
        INVALID_API_KEY,
        FORBIDDEN,
    ]
    assert [response.status_code for response in responses] == [401, 401, 403]


def test_an_expired_link_is_gone_for_visitors_and_there_for_its_owner(
    http: httpx.Client, api: Client
) -> None:
    link = api.expired()
    assert http.get(f"/{link['short_code']}").status_code == 410
    assert data(api("GET", f"/{link['id']}"))["status"] == "expired"
