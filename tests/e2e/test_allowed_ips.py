"""A key that is restricted to addresses, from its list to what its owner learns of a denial."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx

from jmpy.keys import token
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, refresher
from project.stack import Stack
from tests.e2e.test_alerts import awaited
from tests.e2e.test_country import FROM_CDN, SECRET, trust

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

BOUND = 5


def test_a_restricted_key_works_from_its_addresses_only_and_its_owner_is_alerted(
    stack: Stack, person: Person, http: httpx.Client, lambdas: LambdaClient
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"])
    secret, key_id = stack.key("read", account=stack.env.account, name="restricted")
    one = f"/api/v1/api-keys/{key_id}"

    def call(**headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return http.get(SHORT_URLS, headers=bearer(secret) | named)

    def logged() -> list[dict[str, Any]]:
        query = {"key_id": key_id, "status": "401"}
        page = http.get("/api/v1/access-logs", headers=session, params=query).json()["data"]
        found: list[dict[str, Any]] = page["requests"]
        return found

    def alert() -> dict[str, Any] | None:
        query = {"key_id": key_id}
        page = http.get("/api/v1/alerts", headers=session, params=query).json()["data"]
        return next((a for a in page["alerts"] if a["rule"] == "disallowed-address"), None)

    assert call().status_code == 200
    changed = http.patch(one, headers=session, json={"allowed_ips": ["2001:DB8::7/64"]})
    narrowed = time.monotonic()
    assert changed.json()["data"]["adjusted_ips"] == [
        {"sent": "2001:DB8::7/64", "stored": "2001:db8::/64"}
    ]
    # A request that begins after the bound must be denied, however long earlier ones took.
    while time.monotonic() - narrowed < BOUND and call().status_code == 200:
        time.sleep(0.1)
    unknown = http.get(SHORT_URLS, headers=bearer(token.generate()))
    for denied in (
        call(),
        call(X_Forwarded_For="2001:db8::7"),
        call(X_Jmpy_Edge="a guess", **FROM_CDN),
    ):
        assert (denied.status_code, denied.content) == (401, unknown.content)
    trust(lambdas, sha256(SECRET.encode()).hexdigest())
    try:
        assert call(X_Jmpy_Edge=SECRET, **FROM_CDN).status_code == 200
        assert call(X_Jmpy_Edge="a guess", **FROM_CDN).status_code == 401
    finally:
        trust(lambdas, "")
    requests = awaited("the access log", lambda: found if len(found := logged()) >= 4 else None)
    assert {request["denial_reason"] for request in requests} == {"address"}
    found = awaited("the alert", alert)
    assert found["evidence"]["ip_address"] == requests[0]["ip_address"]

    def preview() -> dict[str, Any] | None:
        """Once the log has the request that came through the CDN, of an address on the list."""
        body = {"allowed_ips": ["2001:db8::7"]}
        found = http.post(f"{one}/allowed-ips/preview", headers=session, json=body).json()["data"]
        return found if found["requests"] != found["denied"] else None

    data = awaited("the preview", preview)
    assert data["denied"] == data["requests"] - 1
    http.delete(one, headers=session)
