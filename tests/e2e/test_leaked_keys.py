"""Reports of leaked keys, from outside."""

from __future__ import annotations

import httpx

from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack

PATH = "/api/v1/leaked-keys"


def test_nobody_can_revoke_a_key_without_a_scanners_signature(
    stack: Stack, http: httpx.Client
) -> None:
    secret, _ = stack.key("read", account="leaked")
    report = [{"token": secret, "type": "jmpy_api_key", "url": "https://example.com/"}]
    for headers in ({}, bearer(secret)):
        response = http.post(PATH, json=report, headers=headers)
        assert (response.status_code, response.json()["error"]["code"]) == (
            401,
            "INVALID_SIGNATURE",
        )
        assert response.headers["x-request-id"]
        assert secret not in response.text
    assert http.get(SHORT_URLS, headers=bearer(secret)).status_code == 200
    assert http.get(PATH).status_code == 405
