"""Who may use the API at the public address of the local stack, and where requests are served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.emulator import browsers, public_address
from local.emulator.settings import API_PATH

APP = "http://localhost:5173"
HERE = "127.0.0.1:8080"
FOLLOWED = {
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
}


def rejection(method: str = "GET", path: str = "/hello", **headers: str) -> str | None:
    sent = {"host": HERE} | {name.replace("_", "-"): text for name, text in headers.items()}
    return browsers.rejection_by_api(method, path, sent, origins=frozenset({APP}))


@pytest.mark.parametrize(
    "host", [HERE, "localhost", "go.localhost:8080", "go.acme.test", "", "x@y"]
)
def test_the_functions_decide_about_a_host(host: str) -> None:
    assert rejection(host=host) is None
    assert rejection(host=host, origin="https://page.example") is not None


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_an_allowed_origin_calls_operations_and_nothing_else(method: str) -> None:
    assert rejection(method, "/api/v1/usage", origin=APP) is None
    for path in ("/hello", "/dashboard", "/api/v10", "/x/api/v1/usage"):
        assert rejection(method, path, origin=APP) == "Pages of other origins have no access."
    assert rejection(method, "/api/v1/usage", origin="http://localhost:1") is not None


def test_a_link_is_followed_and_nothing_else_is_done() -> None:
    assert rejection(**FOLLOWED) is None
    assert rejection("POST", **FOLLOWED) is not None
    assert rejection(origin="https://page.example", **FOLLOWED) is not None
    assert rejection(**FOLLOWED | {"sec-fetch-dest": "iframe"}) is not None


def test_its_own_pages_send_forms() -> None:
    assert rejection("POST", origin=f"http://{HERE}") is None
    assert rejection("POST", origin="http://go.localhost", host="go.localhost") is None
    assert rejection("POST", origin=f"http://{HERE}", host="go.localhost") is not None


def test_a_list_that_was_not_written_is_empty(tmp_path: Path) -> None:
    assert browsers.listed_in(str(tmp_path / "origins")) == frozenset()
    (tmp_path / "origins").write_text(f"{APP}\nhttps://app.example.com")
    assert browsers.listed_in(str(tmp_path / "origins")) == {APP, "https://app.example.com"}


def scope(**parts: Any) -> dict[str, Any]:
    return {"path": "/a/b", "raw_path": b"/a%2Fb", "query_string": b"q=%2F", "headers": []} | parts


def test_a_request_is_served_below_the_stage_with_its_bytes() -> None:
    lines = [(b"Host", b"go.localhost"), (b"x", b"1"), (b"x", b"2")]
    served = public_address.below_the_stage(scope(headers=lines))
    assert served["path"] == f"{API_PATH}/a/b"
    assert served["raw_path"] == f"{API_PATH}/a%2Fb".encode()
    assert served["query_string"] == b"q=%2F"
    assert served["headers"] == [(b"x", b"1"), (b"x", b"2"), (b"host", b"127.0.0.1")]


@pytest.mark.parametrize(
    ("server", "expected"),
    [(("127.0.0.1", 8080), True), (("127.0.0.1", 4566), False), (("::1", 8080), False),
     (None, False)],
)  # fmt: skip
def test_the_port_tells_which_address_it_is(server: object, expected: bool) -> None:
    assert public_address.received_at(scope(server=server), HERE) is expected
