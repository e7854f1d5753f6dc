"""Keys that were rotated or changed, through the gateway. That a revoked key stops working within
five seconds is a check of the smoke test (ops/smoke/keys.py)."""

from __future__ import annotations

import httpx

from ops.smoke.assertions import SHORT_URLS, bearer
from project.origins import SOMEBODY
from project.stack import Stack
from tests.e2e.conftest import INVALID_API_KEY, assert_response


def test_a_rotated_key_works_beside_its_successor_until_it_is_revoked(
    stack: Stack, http: httpx.Client
) -> None:
    old, key_id = stack.key("read")
    issued = stack.deployment.keys.rotate("e2e", key_id, grace_period=3600, by=SOMEBODY)
    stack.secrets.append(issued.secret)
    for secret in (old, issued.secret):
        assert http.get(SHORT_URLS, headers=bearer(secret)).status_code == 200


def test_a_key_rotated_without_grace_is_refused(stack: Stack, http: httpx.Client) -> None:
    old, key_id = stack.key("read")
    issued = stack.deployment.keys.rotate("e2e", key_id, 0, by=SOMEBODY)
    stack.secrets.append(issued.secret)
    assert_response(http.get(SHORT_URLS, headers=bearer(old)), 401, INVALID_API_KEY)
    assert http.get(SHORT_URLS, headers=bearer(issued.secret)).status_code == 200


def test_a_re_scoped_key_has_its_new_permissions(stack: Stack, http: httpx.Client) -> None:
    secret, key_id = stack.key("read")
    stack.deployment.keys.change("e2e", key_id, permissions=["write"], by=SOMEBODY)
    response = http.post(SHORT_URLS, json={"url": "https://example.com/"}, headers=bearer(secret))
    assert response.status_code == 201
