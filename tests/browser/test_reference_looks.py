"""The reference in a browser: it shows every operation, passes all of axe's rules in each of its
states, in both themes and on phones, under the policy that it is served with, and asks no other
host for anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from project import functions
from project.template import PROJECT

STAGE = "/live"
OPERATIONS = [
    operation
    for methods in json.loads((PROJECT / "docs" / "openapi.json").read_text())["paths"].values()
    for operation in methods.values()
]
KEY = "jmpy_" + "A1" * 19
API_ANSWER = {"success": True, "data": {"short_url": "https://go.example.com/" + "x" * 200}}


Received = list[tuple[str, str, str | None]]
"""Method, path and `Authorization` of requests to the API."""


class Gateway(BaseHTTPRequestHandler):
    """What the function answers, at an address as API Gateway has them; for the API, one answer."""

    app: Any
    one_at_a_time = Lock()
    """As in an execution environment of Lambda; the handler is made for no more."""
    received: Received

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.removeprefix(STAGE)
        if path.startswith("/api/"):
            self._answer_as_api()
            return
        sent = functions.event("GET", path) | {"headers": {"Host": self.headers["Host"]}}
        sent["requestContext"]["domainName"] = self.headers["Host"]
        with self.one_at_a_time:
            answer = functions.call(self.app.handler, sent)
        self._send(answer.status, answer.headers, answer.text)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer_as_api()

    def _answer_as_api(self) -> None:
        self.received.append((self.command, self.path, self.headers["Authorization"]))
        headers = {"Content-Type": "application/json", "X-Request-Id": "1"}
        self._send(201, headers, json.dumps(API_ANSWER))

    def _send(self, status: int, headers: Any, text: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    Gateway.app = functions.declared("docs")
    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{STAGE}"
        server.shutdown()


@pytest.fixture
def received() -> Received:
    Gateway.received = []
    return Gateway.received


def opened(page: Page, operation_id: str) -> None:
    page.locator(f"#{operation_id} > summary").click()


def with_key(page: Page) -> None:
    page.get_by_label("Your API key").fill(f"Bearer {KEY}")
    page.get_by_role("button", name="Use this key").click()
    expect(page.locator("#secret-state")).to_have_text(
        "Requests from this page are sent with the API key jmpy_A1A1...A1A1."
    )


def with_a_wrong_key(page: Page) -> None:
    page.get_by_label("Your API key").fill("hello")
    page.get_by_role("button", name="Use this key").click()
    expect(page.locator("#secret-state")).to_contain_text("keys start with jmpy_")


def with_all_open(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def with_a_response(page: Page) -> None:
    with_key(page)
    opened(page, "createShortUrl")
    send(page, "createShortUrl")
    expect(page.locator("#createShortUrl .response")).to_contain_text("201 Created")


def without_a_session(page: Page) -> None:
    opened(page, "listApiKeys")
    send(page, "listApiKeys")
    expect(page.locator("#listApiKeys .response")).to_contain_text("takes no API key")


def searched(page: Page) -> None:
    page.get_by_label("Find an operation").fill("webhook roll")
    expect(page.locator("#found")).to_have_text(f"1 of {len(OPERATIONS)} operations")


def searched_in_vain(page: Page) -> None:
    page.get_by_label("Find an operation").fill("no such thing")
    expect(page.locator("#found")).to_contain_text("None of the")


def send(page: Page, operation_id: str) -> None:
    page.locator(f"#{operation_id}").get_by_role("button", name="Send request").click()


STATES: dict[str, Callable[[Page], None]] = {
    "at first": lambda _page: None,
    "an operation open": lambda page: opened(page, "createShortUrl"),
    "all open": with_all_open,
    "with a key": with_key,
    "with a wrong key": with_a_wrong_key,
    "with a response": with_a_response,
    "without a session": without_a_session,
    "searched": searched,
    "searched in vain": searched_in_vain,
}


class Look(NamedTuple):
    state: str
    width: int = 1280


_IN_BOTH_THEMES = {Look("with a response"), Look("without a session"), Look("searched in vain")}
LOOKS = [*map(Look, STATES), Look("with a response", width=320)]
"""Every operation is open in one of them only: axe takes longest there, and all look alike."""


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
def test_all_rules_of_axe_hold_in_every_state(
    browser: Browser, site: str, received: Received, look: Look
) -> None:
    context = browser.new_context(viewport={"width": look.width, "height": 800})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/docs")
    STATES[look.state](page)
    assert overflow(page) <= 0
    assert {url for url in asked if not url.startswith(f"{site}/")} == set()
    assert problems == []
    assert violations(page, {"resultTypes": ["violations"]}) == []
    if look in _IN_BOTH_THEMES:
        # Only colors differ.
        page.emulate_media(color_scheme="dark")
        assert violations(page, {"runOnly": ["color-contrast"]}) == []
    context.close()


def test_every_operation_fits_the_narrowest_phone(browser: Browser, site: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{site}/docs")
        with_all_open(page)
        assert overflow(page) <= 0


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def violations(page: Page, options: dict[str, Any]) -> list[Any]:
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


@pytest.fixture
def reference(page: Page, site: str, received: Received) -> Page:
    page.goto(f"{site}/docs")
    return page


def test_every_operation_is_shown_and_its_command_is_the_same_with_scripts(
    reference: Page,
) -> None:
    expect(reference.locator(".operation")).to_have_count(len(OPERATIONS))
    differing = reference.evaluate(
        """() => [...document.querySelectorAll("form.try")].map((form) => {
          const code = document.getElementById(`${form.dataset.operation}-curl`);
          const served = code.textContent;
          form.dispatchEvent(new Event("input"));
          return [served, code.textContent];
        }).filter(([served, made]) => served !== made)"""
    )
    assert differing == []


def test_what_is_filled_in_is_in_the_command_and_no_key_is(reference: Page) -> None:
    with_key(reference)
    opened(reference, "checkAlias")
    reference.locator("#checkAlias-alias").fill("it's ours")
    command = reference.locator("#checkAlias-curl").text_content() or ""
    assert "/api/v1/short-urls/check-alias?alias=it%27s+ours" in command
    assert '-H "Authorization: Bearer $JMPY_API_KEY"' in command


def test_a_key_goes_nowhere_but_to_this_host_and_only_where_keys_are_taken(
    reference: Page, site: str, received: Received
) -> None:
    with_key(reference)
    without_a_session(reference)
    opened(reference, "createShortUrl")
    send(reference, "createShortUrl")
    expect(reference.locator("#createShortUrl .response")).to_contain_text("201 Created")
    assert received == [("POST", f"{STAGE}/api/v1/short-urls", f"Bearer {KEY}")]
    assert reference.evaluate("JSON.stringify([localStorage, sessionStorage])") == "[{},{}]"
    assert KEY not in reference.content()
    reference.reload()
    send(reference, "createShortUrl")  # the address names the operation, which is open again
    expect(reference.locator("#createShortUrl .response")).to_contain_text("Enter your API key")


def test_operations_for_sessions_say_so(reference: Page) -> None:
    for operation in OPERATIONS:
        if operation["security"] == [{"session": []}]:
            shown = reference.locator(f"#{operation['operationId']}")
            expect(shown.locator("> summary .tag")).to_have_text("dashboard session")
            expect(shown).to_contain_text("API keys are denied")
            expect(shown).to_contain_text("Use the dashboard instead.")


def test_the_address_of_an_operation_opens_it(page: Page, site: str) -> None:
    page.goto(f"{site}/docs#rotateApiKey")
    expect(
        page.get_by_role("heading", name="Fields of the body").locator("visible=true")
    ).to_have_count(1)


def test_without_scripts_all_is_there_to_read(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/docs")
    expect(page.locator(".operation")).to_have_count(len(OPERATIONS))
    base_url = site.replace("http:", "https:")
    expect(page.locator("#first-request")).to_contain_text(f'curl "{base_url}/api/v1/short-urls"')
    expect(page.get_by_role("button", name="Send request").locator("visible=true")).to_have_count(0)
    context.close()
