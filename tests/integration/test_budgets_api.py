"""The daily budgets of keys in `/api/v1/api-keys`: `limits`, and what is used of them today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.limits.plan import MAX_LIMIT
from project import functions
from tests.integration.api_keys import Keys
from tests.integration.short_urls import errors_of

if TYPE_CHECKING:
    from jmpy.accounts.model import Account
    from project.functions import Response


@pytest.fixture
def keys(account: Account) -> Keys:
    return Keys()


def with_budget(key: dict[str, Any], line: str | None = None) -> dict[str, str]:
    """The key as the authorizer identifies it."""
    limits = " ".join(f"{name}={limit}" for name, limit in key["limits"].items())
    budget = {"budget": f"{line or key['id']} {limits}"} if limits else {}
    return functions.authorizer_context("read", "acme") | {"key_id": key["id"]} | budget


def current(key: dict[str, Any], line: str | None = None) -> Response:
    sent = functions.event("GET", "/api/v1/api-keys/current", authorizer=with_budget(key, line))
    return functions.call(functions.load("keys").handler, sent)


def used_today(keys: Keys, key: dict[str, Any]) -> Any:
    return keys.usage(key["id"]).body["data"]["today"]


def read_links(key: dict[str, Any], line: str | None = None) -> Response:
    sent = functions.event("GET", "/api/v1/short-urls", authorizer=with_budget(key, line))
    return functions.call(functions.load("links").handler, sent)


def test_a_key_is_created_with_a_budget_and_shows_it(keys: Keys) -> None:
    created = keys.create(limits={"url_reads": 5, "analytics": 0})
    assert created["limits"] == {"url_reads": 5, "analytics": 0}
    assert keys("GET", created["id"]).body["data"]["limits"] == created["limits"]
    assert keys("GET").body["data"]["api_keys"][0]["limits"] == created["limits"]
    assert keys.create()["limits"] == keys.create(limits=None)["limits"] == {}


@pytest.mark.parametrize("nothing", [None, {}])
def test_a_change_replaces_the_budget_as_a_whole_and_nothing_removes_it(
    keys: Keys, nothing: Any
) -> None:
    key_id = keys.create(limits={"url_reads": 5, "analytics": 0})["id"]

    def change(body: dict[str, Any]) -> Any:
        response = keys("PATCH", key_id, body=body)
        assert response.status == 200
        return response.body["data"]["limits"]

    assert change({"limits": {"url_creation": 7.0}}) == {"url_creation": 7}
    assert change({"name": "two"}) == {"url_creation": 7}
    assert change({"limits": nothing}) == {}


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"links": 5}, "limits"),
        ({"url_reads": -1}, "limits.url_reads"),
        ({"url_reads": MAX_LIMIT + 1}, "limits.url_reads"),
        ({"url_reads": "5"}, "limits.url_reads"),
        ({"url_reads": 1.5}, "limits.url_reads"),
        ({"url_reads": True}, "limits.url_reads"),
        ({"url_reads": None}, "limits.url_reads"),
        ([], "limits"),
        (5, "limits"),
    ],
)
def test_an_impossible_budget_is_rejected_with_its_field(
    keys: Keys, limits: Any, field: str
) -> None:
    key_id = keys.create()["id"]
    for response in (
        keys("POST", body={"name": "CI", "permissions": ["read"], "limits": limits}),
        keys("PATCH", key_id, body={"limits": limits}),
    ):
        assert (response.status, list(errors_of(response))) == (422, [field])
    assert keys("GET", key_id).body["data"]["limits"] == {}


def test_use_and_remainder_of_today_are_the_keys_and_its_owners_to_read(keys: Keys) -> None:
    key = keys.create(limits={"url_reads": 3, "url_creation": 9})
    for _ in range(4):
        read_links(key)
    response = current(key)
    assert response.body["data"]["limits"] == {"url_creation": 9, "url_reads": 3}
    today = response.body["data"]["today"]
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert today == {
        "date": str(tomorrow - timedelta(days=1)),
        "reset_at": f"{tomorrow}T00:00:00Z",
        "limits": {
            "url_creation": {"limit": 9, "used": 0, "remaining": 9},
            "url_reads": {"limit": 3, "used": 3, "remaining": 0},
        },
    }
    assert used_today(keys, key) == today
    # Not counted, and about the tighter limit.
    assert response.headers["x-ratelimit-remaining"] == "0"


def test_a_successor_shows_what_the_keys_before_it_have_used(keys: Keys) -> None:
    old = keys.create(limits={"url_reads": 3})
    read_links(old)
    new = keys.rotate(old["id"]).body["data"]
    assert new["limits"] == {"url_reads": 3}
    read_links(new, line=old["id"])
    for key in (old, new):
        assert used_today(keys, key)["limits"]["url_reads"]["used"] == 2
    assert current(new, line=old["id"]).body["data"]["today"] == used_today(keys, old)


def test_a_key_without_a_budget_has_no_use_of_one(keys: Keys) -> None:
    key = keys.create()
    read_links(key)
    assert current(key).body["data"]["today"]["limits"] == used_today(keys, key)["limits"] == {}
