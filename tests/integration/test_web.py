"""Requests to other services: whatever they send, it ends in time, in bounds, and says nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from jmpy import fetch
from project.receiver import receiving
from tests.integration import over_http

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

BODY = b'{"a": 1}'


def respond(status: int, body: bytes, **headers: str) -> over_http.Script:
    def script(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return script


def test_a_response_is_read() -> None:
    requested: list[tuple[str, str, str]] = []

    def script(request: BaseHTTPRequestHandler, body: bytes) -> None:
        requested.append((request.path, request.headers["User-Agent"], body.decode()))
        respond(201, BODY)(request, body)

    with over_http.server(script) as url:
        response = fetch.request("POST", f"{url}/a?b=c", {"X": "y"}, b"sent")
    assert (response.status, response.is_success, response.json()) == (201, True, {"a": 1})
    assert requested == [("/a?b=c", "Jmpy", "sent")]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with over_http.server(respond(status, b"", Location="/elsewhere")) as url:
        response = fetch.request("GET", url)
    assert (response.status, response.is_success) == (status, False)


def test_a_body_has_a_size() -> None:
    with (
        over_http.server(respond(200, b" " * (fetch.LARGEST + 1))) as url,
        pytest.raises(fetch.Unreachable, match="TooLarge"),
    ):
        fetch.request("GET", url)


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_json_says_so(body: bytes) -> None:
    with pytest.raises(fetch.Unreachable):
        fetch.Response(200, body).json()


def test_a_server_that_responds_byte_by_byte_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "ALTOGETHER", 0.2)
    is_over = threading.Event()

    def drip(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        while not is_over.wait(0.01):
            try:
                request.wfile.write(b" ")
            except OSError:
                return

    with over_http.server(drip) as url:
        try:
            with pytest.raises(fetch.Unreachable, match="TimeoutError"):
                fetch.request("GET", url)
        finally:
            is_over.set()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "https://127.0.0.1:9/", "http://", "http://no.invalid/", ""]
)
def test_an_unreachable_server_is_reported_by_name_only(url: str) -> None:
    with pytest.raises(fetch.Unreachable, match=r"^\w+$"):
        fetch.request("GET", f"{url}?token=t0ken")


def test_who_has_no_certificate_that_we_trust_is_sent_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(tmp_path) as receiver:
        with pytest.raises(fetch.Unreachable, match="SSLCertVerificationError"):
            fetch.request("POST", receiver.url, body=b"{}")
        assert receiver.received == []
        monkeypatch.setattr(fetch, "trust", lambda: receiver.trust)
        headers = {"Jmpy-Signature": "s", "Content-Length": "2"}
        assert fetch.request("POST", receiver.url, headers, b"{}").status == 204
