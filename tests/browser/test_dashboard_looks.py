"""Every page in a browser, from samples: readable by everybody, on phones and desktops, in both
themes, under the content security policy that it is served with. Of the dashboard, and those that
visitors of short links see; `tests/unit/test_samples.py` sees that none is missing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from jmpy.dashboard.asset import ASSETS, NAMES
from jmpy.dashboard.filters import moment
from jmpy.dashboard.render import render
from jmpy.dashboard.views.api_keys import ApiKeyCreated
from jmpy.dashboard.views.confirmation import Confirmation
from jmpy.dashboard.views.qr_codes import QrCodeFile
from jmpy.dashboard.views.tags import TagProgressPage
from jmpy.qr import drawing
from jmpy.qr.drawing import ImageFormat
from jmpy.qr.look import Look
from jmpy.qr.model import QrImage
from jmpy.web import visitor_pages
from jmpy.web.assets import CONTENT_TYPES
from tests import public_samples
from tests.dashboard_sample_data import BASE_PATH, NOW, SECRET
from tests.dashboard_samples import PAGES, PARTS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
VIEWS = PAGES | PARTS
# What scripts fetch, by the end of its path.
POLLED = {
    "usage": "usage-part",
    "rotation": "rotation-part",
    "summary": "api-key-summary-part",
    "destination": "link-destination-part",
    "figures": "analytics-part",
    "file": "qr-code-file",
    "getting-started": "getting-started-done-part",
}

FILES = {ASSETS.path(name).rpartition("/")[2]: name for name in NAMES}

AXE = Axe()

every_page = pytest.mark.parametrize("name", PAGES)

# Where questions are asked, by the last part of the path, each with a page that leads to it.
QUESTIONS = {
    found[1]: name
    for name, view in PAGES.items()
    for found in re.finditer(r'href="[^"]*/([a-z-]+)(?:\?[^"]*)?" data-confirm', render(view))
}


class Samples(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = urlsplit(self.path).path.rsplit("/", 1)[-1]
        view = VIEWS.get(POLLED.get(name, name))
        policy, content_type, content = POLICY, "text/html; charset=utf-8", b""
        if view:
            content = render(view).encode()
        elif name in public_samples.PAGES:
            content = public_samples.PAGES[name].encode()
            policy = visitor_pages.headers()["Content-Security-Policy"]
        elif "/_/qr/" in self.path:
            content_type = ImageFormat.SVG.media_type
            content = drawing.drawn(QrImage(self.path, Look()), ImageFormat.SVG).data
        elif name in FILES:
            content_type = CONTENT_TYPES[f".{name.rpartition('.')[2]}"]
            content = ASSETS.text(FILES[name]).encode()
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Security-Policy", policy)
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
    yield opened(context, complaints)
    context.close()


class Window(NamedTuple):
    page: Page
    complaints: list[str]


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Window]:
    """For tests that only look at a page, since a new one takes a second of the processor."""
    context, said = browser.new_context(), list[str]()
    yield Window(opened(context, said), said)
    context.close()


@pytest.fixture
def looked_at(window: Window) -> Iterator[Window]:
    """As if new: nothing that the last page stored, and its theme is forgotten."""
    window.complaints.clear()
    yield window
    window.page.emulate_media(color_scheme="null")
    window.page.evaluate("sessionStorage.clear(); localStorage.clear()")
    window.page.context.clear_cookies()


@pytest.fixture(scope="module")
def scriptless(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


def opened(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    # Not its advice to developers, such as that about a password without a user's name.
    page.on(
        "console",
        lambda message: (
            None if message.text.startswith("[DOM]") else complaints.append(message.text)
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def violations(page: Page, only: str | None = None) -> list[Any]:
    """Whatever axe finds, best practices among it: no rule is switched off, and none is too small.
    `only` names the one rule to ask."""
    options = {"runOnly": [only]} if only else {"resultTypes": ["violations"]}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        (violation["id"], [node["html"][:300] for node in violation["nodes"]])
        for violation in found["violations"]
    ]


def faults(page: Page) -> list[Any]:
    """On a desktop and on the narrowest phone; of the themes only colors differ."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        found += [(width, one) for one in violations(page)]
        if beyond := page.evaluate(BEYOND_THE_EDGE):
            found.append((width, f"{beyond} px beyond the edge"))
        if hidden := page.evaluate(SCROLLED_BY_POINTER_ALONE):
            found.append((width, hidden))
    page.emulate_media(color_scheme="dark")
    return found + violations(page, only="color-contrast")


BEYOND_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SCROLLED_BY_POINTER_ALONE = """[...document.querySelectorAll("body *")].filter((element) => {
  const style = getComputedStyle(element);
  const scrolls = ["auto", "scroll"].includes(style.overflowX)
    && element.scrollWidth > element.clientWidth + 1;
  const reachable = element.tabIndex >= 0 || element.querySelector("a, button, input");
  const hinted = style.backgroundImage.includes("gradient");
  return scrolls && !(reachable && hinted);
}).map((element) => element.outerHTML.slice(0, 200))"""
"""What is wider than its room has a shadow at the edge, and the keyboard reaches it."""


@pytest.mark.parametrize("name", [*PAGES, *public_samples.PAGES])
def test_a_page_is_accessible_fits_and_has_nothing_refused(
    looked_at: Window, site: str, name: str
) -> None:
    looked_at.page.goto(f"{site}/{name}")
    assert faults(looked_at.page) == []
    assert looked_at.complaints == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_a_dialog_that_keyboards_and_readers_can_answer(
    looked_at: Window, site: str, question: str
) -> None:
    page = looked_at.page
    page.goto(f"{site}/{QUESTIONS[question]}")
    ends = (f"a[data-confirm][href{how}]" for how in (f'$="/{question}"', f'*="/{question}?"'))
    opener = page.locator(", ".join(ends)).first
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=PAGES[question].question)  # type: ignore[attr-defined]
    expect(dialog).to_be_visible()
    assert faults(page) == []
    # The harmless way out has the focus, and the page behind cannot be reached.
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    assert looked_at.complaints == []


def test_where_a_question_cannot_be_fetched_its_page_is_shown(page: Page, site: str) -> None:
    page.goto(f"{site}/api-key")
    page.route("**/revoke", lambda route: (
        route.abort() if route.request.resource_type == "fetch" else route.continue_()
    ))  # fmt: skip
    page.get_by_role("link", name="Revoke key").click()
    page.wait_for_url("**/revoke")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Revoke")


def test_work_in_steps_goes_on_by_itself(page: Page, site: str) -> None:
    view = PAGES["tag-progress"]
    assert isinstance(view, TagProgressPage)
    step, done = render(replace(view, continues=True)), render(PAGES["tags"])
    page.route("**/tag-progress", lambda route: route.fulfill(content_type="text/html", body=step))
    page.route("**/tags/rename", lambda route: route.fulfill(content_type="text/html", body=done))
    with page.expect_request("**/tags/rename") as sent:
        page.goto(f"{site}/tag-progress")
    assert sent.value.method == "POST"
    assert parse_qs(sent.value.post_data or "")["changed"] == ["300"]
    expect(page.get_by_role("heading", level=1)).to_have_text("Tags")


@pytest.mark.parametrize("name", ["qr-code", "link-qr-code"])
def test_a_file_is_saved_by_one_click(
    page: Page, site: str, name: str, complaints: list[str]
) -> None:
    sample = PAGES["qr-code-file"]
    assert isinstance(sample, QrCodeFile)
    page.goto(f"{site}/{name}")
    with page.expect_download() as download:
        page.get_by_role("link", name="SVG").click()
    assert download.value.path().read_bytes() == sample.data
    assert (page.url, complaints) == (f"{site}/{name}", [])


def test_the_image_is_copied(page: Page, site: str, complaints: list[str]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/qr-code")
    page.get_by_role("button", name="Copy image").click()
    expect(page.locator("#announcement")).to_have_text("Image copied")
    copied = page.evaluate("navigator.clipboard.read().then(([item]) => item.types)")
    assert (copied, complaints) == (["image/png"], [])


def test_where_a_file_cannot_be_fetched_its_page_is_shown(page: Page, site: str) -> None:
    page.goto(f"{site}/qr-code")
    page.route("**/file?*", lambda route: (
        route.abort() if route.request.resource_type == "fetch" else route.continue_()
    ))  # fmt: skip
    page.get_by_role("link", name="SVG").click()
    expect(page.get_by_role("link", name="Save PNG")).to_be_visible()


def preview(page: Page, status: int) -> None:
    """Clicks on the button; what fetches without leaving the page gets that status."""
    previewed, wrong = render(PAGES["qr-code-new-previewed"]), render(PAGES["qr-code-new"])

    def respond(route: Route) -> None:
        is_fetched = route.request.resource_type == "xhr"
        html = previewed if status < 400 else wrong
        route.fulfill(status=status if is_fetched else 422, content_type="text/html", body=html)

    page.route("**/preview", respond)
    page.get_by_role("button", name="Preview").click()


def test_a_preview_is_fetched_and_leaves_the_password_in_its_field(page: Page, site: str) -> None:
    page.goto(f"{site}/qr-code-new-wifi")
    page.get_by_label("Network password").fill("correct horse")
    preview(page, 200)
    expect(page.get_by_role("img", name="Preview of the QR code")).to_be_visible()
    expect(page.get_by_label("Network password")).to_have_value("correct horse")
    assert page.url == f"{site}/qr-code-new-wifi"


@pytest.mark.parametrize("status", [401, 422, 429])
def test_where_there_is_no_preview_the_page_says_why(page: Page, site: str, status: int) -> None:
    page.goto(f"{site}/qr-code-new-wifi")
    preview(page, status)
    expect(page.get_by_role("alert")).to_contain_text("Please correct the following")
    assert page.url.endswith("/preview")


def test_every_question_is_led_to_by_some_page() -> None:
    assert QUESTIONS.keys() == {
        name for name, view in PAGES.items()
        if isinstance(view, Confirmation) and view.action[-1] == name
    }  # fmt: skip


@pytest.mark.parametrize("name", ["api-keys", "sessions"])
def test_what_was_done_is_announced_and_has_the_focus(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/{name}")
    expect(page.get_by_role("status").filter(has_text="is")).to_be_focused()


def test_copying_a_new_key_puts_it_in_the_clipboard_and_says_so(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/api-key-created")
    page.get_by_role("button", name="Copy API key").click()
    expect(page.get_by_text("API key copied")).to_be_visible()  # once the browser has done it
    assert page.evaluate("navigator.clipboard.readText()") == SECRET


def test_each_snippet_is_copied_as_it_was_generated(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/api-key-created")
    view = PAGES["api-key-created"]
    assert isinstance(view, ApiKeyCreated)
    for snippet in view.first_request.snippets:
        page.locator(".snippets label").get_by_text(snippet.name, exact=True).click()
        page.get_by_role("button", name=f"Copy {snippet.name}", exact=True).click()
        expect(page.get_by_text(f"{snippet.name} copied")).to_be_attached()
        assert page.evaluate("navigator.clipboard.readText()") == snippet.code


def test_without_script_the_arrow_keys_show_one_language_at_a_time(
    scriptless: Page, site: str
) -> None:
    scriptless.goto(f"{site}/api-key-created")
    scriptless.get_by_role("radio", name="curl").focus()
    for name in ("Python", "JavaScript", ".env", "curl"):
        scriptless.keyboard.press("ArrowRight")
        expect(scriptless.get_by_role("radio", name=name)).to_be_checked()
        shown = scriptless.locator("pre").filter(visible=True)
        assert [one.get_attribute("aria-label") for one in shown.all()] == [name]


def test_a_new_key_is_in_no_address_no_history_and_no_storage(page: Page, site: str) -> None:
    page.goto(f"{site}/api-key-created")
    page.locator(".snippets label").get_by_text("Python", exact=True).click()
    traces = page.evaluate(
        "JSON.stringify([location.href, document.referrer, document.cookie, history.state,"
        " {...localStorage}, {...sessionStorage},"
        " performance.getEntries().map((entry) => entry.name)])"
    )
    assert SECRET not in traces
    assert SECRET in page.content()


@pytest.mark.parametrize(("works", "words"), [(True, "Copied"), (False, "Not copied")])
@pytest.mark.parametrize("name", ["api-key-created", "links"])
def test_copying_says_how_it_went_in_words_and_not_by_color_alone(
    page: Page, site: str, name: str, works: bool, words: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/{name}")
    if not works:
        page.evaluate("void (navigator.clipboard.writeText = async () => { throw new Error(); })")
    button = page.locator("[data-copy]").first
    button.click()
    said = "(button) => getComputedStyle(button, '::after').content"
    page.wait_for_function(f"(words) => ({said})(document.querySelector('[data-copy]')) === words",
                           arg=f'"{words}"')  # fmt: skip
    assert button.locator(".icon-done").is_visible() is works
    assert button.locator(".icon-copy").is_visible() is not works


@pytest.mark.parametrize("name", ["api-key-new", "link-new", "link"])
def test_the_error_summary_has_the_focus(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/{name}")
    assert page.evaluate("document.activeElement.className") == "summary"


def test_a_countdown_runs_in_the_form_of_the_server(page: Page, site: str) -> None:
    page.clock.install(time=NOW)
    page.goto(f"{site}/api-keys")  # where nothing is fetched anew
    countdown = page.locator(".countdown").first
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
        Live("overview-getting-started", "getting-started", 10),
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


@pytest.mark.parametrize("width", [1280, 390])
def test_a_step_that_ticks_itself_moves_nothing_below_it(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.clock.install(time=NOW)
    page.goto(f"{site}/overview-getting-started")
    below = page.locator("#usage-title")
    before = below.bounding_box()
    page.clock.run_for(10_000)
    expect(page.get_by_text("All done.")).to_be_visible()
    assert below.bounding_box() == before


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
    live = page.get_by_role("status").filter(has=page.locator(".badge"))
    expect(live).to_have_text("Live Updates every 5 seconds")
    page.route("**/figures?*", lambda route: route.fulfill(status=429, body="Too many requests"))
    fetch_figures(page)
    expect(live).to_have_text("Paused: a limit is reached")
    assert page.locator("#figures").count() == 1


def test_who_was_signed_out_is_led_to_sign_in_and_asks_no_more(page: Page, site: str) -> None:
    page.clock.install(time=NOW)
    page.goto(f"{site}/analytics?period=7d")
    live = page.locator(".live")
    asked = answer_figures(page, lambda route: route.fulfill(status=401))
    fetch_figures(page)
    expect(live).to_have_text("Paused: signed out Sign in")
    back = live.get_by_role("link", name="Sign in").get_attribute("href") or ""
    assert back == f"{BASE_PATH}/login?return_to=%2Fanalytics%3Fperiod%3D7d"
    page.clock.run_for(3_600_000)
    assert len(asked) == 1
    # In another tab they sign in, and come back.
    page.unroute("**/figures?*")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    fetch_figures(page)
    expect(live).to_have_text("Live Updates every 5 seconds")


def test_a_page_that_is_offline_says_so_and_tries_later_and_later(page: Page, site: str) -> None:
    page.clock.install(time=NOW)
    page.goto(f"{site}/analytics")
    live = page.locator(".live")
    asked = answer_figures(page, lambda route: route.abort())
    page.clock.run_for(5000)
    expect(live).to_have_text("Paused: offline")
    tries = []
    for _ in range(4):
        page.clock.run_for(60_000)
        tries.append(len(asked))
    assert tries[-1] < 8  # of 48 that would be due
    page.unroute("**/figures?*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    fetch_figures(page)
    expect(live).to_have_text("Live Updates every 5 seconds")


def answer_figures(page: Page, answer: Callable[[Route], None]) -> list[str]:
    """The addresses that were asked for."""
    asked: list[str] = []

    def handle(route: Route) -> None:
        asked.append(route.request.url)
        answer(route)

    page.route("**/figures?*", handle)
    return asked


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
def test_without_script_no_button_is_dead(scriptless: Page, site: str, name: str) -> None:
    scriptless.goto(f"{site}/{name}")
    for button in scriptless.get_by_role("button").all():
        assert button.evaluate("button => button.form !== null")


def test_the_form_of_a_link_shows_where_it_will_lead(
    page: Page, complaints: list[str], site: str
) -> None:
    page.goto(f"{site}/link-new-empty")
    page.get_by_text("UTM parameters").click()
    page.get_by_label("Password").fill("never sent")
    # A response that is still awaited would be given up for the next.
    with page.expect_response(lambda response: "shop.example.com" in response.url):
        page.get_by_label("Destination").fill("https://shop.example.com/")
    with page.expect_response(lambda response: "utm_source=mail" in response.url) as fetched:
        page.get_by_label("Source").fill("mail")
    sent = parse_qs(urlsplit(fetched.value.url).query)
    assert sent == {"url": ["https://shop.example.com/"], "utm_source": ["mail"]}
    expect(page.get_by_text("Leads to https://shop.example.com/autumn?utm_source")).to_be_visible()
    assert complaints == []
