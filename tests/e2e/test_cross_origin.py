"""Pages of other origins, through the gateway; a real browser is in tests/browser."""

from __future__ import annotations

import httpx
import pytest

from jmpy.authorizer.hints import Hint
from ops.smoke.answers import specified
from tests.e2e.conftest import (
    ALLOWED_ORIGIN,
    INVALID_API_KEY,
    SHORT_URLS,
    UNAUTHORIZED,
    Stack,
    bearer,
)  # fmt: skip

ORIGIN = {"Origin": ALLOWED_ORIGIN, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
ASKED = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}


@pytest.mark.parametrize("path", [SHORT_URLS, f"{SHORT_URLS}/some-link", "/api/v1/usage"])
def test_a_preflight_needs_no_key(http: httpx.Client, path: str) -> None:
    answer = http.options(path, headers=ORIGIN | ASKED)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ALLOWED_ORIGIN
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert "Authorization" in answer.headers["access-control-allow-headers"]


def test_options_without_an_origin_say_what_a_path_serves(http: httpx.Client) -> None:
    answer = http.options(SHORT_URLS)
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, POST")
    assert "access-control-allow-origin" not in answer.headers


def test_an_allowed_page_can_read_responses_and_errors(http: httpx.Client, everything: str) -> None:
    served = http.get(SHORT_URLS, headers=ORIGIN | bearer(everything))
    missing = http.get(f"{SHORT_URLS}/no-such-link", headers=ORIGIN | bearer(everything))
    wrong = http.get(SHORT_URLS, headers=ORIGIN | bearer("wrong"))
    nothing = http.get(SHORT_URLS, headers=ORIGIN)
    answers = (served, missing, wrong, nothing)
    assert [answer.status_code for answer in answers] == [200, 404, 401, 401]
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == ALLOWED_ORIGIN
        assert answer.headers["vary"] == "Origin"
        assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
    assert specified(wrong) == INVALID_API_KEY
    assert wrong.json()["error"]["details"] == {"hint": Hint.OTHER}
    assert nothing.json() == UNAUTHORIZED


def test_a_page_can_read_that_it_was_too_fast(stack: Stack, http: httpx.Client) -> None:
    """By API Gateway's own response, with the origin from the authorizer's context."""
    secret = stack.key("read", account="cors-free", plan="free")[0]
    answers = (http.get("/api/v1/usage", headers=ORIGIN | bearer(secret)) for _ in range(60))
    slow = next(answer for answer in answers if answer.status_code == 429)
    assert slow.headers["access-control-allow-origin"] == ALLOWED_ORIGIN
    assert "Retry-After" in slow.headers["access-control-expose-headers"]


def test_what_is_for_people_can_be_read_by_no_page(http: httpx.Client, everything: str) -> None:
    link = http.post(SHORT_URLS, headers=bearer(everything), json={"url": "https://example.com/"})
    code = link.json()["data"]["short_code"]
    for path in (f"/{code}", "/dashboard", "/docs", "/login"):
        answer = http.get(path, headers={"Sec-Fetch-Site": "none"})
        assert "access-control-allow-origin" not in answer.headers, path
    assert http.get("/openapi.json").headers["access-control-allow-origin"] == "*"
    assert http.get("/dashboard", headers=ORIGIN).status_code == 403  # the door of the emulator
