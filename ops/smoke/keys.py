"""What happens to keys and around them: revocation, their use, signing in to manage them."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

from jmpy.activity.key_usage_store import KeyUseStore
from ops.smoke.assertions import (
    INVALID_API_KEY,
    SHORT_URLS,
    Wrong,
    assert_response,
    data,
    expect,
    expect_header,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.smoke.fixtures import Fixture

BOUND = 5.0
"""Seconds after which a revoked key is denied."""


def revoked_in_time(fixture: Fixture) -> str:
    issued = fixture.key("read")
    data(fixture.send("GET", SHORT_URLS, issued.secret))
    fixture.target.keys.revoke(fixture.account, issued.record.id, by=fixture.target.operator)
    revoked = time.monotonic()
    # A request that begins after the bound has to be denied, however long earlier ones took.
    while (waited := time.monotonic() - revoked) < BOUND:
        if fixture.send("GET", SHORT_URLS, issued.secret).is_client_error:
            break
    assert_response(fixture.send("GET", SHORT_URLS, issued.secret), 401, INVALID_API_KEY)
    return f"after {waited:.1f} s"


def works_at_once(fixture: Fixture) -> None:
    """Although API Gateway has not applied the new account's usage plan key."""
    fixture.target.accounts.ensure(fixture.new, by=fixture.target.operator)
    issued = fixture.key("read", account=fixture.new)
    data(fixture.send("GET", SHORT_URLS, issued.secret))


def revokes_itself(fixture: Fixture) -> None:
    issued = fixture.key("read")
    current = "/api/v1/api-keys/current"
    expect("id", data(fixture.send("GET", current, issued.secret))["id"], issued.record.id)
    data(fixture.send("DELETE", current, issued.secret))
    state = fixture.target.keys.get(fixture.account, issued.record.id).state(time.time())
    expect("the key's status", state, "revoked")


def use_is_known(fixture: Fixture, user_agent: str = "smoke test") -> str:
    """From the access log, by way of its subscription."""
    issued = fixture.key("read")
    data(fixture.send("GET", SHORT_URLS, issued.secret, headers={"User-Agent": user_agent}))
    target = fixture.target
    uses = KeyUseStore(target.dynamodb, target.outputs["ActivityTable"])
    return fixture.await_that("knowing a key's use", lambda: bool(uses.find([issued.record.id])))


def sign_in(fixture: Fixture) -> None:
    response = fixture.send("GET", "/login")
    there = urljoin(str(response.url), expect_header(response, "Location"))
    query = parse_qs(urlsplit(there).query)
    expect("PKCE", query.get("code_challenge_method"), ["S256"])
    page = fixture.http.get(there, follow_redirects=True)
    if not page.is_success or "text/html" not in page.headers.get("Content-Type", ""):
        raise Wrong(f"no page to sign in at: {page.status_code} {page.text[:200]}")


CHECKS: dict[str, Callable[[Fixture], str | None]] = {
    "a key of a new account works at once": works_at_once,
    f"a revoked key stops working within {BOUND:.0f} s": revoked_in_time,
    "a key describes itself, and revokes itself": revokes_itself,
    "a key's use is known": use_is_known,
    # Should API Gateway cut long lines of the log, nobody could read them.
    "a long User-Agent hides no use of a key": partial(use_is_known, user_agent="x" * 1000),
    "signing in leads to a page": sign_in,
}
