"""Daily limits, exact and reported in headers; the usage plan of API Gateway, which is neither."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from httpx import codes

from jmpy.clock import DAY
from jmpy.formats.times import iso
from jmpy.limits.plan import LimitClass
from ops.smoke.assertions import SHORT_URLS, Wrong, assert_response, data, expect, expect_header
from ops.smoke.fixtures import FEW

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from ops.smoke.fixtures import Fixture

LINK = {"url": "https://example.com/"}
THROTTLED = {
    "success": False,
    "error": {
        "code": "RATE_LIMIT_EXCEEDED",
        "message": "Too many requests; slow down and try again",
    },
}

_AT_ONCE = 4
_MOST = 400
"""Requests until the plan Free, of five a second, has to have throttled one."""


def headers(fixture: Fixture) -> None:
    first, second = (fixture.send("GET", SHORT_URLS, fixture.secret()) for _ in range(2))
    limit, left = (int(expect_header(first, f"X-RateLimit-{n}")) for n in ("Limit", "Remaining"))
    if not 0 <= left < limit:
        raise Wrong(f"{left} of {limit} requests are left")
    expect("requests left", int(expect_header(second, "X-RateLimit-Remaining")), left - 1)
    expect("reset, past midnight UTC", int(expect_header(first, "X-RateLimit-Reset")) % DAY, 0)
    expect_header(first, "RateLimit-Policy", f'"daily";q={limit};w={DAY}')
    expect_header(first, "RateLimit")


def daily_limit(fixture: Fixture) -> None:
    for left in reversed(range(FEW)):
        made = _patient(fixture)
        data(made, 201)
        expect_header(made, "X-RateLimit-Remaining", str(left))
    throttled = _patient(fixture)
    reset = int(expect_header(throttled, "X-RateLimit-Reset"))
    reset_at = iso(reset)
    message = f"The daily limit of {FEW} for url_creation is used up; it resets at {reset_at}"
    details = {"limit": FEW, "remaining": 0, "reset_at": reset_at}
    error = {"code": "RATE_LIMIT_EXCEEDED", "message": message, "details": details}
    assert_response(throttled, 429, {"success": False, "error": error})
    if not 1 <= int(expect_header(throttled, "Retry-After")) <= DAY:
        raise Wrong("Retry-After is not within a day")


def budget(fixture: Fixture) -> None:
    """As the authorizer passes it on through API Gateway."""
    secret = fixture.key("read", limits={LimitClass.URL_READS: 1}).secret
    served = fixture.send("GET", SHORT_URLS, secret)
    data(served)
    expect_header(served, "X-RateLimit-Remaining", "0")
    expect_header(served, "RateLimit-Policy", f'"key-daily";q=1;w={DAY}')
    throttled = fixture.send("GET", SHORT_URLS, secret)
    expect("status", throttled.status_code, 429)
    error = throttled.json()["error"]
    expect("code", error["code"], "RATE_LIMIT_EXCEEDED")
    expect("whose limit it is", error["details"]["scope"], "key")
    data(fixture.send("GET", SHORT_URLS, fixture.secret()))


def usage_plan(fixture: Fixture) -> str:
    """AWS promises no exact rate here, so that the first rejection is enough."""
    if fixture.target.usage_plan_keys.shared:
        return "not tried, because accounts of others share the key"
    secret = _small_secret(fixture)

    def ask(_: int) -> httpx.Response:
        return fixture.send("GET", "/api/v1/usage", secret)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for asked in range(0, _MOST, _AT_ONCE):
            responses = list(pool.map(ask, range(_AT_ONCE)))
            for number, response in enumerate(responses, 1):
                if response.status_code == codes.TOO_MANY_REQUESTS:
                    assert_response(response, 429, THROTTLED)
                    expect_header(response, "Retry-After", "1")
                    return f"after {asked + number} requests"
    raise Wrong(f"{_MOST} requests of an account on Free went through unthrottled")


def _patient(fixture: Fixture) -> httpx.Response:
    """To make a link, waiting as long as the usage plan of the edge asks for."""
    deadline = time.monotonic() + fixture.patience
    while True:
        response = fixture.send("POST", SHORT_URLS, _small_secret(fixture), json=LINK)
        of_the_edge = "X-RateLimit-Limit" not in response.headers
        if response.status_code != codes.TOO_MANY_REQUESTS or not of_the_edge:
            return response
        if time.monotonic() > deadline:
            raise Wrong(f"API Gateway throttled every request for {fixture.patience:.0f} seconds")
        time.sleep(int(expect_header(response, "Retry-After")))


def _small_secret(fixture: Fixture) -> str:
    return next(key.secret for key in fixture.keys if key.record.account_id == fixture.small)


CHECKS: dict[str, Callable[[Fixture], str | None]] = {
    "X-RateLimit-* and RateLimit headers count down": headers,
    f"a daily limit of {FEW} lets {FEW} pass, then 429 with details": daily_limit,
    "a key's daily budget of 1 lets 1 pass, then 429 that names it": budget,
    "the usage plan of the edge throttles: 429 with Retry-After": usage_plan,
}
