"""What only an idle stack shows: Lambda freezes the authorizer's execution environments, and what
they remember has to grow old all the same.

A group of its own, because it takes a minute of silence: nothing may ask meanwhile.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ops.smoke.answers import INVALID_API_KEY, SHORT_URLS, assert_answer, data
from ops.smoke.keys import BOUND

if TYPE_CHECKING:
    import httpx

    from ops.smoke.ground import Ground

AT_ONCE = 4
"""Requests, so that the key is known to whichever environments there are: one request more would
not tell which of them served it."""


def revoked_after_a_freeze(ground: Ground) -> str:
    issued = ground.key("read")
    for answer in _ask(ground, issued.secret):
        data(answer)
    time.sleep(ground.idle)
    ground.target.keys.revoke(ground.account, issued.record.id, by=ground.target.operator)
    time.sleep(BOUND)
    for answer in _ask(ground, issued.secret):
        assert_answer(answer, 401, INVALID_API_KEY)
    return f"after {ground.idle:.0f} s without a request"


def _ask(ground: Ground, secret: str) -> list[httpx.Response]:
    """At once, so that no environment answers for another."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [pool.submit(ground.ask, "GET", SHORT_URLS, secret) for _ in range(AT_ONCE)]
        return [request.result() for request in asked]


CHECKS = {"a key revoked while the stack is idle stops working": revoked_after_a_freeze}
