"""What the holder of an API key reaches of `/api/v1/api-keys`, through the gateway; and keys that
are made at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from jmpy.accounts.errors import AccountChanged
from jmpy.keys.errors import TooManyKeys
from ops.smoke.assertions import SHORT_URLS, bearer
from project.origins import SOMEBODY
from project.stack import Stack
from tests.e2e.conftest import FORBIDDEN, INVALID_API_KEY, UNAUTHORIZED, assert_response

API_KEYS = "/api/v1/api-keys"
CURRENT = f"{API_KEYS}/current"
BOUND = 5.0
"""Seconds after which a revoked key is refused."""

MANAGING: list[tuple[str, str, Any]] = [
    ("GET", API_KEYS, None),
    ("POST", API_KEYS, {"name": "more", "permissions": ["read"]}),
    ("GET", f"{API_KEYS}/{{id}}", None),
    ("PATCH", f"{API_KEYS}/{{id}}", {"permissions": ["read", "write", "delete", "analytics"]}),
    ("DELETE", f"{API_KEYS}/{{id}}", None),
    ("POST", f"{API_KEYS}/{{id}}/rotate", {"grace_period": 0}),
]


@pytest.mark.parametrize("operation", MANAGING, ids=lambda operation: " ".join(operation[:2]))
def test_no_key_manages_keys_whatever_it_may_do(
    stack: Stack, http: httpx.Client, everything: str, operation: tuple[str, str, Any]
) -> None:
    method, path, body = operation
    _, key_id = stack.key("read", name="victim")
    before = stack.deployment.keys.of_account("e2e")
    for credential in (
        {"headers": bearer(everything)},
        {"headers": {"X-API-Key": everything}},
        {"params": {"api_key": everything}},
    ):
        response = http.request(method, path.format(id=key_id), json=body, **credential)  # type: ignore[arg-type]
        assert_response(response, 403, FORBIDDEN)
    assert stack.deployment.keys.of_account("e2e") == before


def test_nobody_is_told_that_a_key_is_needed(http: httpx.Client) -> None:
    for method, path in (("GET", API_KEYS), ("DELETE", CURRENT)):
        assert_response(http.request(method, path), 401, UNAUTHORIZED)


@pytest.mark.parametrize("permission", ["read", "analytics"])
def test_a_key_reads_what_it_is(stack: Stack, http: httpx.Client, permission: str) -> None:
    secret, key_id = stack.key(permission, name="self")
    response = http.get(CURRENT, headers=bearer(secret))
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    data = response.json()["data"]
    assert (data["id"], data["name"], data["plan"]) == (key_id, "self", "enterprise")
    assert (data["permissions"], data["status"]) == ([permission], "active")
    assert (data["prefix"], data["last_four"]) == (secret[:9], secret[-4:])
    assert secret not in response.text


def test_every_key_can_revoke_itself(stack: Stack, http: httpx.Client) -> None:
    secret, key_id = stack.key("analytics")
    response = http.delete(CURRENT, headers={"X-API-Key": secret})
    revoked = time.monotonic()
    assert response.status_code == 200
    assert (response.json()["data"]["id"], response.json()["data"]["status"]) == (key_id, "revoked")
    # A request that begins after the bound must be refused, however long earlier ones took.
    while time.monotonic() - revoked < BOUND:
        if http.get(CURRENT, headers=bearer(secret)).status_code == 401:
            break
    assert_response(http.get(CURRENT, headers=bearer(secret)), 401, INVALID_API_KEY)


def test_a_key_for_headers_only_is_refused_in_the_query(stack: Stack, http: httpx.Client) -> None:
    stack.key("read")  # the account
    issued = stack.deployment.keys.create("e2e", "headers", ["read"], header_only=True, by=SOMEBODY)
    stack.secrets.append(issued.secret)
    for path in (SHORT_URLS, CURRENT):
        response = http.get(path, params={"api_key": issued.secret})
        assert_response(response, 401, INVALID_API_KEY)
        for headers in (bearer(issued.secret), {"X-API-Key": issued.secret}):
            assert http.get(path, headers=headers).status_code == 200


def test_a_path_lists_its_methods_for_other_methods(http: httpx.Client, everything: str) -> None:
    response = http.put(CURRENT, headers=bearer(everything))
    assert (response.status_code, response.headers["allow"]) == (405, "DELETE, GET")


def test_keys_created_concurrently_do_not_exceed_the_limit(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jmpy.keys.working_limit.MAX_WORKING", 3)
    stack.account("crowd")
    keys = stack.deployment.keys

    def create(number: int) -> int:
        try:
            stack.secrets.append(keys.create("crowd", str(number), ["read"], by=SOMEBODY).secret)
        except (TooManyKeys, AccountChanged):
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(16))) == 3
    assert len(keys.of_account("crowd")) == 3
