"""Forms as people treat them: clicked twice, reloaded, left open until the session has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.test_sign_in import sign_in
from tests.browser.test_story import shown_key

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from project.stack import Stack

LONG = f"https://example.com/{'x' * 7900}"


def fill_in(page: Page, stack: Stack, alias: str, url: str = "https://example.com/") -> None:
    page.goto(f"{stack.env.dashboard_url}/links/new")
    page.get_by_label("Destination").fill(url)
    page.get_by_label("Custom alias").fill(alias)
    page.get_by_label("Tags").fill("a, b")
    page.get_by_label("Password").fill("correct horse")


def sign_in_here(page: Page, stack: Stack) -> None:
    page.get_by_label("Username").fill("demo@example.com")
    page.get_by_label("Password").fill(stack.env.dashboard_password)
    page.get_by_role("button", name="Sign in").click()


def test_a_second_click_finds_the_button_busy_and_sends_nothing(stack: Stack, page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    sign_in(page, stack)
    fill_in(page, stack, "clicked-twice")
    # Playwright waits for the page that comes, so the page itself notes what it looked like.
    page.evaluate(
        """addEventListener("submit", () => setTimeout(() => {
            const button = document.querySelector("main form button");
            sessionStorage.setItem("seen", `${button.textContent} ${button.disabled}`);
            document.querySelector("main form").requestSubmit();
        }))"""
    )
    sent.clear()
    page.get_by_role("button", name="Create link").dblclick()
    expect(page.get_by_text("The link is ready")).to_be_visible()
    assert sent.count("POST") == 1
    assert page.evaluate("sessionStorage.getItem('seen')") == "Creating… true"
    page.go_back()
    expect(page.get_by_role("button", name="Create link")).to_be_enabled()


def test_a_key_is_shown_once_and_then_its_page_says_so(stack: Stack, page: Page) -> None:
    sign_in(page, stack)
    page.goto(f"{stack.env.dashboard_url}/api-keys/new")
    page.locator("details").filter(has_text="Delete a short URL").locator("summary").click()
    expect(page.get_by_text("Delete a short URL")).to_be_visible()
    expect(page.get_by_label("delete", exact=True)).not_to_be_checked()
    page.get_by_label("Name").fill("Once")
    page.get_by_role("button", name="Create key").click()
    secret = shown_key(page, stack)
    other = page.context.new_page()
    other.goto(page.url)
    page.reload()
    for tab in (other, page):
        expect(tab.get_by_text("cannot be shown again")).to_be_visible()
        assert secret not in tab.content()
    page.go_back()
    assert secret not in page.content()


def test_a_form_that_is_sent_after_the_session_ended_is_filled_in_again_after_sign_in(
    stack: Stack, page: Page
) -> None:
    sign_in(page, stack)
    fill_in(page, stack, "after-sign-in", LONG)
    page.context.clear_cookies()
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_text("your input is not lost")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    sign_in_here(page, stack)
    expect(page.get_by_text("Nothing was sent yet")).to_be_focused()
    assert page.url == f"{stack.env.dashboard_url}/links/new"
    expect(page.get_by_label("Destination")).to_have_value(LONG)
    expect(page.get_by_label("Tags")).to_have_value("a, b")
    expect(page.get_by_label("Password")).to_have_value("")
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_text("The link is ready")).to_be_visible()
    page.goto(f"{stack.env.dashboard_url}/links/new")
    expect(page.get_by_label("Destination")).to_have_value("")


def test_without_scripts_another_tabs_sign_in_brings_the_form_back(
    stack: Stack, browser: Browser
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, stack)
        fill_in(page, stack, "without-scripts", LONG)
        context.clear_cookies()
        page.get_by_role("button", name="Create link").click()
        with context.expect_page() as opened:
            page.get_by_role("main").get_by_role("link", name="Sign in").click()
        sign_in_here(opened.value, stack)
        opened.value.wait_for_url("**/dashboard/links/new")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Check it, then send it again")).to_be_visible()
        expect(page.get_by_label("Destination")).to_have_value(LONG)
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Create link").click()
        expect(page.get_by_text("The link is ready")).to_be_visible()
