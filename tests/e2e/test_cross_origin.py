"""Pages of other origins, through the gateway; a real browser is in tests/browser."""

from __future__ import annotations

import httpx
import pytest

from jmpy.authorizer.hints import Hint
from ops.smoke.assertions import SHORT_URLS, bearer, specified
from project.stack import Stack
from tests.e2e.conftest import ALLOWED_ORIGIN, INVALID_API_KEY, UNAUTHORIZED
from tests.e2e.usage_plans import throttled_after

ORIGIN = {"Origin": ALLOWED_ORIGIN, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
ASKED = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}


@pytest.mark.parametrize("path", [SHORT_URLS, f"{SHORT_URLS}/some-link", "/api/v1/usage"])
def test_a_preflight_needs_no_key(http: httpx.Client, path: str) -> None:
    response = http.options(path, headers=ORIGIN | ASKED)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == ALLOWED_ORIGIN
    assert "GET" in response.headers["access-control-allow-methods"]
    assert "Authorization" in response.headers["access-control-allow-headers"]


def test_options_without_an_origin_say_what_a_path_serves(http: httpx.Client) -> None:
    response = http.options(SHORT_URLS)
    assert (response.status_code, response.headers["allow"]) == (204, "GET, POST")
    assert "access-control-allow-origin" not in response.headers


def test_an_allowed_page_can_read_responses_and_errors(http: httpx.Client, everything: str) -> None:
    served = http.get(SHORT_URLS, headers=ORIGIN | bearer(everything))
    missing = http.get(f"{SHORT_URLS}/no-such-link", headers=ORIGIN | bearer(everything))
    wrong = http.get(SHORT_URLS, headers=ORIGIN | bearer("wrong"))
    nothing = http.get(SHORT_URLS, headers=ORIGIN)
    responses = (served, missing, wrong, nothing)
    assert [response.status_code for response in responses] == [200, 404, 401, 401]
    for response in responses:
        assert response.headers["access-control-allow-origin"] == ALLOWED_ORIGIN
        assert response.headers["vary"] == "Origin"
        assert "X-Request-Id" in response.headers["access-control-expose-headers"]
    assert specified(wrong) == INVALID_API_KEY
    assert wrong.json()["error"]["details"] == {"hint": Hint.OTHER}
    assert nothing.json() == UNAUTHORIZED


def test_a_page_can_read_that_it_was_too_fast(stack: Stack, http: httpx.Client) -> None:
    """By API Gateway's own response, with the origin from the authorizer's context."""
    secret = stack.key("read", account="too-fast")[0]
    with throttled_after(stack, "too-fast", 1):
        passed, throttled = (
            http.get("/api/v1/usage", headers=ORIGIN | bearer(secret)) for _ in range(2)
        )
    assert (passed.status_code, throttled.status_code) == (200, 429)
    assert throttled.headers["access-control-allow-origin"] == ALLOWED_ORIGIN
    assert "Retry-After" in throttled.headers["access-control-expose-headers"]


def test_what_is_for_people_can_be_read_by_no_page(http: httpx.Client, everything: str) -> None:
    link = http.post(SHORT_URLS, headers=bearer(everything), json={"url": "https://example.com/"})
    code = link.json()["data"]["short_code"]
    for path in (f"/{code}", "/dashboard", "/docs", "/login"):
        response = http.get(path, headers={"Sec-Fetch-Site": "none"})
        assert "access-control-allow-origin" not in response.headers, path
    assert http.get("/openapi.json").headers["access-control-allow-origin"] == "*"
    assert http.get("/dashboard", headers=ORIGIN).status_code == 403  # the door of the emulator
