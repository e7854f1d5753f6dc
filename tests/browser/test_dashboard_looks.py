"""Every page of the dashboard in a browser, from sample views: readable by everybody, on phones
and desktops, in both themes, under the content security policy that it is served with."""

from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from jmpy.dashboard.asset import ASSETS, NAMES
from jmpy.dashboard.render import render
from jmpy.dashboard.words import moment
from jmpy.http.assets import CONTENT_TYPES
from tests.dashboard_sample_data import BASE_PATH, NOW, SECRET
from tests.dashboard_samples import PAGES, PARTS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
VIEWS = PAGES | PARTS
# What htmx fetches, by the end of its path.
POLLED = {"usage": "usage-part", "rotation": "rotation-part", "figures": "analytics-part"}

FILES = {ASSETS.path(name).rpartition("/")[2]: name for name in NAMES}

every_page = pytest.mark.parametrize("name", PAGES)


class Samples(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = urlsplit(self.path).path.rsplit("/", 1)[-1]
        view = VIEWS.get(POLLED.get(name, name))
        if view:
            content_type, content = "text/html; charset=utf-8", render(view).encode()
        else:
            content_type = CONTENT_TYPES.get(f".{name.rpartition('.')[2]}", "text/plain")
            content = ASSETS.text(FILES[name]).encode() if name in FILES else b""
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Samples) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{BASE_PATH}"
        server.shutdown()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser says in its console; a violation of the policy is said there too."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def grave_violations(page: Page, only: str | None = None) -> list[Any]:
    """What axe calls serious or critical; `only` names the one rule to ask."""
    found = Axe().run(page, options={"runOnly": [only]} if only else None).response
    return [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]


@every_page
@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_is_accessible_fits_and_has_nothing_refused(
    page: Page, complaints: list[str], site: str, name: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/{name}")
    assert grave_violations(page) == []
    # The themes differ in nothing but colors.
    page.emulate_media(color_scheme="dark")
    assert grave_violations(page, only="color-contrast") == []

    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    assert complaints == []


def test_copying_a_new_key_puts_it_in_the_clipboard_and_says_so(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/api-key-created")
    page.get_by_role("button", name="Copy API key").click()
    expect(page.get_by_text("API key copied")).to_be_visible()  # once the browser has done it
    assert page.evaluate("navigator.clipboard.readText()") == SECRET


@pytest.mark.parametrize("name", ["api-key-new", "link-new", "link"])
def test_the_error_summary_has_the_focus(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/{name}")
    assert page.evaluate("document.activeElement.className") == "summary"


def test_a_countdown_runs_in_the_form_of_the_server(page: Page, site: str) -> None:
    page.clock.install(time=NOW)
    page.goto(f"{site}/api-keys")  # where nothing is fetched anew
    countdown = page.locator(".countdown")
    page.clock.pause_at(NOW + 120)
    page.clock.run_for(1000)
    assert countdown.inner_text() in {"1 day 04:10:09", "1 day 04:10:08"}
    page.clock.fast_forward(48 * 3600 * 1000)
    assert countdown.inner_text() == "00:00:00"


class Live(NamedTuple):
    page: str
    part: str
    seconds: int
    """Until it is fetched anew."""


@pytest.mark.parametrize(
    "live",
    [
        Live("overview", "usage", 60),
        Live("api-key-rotating", "rotation", 30),
        Live("analytics", "figures", 5),
    ],
)
def test_live_parts_are_fetched_anew(
    page: Page, complaints: list[str], site: str, live: Live
) -> None:
    page.clock.install(time=NOW)
    page.goto(f"{site}/{live.page}")
    with page.expect_response(
        lambda response: urlsplit(response.url).path.endswith(f"/{live.part}")
    ):
        page.clock.run_for(live.seconds * 1000)
    page.wait_for_load_state("networkidle")
    assert page.locator(f"#{live.part}").count() == 1
    assert complaints == []


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/Berlin"])
@pytest.mark.parametrize("name", ["limit-reached", "link-new-limited", "plan"])
def test_until_when_a_limit_lasts_is_told_in_the_readers_time(
    browser: Browser, site: str, name: str, zone: str
) -> None:
    with browser.new_context(timezone_id=zone) as context:
        page = context.new_page()
        page.goto(f"{site}/{name}")
        told = page.locator("time[data-local]")
        shown = datetime.fromisoformat(told.get_attribute("datetime") or "")
        local = shown.astimezone(ZoneInfo(zone))
        # Between them Chromium writes a comma or "at", by its version.
        assert told.inner_text().startswith(f"{local.day} {local:%b}")
        assert told.inner_text().endswith(f" {local:%H:%M} (your time)")
        assert told.get_attribute("title") == moment(int(shown.timestamp()))


def test_a_page_that_may_not_fetch_itself_any_more_does_not_look_live(
    page: Page, site: str
) -> None:
    page.clock.install(time=NOW)
    page.goto(f"{site}/analytics")
    assert page.locator(".live").get_by_text("Live", exact=True).is_visible()
    page.route("**/figures?*", lambda route: route.fulfill(status=429, body="Too many requests"))
    fetch_figures(page)
    page.get_by_text("Paused: a limit is reached").wait_for()
    assert page.locator("#figures").count() == 1


def fetch_figures(page: Page) -> None:
    with page.expect_response(lambda response: "/figures?" in response.url):
        page.clock.run_for(5000)


def test_a_table_stays_open_when_its_figures_are_fetched_anew(page: Page, site: str) -> None:
    page.clock.install(time=NOW)
    page.goto(f"{site}/analytics-link")
    table = page.locator("#browser-table")
    table.get_by_text("Show as a table").click()
    assert table.get_by_role("row").count() == 2
    fetch_figures(page)
    # The sample of the part has other figures than the page.
    table.get_by_text("Chrome").wait_for()
    assert table.get_by_role("row").count() == 6
    assert page.locator("details[open]").count() == 1


def test_the_same_figures_take_nothing_away_from_under_the_pointer(page: Page, site: str) -> None:
    page.clock.install(time=NOW)
    page.goto(f"{site}/analytics-link")
    fetch_figures(page)
    page.get_by_text("13,949").first.wait_for()
    page.evaluate("document.querySelector('#figures').classList.add('looked-at')")
    for _ in range(3):
        fetch_figures(page)
    assert page.locator("#figures.looked-at").count() == 1


def test_the_date_is_asked_for_only_when_the_key_expires_on_one(page: Page, site: str) -> None:
    page.goto(f"{site}/api-key-new-empty")
    date = page.get_by_label("Date", exact=True)
    assert not date.is_visible()
    page.get_by_label("On a date").check()
    assert date.is_visible()


def test_the_first_tab_leads_past_the_navigation(page: Page, site: str) -> None:
    page.goto(f"{site}/overview")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@every_page
def test_without_script_no_button_is_dead(browser: Browser, site: str, name: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/{name}")
        for button in page.get_by_role("button").all():
            assert button.evaluate("button => button.form !== null")
