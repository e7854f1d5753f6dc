"""How a key is used, from the request to its record."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.model import KeyUse
from ops.smoke.assertions import SHORT_URLS, bearer
from project.origins import SOMEBODY
from project.stack import Stack


def awaited(stack: Stack, key_id: str, condition: Callable[[KeyUse | None], bool]) -> KeyUse | None:
    """What is known of the key once it is so; it takes a moment, off the path of the request."""
    client = stack.deployment.session.client("dynamodb", endpoint_url=stack.env.endpoint)
    store = KeyUseStore(client, stack.deployment.outputs["ActivityTable"])
    deadline = time.monotonic() + 60
    while not condition(use := store.find([key_id]).get(key_id)):
        assert time.monotonic() < deadline, use
    return use


def test_a_request_shows_up_as_its_keys_use(stack: Stack, http: httpx.Client) -> None:
    secret, key_id = stack.key("read", account="used")
    agent = {"User-Agent": 'a "quoted" agent'}
    assert http.get(SHORT_URLS, headers=bearer(secret) | agent).status_code == 200
    use = awaited(stack, key_id, lambda use: use is not None)
    assert use is not None
    assert use.last is not None
    assert (use.last.route, use.last.status) == (f"GET {SHORT_URLS}", 200)
    assert (use.last.ip, use.last.user_agent) == ("127.0.0.1", 'a "quoted" agent')
    assert use.permissions == {"read"}
    assert use.exposed_at is None


def test_a_key_in_a_url_is_exposed(stack: Stack, http: httpx.Client) -> None:
    secret, key_id = stack.key("read", account="used")
    assert http.get(SHORT_URLS, params={"api_key": secret}).status_code == 200
    awaited(stack, key_id, lambda use: use is not None and use.exposed_at is not None)


def test_a_revoked_key_is_not_used(stack: Stack, http: httpx.Client) -> None:
    secret, key_id = stack.key("read", account="used")
    witness, witness_id = stack.key("read", account="used")
    stack.deployment.keys.revoke("used", key_id, by=SOMEBODY)
    assert http.get(SHORT_URLS, headers=bearer(secret)).status_code == 401
    assert http.get(SHORT_URLS, headers=bearer(witness)).status_code == 200
    # Lines are handed on in order, so that the refused one has been read as well.
    awaited(stack, witness_id, lambda use: use is not None)
    assert awaited(stack, key_id, lambda _use: True) is None
