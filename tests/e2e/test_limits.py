"""Plans and limits through the gateway: exact counters, and API Gateway's own throttling."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from jmpy.limits.plan import LimitClass
from ops.smoke.assertions import SHORT_URLS, bearer
from project.origins import SOMEBODY
from project.stack import Stack
from tests.e2e.conftest import assert_response
from tests.e2e.usage_plans import gateway, plan_of_its_own, throttled_after, usage_plan_key

LINK = {"url": "https://example.com/"}
THROTTLED = {
    "success": False,
    "error": {
        "code": "RATE_LIMIT_EXCEEDED",
        "message": "Too many requests; slow down and try again",
    },
}


def patient(http: httpx.Client, method: str, secret: str, **sent: Any) -> httpx.Response:
    """As a good client: waits as long as API Gateway asks for, or a function whose table did not
    answer in time, as the emulator's does not when hundreds ask at once."""
    while True:
        response = http.request(method, SHORT_URLS, headers=bearer(secret), **sent)
        if response.status_code != 503:
            if response.status_code != 429 or "x-ratelimit-limit" in response.headers:
                return response
            assert_response(response, 429, THROTTLED)
        time.sleep(int(response.headers["retry-after"]))


def test_a_free_account_makes_fifty_links_a_day(stack: Stack, http: httpx.Client) -> None:
    secret = stack.key("read", "write", account="on-free", plan="free")[0]
    left = []
    for _ in range(50):
        made = patient(http, "POST", secret, json=LINK)
        assert made.status_code == 201
        assert made.headers["x-ratelimit-limit"] == "50"
        left.append(int(made.headers["x-ratelimit-remaining"]))
    assert left == [*range(49, -1, -1)]
    throttled = patient(http, "POST", secret, json=LINK)
    error = throttled.json()["error"]
    reset = int(throttled.headers["x-ratelimit-reset"])
    reset_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(reset))
    assert_response(
        throttled,
        429,
        {
            "success": False,
            "error": {
                "code": "RATE_LIMIT_EXCEEDED",
                "message": error["message"],
                "details": {"limit": 50, "remaining": 0, "reset_at": reset_at},
            },
        },
    )
    assert reset % 86400 == 0
    assert throttled.headers["x-ratelimit-limit"] == "50"
    assert throttled.headers["x-ratelimit-remaining"] == "0"
    assert throttled.headers["ratelimit-policy"] == '"daily";q=50;w=86400'
    assert throttled.headers["ratelimit"].startswith('"daily";r=0;t=')
    assert 1 <= int(throttled.headers["retry-after"]) <= 86400
    # More keys buy no more budget, and reads have their own.
    another = stack.key("write", account="on-free", plan="free")[0]
    assert patient(http, "POST", another, json=LINK).status_code == 429
    assert patient(http, "GET", secret).status_code == 200


def test_of_five_hundred_requests_at_once_a_limit_of_a_hundred_lets_a_hundred_pass(
    stack: Stack,
) -> None:
    stack.account("racing", limits={LimitClass.URL_CREATION: 100})
    secret = stack.key("write", account="racing")[0]
    with (
        httpx.Client(base_url=stack.env.base_url, timeout=120, trust_env=False) as http,
        ThreadPoolExecutor(8) as pool,
    ):
        # Cold starts first. Eight at once leave a function no processor for so long that it gives
        # up DynamoDB's response, and what was counted lets nobody pass (docs/limits.md).
        list(pool.map(lambda _: patient(http, "GET", secret), range(16)))
        responses = list(pool.map(lambda _: patient(http, "POST", secret, json=LINK), range(500)))
    assert Counter(response.status_code for response in responses) == {201: 100, 429: 400}
    left = [int(a.headers["x-ratelimit-remaining"]) for a in responses if a.status_code == 201]
    assert sorted(left) == list(range(100))


def test_an_edge_plan_throttles_the_account_and_no_other(stack: Stack) -> None:
    secret, sibling = (stack.key("read", account="slow")[0] for _ in range(2))
    other = stack.key("read", account="not-slow")[0]

    def at_once(secret: str) -> list[httpx.Response]:
        with (
            httpx.Client(base_url=stack.env.base_url, timeout=120, trust_env=False) as http,
            ThreadPoolExecutor(8) as pool,
        ):
            return list(pool.map(lambda _: http.get(SHORT_URLS, headers=bearer(secret)), range(8)))

    # The bucket is the account's: its other key is throttled too, and another account is not.
    with throttled_after(stack, "slow", 2):
        responses, of_sibling, of_other = (at_once(key) for key in (secret, sibling, other))
    throttled = [response for response in responses if response.status_code != 200]
    assert len(throttled) == 6
    for response in throttled:
        assert_response(response, 429, THROTTLED)
        assert response.headers["retry-after"] == "1"
        assert "x-ratelimit-limit" not in response.headers
    assert {response.status_code for response in of_sibling} == {429}
    assert {response.status_code for response in of_other} == {200}


def test_a_quota_of_the_edge_is_refused_in_the_envelope(stack: Stack, http: httpx.Client) -> None:
    secret = stack.key("read", account="tiny")[0]
    with plan_of_its_own(stack, "tiny", quota={"limit": 1, "period": "DAY"}):
        passed, second = (http.get(SHORT_URLS, headers=bearer(secret)) for _ in range(2))
    assert passed.status_code == 200
    assert (second.status_code, second.json()["error"]["code"]) == (429, "RATE_LIMIT_EXCEEDED")
    assert "midnight UTC" in second.json()["error"]["message"]
    assert int(second.headers["retry-after"]) >= 1


def test_an_account_without_a_key_at_the_edge_is_our_fault(
    stack: Stack, http: httpx.Client
) -> None:
    secret = stack.key("read", account="lost")[0]
    gateway(stack).delete_api_key(apiKey=usage_plan_key(stack, "lost"))
    failed = http.get(SHORT_URLS, headers=bearer(secret))
    assert (failed.status_code, failed.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    stack.account("lost")  # puts it on its plan once more
    deadline = time.monotonic() + 60
    while (response := http.get(SHORT_URLS, headers=bearer(secret))).status_code != 200:
        assert time.monotonic() < deadline, response.text


def test_a_change_of_plan_leaves_no_moment_without_one(stack: Stack, http: httpx.Client) -> None:
    stack.account("growing", plan="pro")
    secret = stack.key("read", account="growing")[0]
    limits: list[str] = []
    done = threading.Event()

    def ask() -> None:
        """Until the new plan's limit is told, or the test gives up."""
        while not done.is_set():
            response = patient(http, "GET", secret)
            assert response.status_code == 200, response.text
            limits.append(response.headers["x-ratelimit-limit"])
            if limits[-1] == "1000000":
                return

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        stack.deployment.accounts.subscribe("growing", "enterprise", by=SOMEBODY)
        # It returns when the change has reached everybody (EFFECTIVE).
        assert patient(http, "GET", secret).headers["x-ratelimit-limit"] == "1000000"
        done.set()
        asking.result()
    assert limits[0] == "10000"
    assert sorted(limits, key=int) == limits


def test_usage_tells_what_was_counted(stack: Stack, http: httpx.Client) -> None:
    secret = stack.key("read", "write", account="reporting", plan="free")[0]
    assert patient(http, "POST", secret, json=LINK).status_code == 201
    response = http.get("/api/v1/usage", headers=bearer(secret))
    today = response.json()["data"]["today"]["limits"]
    assert response.status_code == 200
    assert today["url_creation"] == {"limit": 50, "used": 1, "remaining": 49}
    assert today["url_reads"] == {"limit": 500, "used": 0, "remaining": 500}


def test_redirects_carry_no_limit_fields(stack: Stack, http: httpx.Client, everything: str) -> None:
    link = http.post(SHORT_URLS, json=LINK, headers=bearer(everything)).json()["data"]
    followed = http.get(f"/{link['short_code']}")
    assert followed.status_code == 301
    assert not [name for name in followed.headers if "ratelimit" in name.lower()]
