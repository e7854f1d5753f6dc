"""Reports of leaked keys, from outside."""

from __future__ import annotations

import httpx

from tests.e2e.conftest import SHORT_URLS, Stack, bearer

PATH = "/api/v1/leaked-keys"


def test_nobody_can_revoke_a_key_without_a_scanners_signature(
    stack: Stack, http: httpx.Client
) -> None:
    secret, _ = stack.key("read", account="leaked")
    report = [{"token": secret, "type": "jmpy_api_key", "url": "https://example.com/"}]
    for headers in ({}, bearer(secret)):
        answer = http.post(PATH, json=report, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "INVALID_SIGNATURE")
        assert answer.headers["x-request-id"]
        assert secret not in answer.text
    assert http.get(SHORT_URLS, headers=bearer(secret)).status_code == 200
    assert http.get(PATH).status_code == 405
