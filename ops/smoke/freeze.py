"""What only an idle stack shows: Lambda freezes the authorizer's execution environments, and what
they remember has to grow old all the same.

A group of its own, because it takes a minute of silence: no request may come meanwhile.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ops.smoke.assertions import INVALID_API_KEY, SHORT_URLS, assert_response, data
from ops.smoke.keys import BOUND

if TYPE_CHECKING:
    import httpx

    from ops.smoke.fixtures import Fixture

AT_ONCE = 4
"""Requests, so that the key is known to whichever environments there are: one request more would
not tell which of them served it."""


def revoked_after_a_freeze(fixture: Fixture) -> str:
    issued = fixture.key("read")
    for response in _send_at_once(fixture, issued.secret):
        data(response)
    time.sleep(fixture.idle)
    fixture.target.keys.revoke(fixture.account, issued.record.id, by=fixture.target.operator)
    time.sleep(BOUND)
    for response in _send_at_once(fixture, issued.secret):
        assert_response(response, 401, INVALID_API_KEY)
    return f"after {fixture.idle:.0f} s without a request"


def _send_at_once(fixture: Fixture, secret: str) -> list[httpx.Response]:
    """So that no environment serves the requests of another."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(fixture.send, "GET", SHORT_URLS, secret) for _ in range(AT_ONCE)]
        return [request.result() for request in sent]


CHECKS = {"a key revoked while the stack is idle stops working": revoked_after_a_freeze}
