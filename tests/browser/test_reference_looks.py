"""The reference in a browser: it shows every operation, in both themes and on phones, under the
policy that it is served with, and asks no other host for anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.integration import functions
from tests.template import PROJECT

STAGE = "/live"


class Gateway(BaseHTTPRequestHandler):
    """What the function answers, at an address as API Gateway has them."""

    app: Any
    one_at_a_time = Lock()
    """As in an execution environment of Lambda; the handler is made for no more."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.removeprefix(STAGE)
        with self.one_at_a_time:
            answer = functions.call(self.app.handler, functions.event("GET", path))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.text.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    Gateway.app = functions.declared("docs")
    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{STAGE}"
        server.shutdown()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_the_reference_shows_every_operation_and_asks_no_other_host(
    browser: Browser, site: str, width: int, theme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/docs")
    document = json.loads((PROJECT / "docs" / "openapi.json").read_text())
    expect(page.locator(".opblock")).to_have_count(sum(map(len, document["paths"].values())))
    page.locator("#operations-Links-createShortUrl .opblock-summary-control").click()
    expect(page.get_by_role("button", name="Execute")).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    is_dark = page.evaluate("document.documentElement.classList.contains('dark-mode')")
    assert is_dark == (theme == "dark")
    assert {url for url in asked if not url.startswith((f"{site}/", "data:"))} == set()
    assert problems == []
    context.close()
