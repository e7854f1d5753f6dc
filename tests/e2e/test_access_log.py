"""What an owner is told about the requests with a key, from the gateway to the access log."""

from __future__ import annotations

import time
from itertools import cycle, islice
from typing import Any

import httpx

from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, refresher
from project.stack import Stack

SENT = 100


def kinds(secret: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Answered, refused for want of a permission, not there, with the key in a URL, malformed."""
    key = {"headers": bearer(secret)}
    return [
        ("GET", SHORT_URLS, key),
        ("POST", SHORT_URLS, {**key, "json": {"url": "https://example.com/"}}),
        ("GET", f"{SHORT_URLS}/none", key),
        ("GET", SHORT_URLS, {"params": {"api_key": secret}}),
        ("GET", SHORT_URLS, {**key, "params": {"page": "x"}}),
    ]


def test_the_log_has_exactly_the_requests_that_were_made(
    stack: Stack, person: Person, http: httpx.Client
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"])
    secret, key_id = stack.key("read", account=stack.env.account, name="logged")
    made = {}
    for method, path, sent in islice(cycle(kinds(secret)), SENT):
        response = http.request(method, path, **sent)
        made[response.headers["x-request-id"]] = (method, response.status_code)
    assert len(made) == SENT

    def logged() -> dict[str, tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        query = {"key_id": key_id, "limit": "100"}
        while True:
            page = http.get("/api/v1/access-logs", headers=session, params=query).json()["data"]
            assert secret not in str(page)
            found |= {one["id"]: (one["method"], one["status"]) for one in page["requests"]}
            if page["next_cursor"] is None:
                return found
            query["cursor"] = page["next_cursor"]

    deadline = time.monotonic() + 90
    while len(found := logged()) < SENT:
        assert time.monotonic() < deadline, f"{len(found)} of {SENT}"
        time.sleep(0.5)
    assert found == made
    usage = http.get(f"/api/v1/api-keys/{key_id}/usage", headers=session).json()["data"]
    assert usage["requests"] == SENT
    assert sum(route["failed"] for route in usage["routes"]) == sum(
        status >= 400 for _, status in made.values()
    )
    table = http.get("/api/v1/access-logs/export", headers=session, params={"key_id": key_id})
    assert len(table.text.splitlines()) == SENT + 1
    assert http.get("/api/v1/access-logs", headers=bearer(secret)).status_code == 403
