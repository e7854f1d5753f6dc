"""The smoke test's look at the API's own address, on one that is closed and one that is not."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import httpx
import pytest

from ops.smoke import edge
from ops.smoke.assertions import Wrong
from ops.smoke.fixtures import Fixture

OWN = "https://abc123.execute-api.eu-west-1.amazonaws.com/live"
PUBLIC = "https://go.example.com"
CLOSED = {"success": False, "error": {"code": "FORBIDDEN", "message": f"use {PUBLIC}"}}


def fixture(required: bool, own_address: Any) -> Fixture:
    def response(request: httpx.Request) -> httpx.Response:
        headers = {"X-Request-Id": "1", "Content-Type": "application/json"}
        if str(request.url).startswith(OWN):
            return httpx.Response(own_address(request), json=CLOSED, headers=headers)
        return httpx.Response(200, json={"success": True, "data": []}, headers=headers)

    target = Mock(outputs={"RequireEdge": str(required).lower(), "ApiUrl": OWN})
    http = httpx.Client(base_url=PUBLIC, transport=httpx.MockTransport(response))
    made = Fixture(http, target, "smoke", "smoke-small")
    made.secret = lambda *_: "jmpy_secret"  # type: ignore[method-assign]
    return made


def test_a_closed_address_passes() -> None:
    asked: list[str] = []

    def closed(request: httpx.Request) -> int:
        asked.append(request.url.path)
        return 403

    assert edge.own_address_closed(fixture(True, closed)) is None
    assert {"/live/api/v1/short-urls", "/live/no-such-code", "/live/docs", "/live/login"} == {
        *asked
    }


@pytest.mark.parametrize("path", ["/api/v1/short-urls", "/no-such-code", "/docs", "/login"])
def test_one_path_that_is_open_is_found(path: str) -> None:
    def open_there(request: httpx.Request) -> int:
        return 200 if request.url.path == f"/live{path}" else 403

    with pytest.raises(Wrong):
        edge.own_address_closed(fixture(True, open_there))


def test_an_address_that_is_opened_by_forged_headers_is_found() -> None:
    def believing(request: httpx.Request) -> int:
        return 200 if "x-jmpy-edge" in request.headers else 403

    with pytest.raises(Wrong):
        edge.own_address_closed(fixture(True, believing))


def test_where_it_is_not_demanded_the_check_says_so() -> None:
    found = edge.own_address_closed(fixture(False, lambda _: pytest.fail("asked")))
    assert found == "it is open: RequireEdge is false"
