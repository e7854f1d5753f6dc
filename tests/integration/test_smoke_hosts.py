"""The smoke test's requests to another host than the deployment's own names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock

import httpx
import pytest

from ops.smoke import hosts
from ops.smoke.assertions import Wrong
from ops.smoke.fixtures import Fixture

if TYPE_CHECKING:
    from collections.abc import Callable

DOMAIN = "promo.go.example.com"
NOT_FOUND = {"success": False, "error": {"code": "NOT_FOUND", "message": "Nothing"}}


def fixture(
    respond: Callable[[httpx.Request], httpx.Response],
    domain: str = DOMAIN,
    base_url: str = "https://go.example.com",
    endpoint: str | None = None,
) -> Fixture:
    http = httpx.Client(base_url=base_url, transport=httpx.MockTransport(respond))
    made = Fixture(http, Mock(endpoint=endpoint), "smoke", "smoke-small", domain=domain)
    made.secret = lambda *_: "jmpy_secret"  # type: ignore[method-assign]
    made.link = lambda **_: {"short_code": "abc1234"}  # type: ignore[method-assign]
    return made


def nothing(request: httpx.Request) -> httpx.Response:
    headers = {"X-Request-Id": "1", "Content-Type": "application/json"}
    return httpx.Response(404, json=NOT_FOUND, headers=headers)


def test_a_host_of_short_links_passes() -> None:
    assert hosts.short_links_only(fixture(nothing)) is None


def test_on_this_machine_the_host_is_in_the_header() -> None:
    requested: set[str] = set()

    def respond(request: httpx.Request) -> httpx.Response:
        requested.add(f"{request.url.host} {request.headers['host']}")
        return nothing(request)

    here = fixture(respond, "", "http://127.0.0.1:8080", endpoint="http://127.0.0.1:4566")
    assert hosts.short_links_only(here) is None
    assert requested == {"127.0.0.1 nobody.test"}


@pytest.mark.parametrize("path", ["/api/v1/short-urls", "/docs", "/login", "/dashboard"])
def test_one_path_that_is_there_is_found(path: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200) if request.url.path == path else nothing(request)

    with pytest.raises(Wrong):
        hosts.short_links_only(fixture(respond))


def test_a_link_of_the_default_domain_that_is_followed_there_is_found() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url == f"https://{DOMAIN}/abc1234":
            return httpx.Response(301, headers={"Location": "https://example.com/"})
        return nothing(request)

    with pytest.raises(Wrong):
        hosts.short_links_only(fixture(respond))


@pytest.mark.parametrize(
    ("domain", "base_url", "endpoint"),
    [
        ("", "https://go.example.com", None),
        (DOMAIN, "http://127.0.0.1:4566/_aws/execute-api/jmpy/live", "http://127.0.0.1:4566"),
    ],
)
def test_where_no_other_host_can_be_requested_the_check_says_so(
    domain: str, base_url: str, endpoint: str | None
) -> None:
    made = fixture(lambda _: pytest.fail("requested"), domain, base_url, endpoint)
    assert (hosts.short_links_only(made) or "").startswith("not checked")
