"""Trying an operation out on the reference's page, with one's own key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.e2e.conftest import Stack


def test_a_link_is_made_with_the_demo_key_from_the_page(
    stack: Stack, http: httpx.Client, page: Page
) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"{stack.env.base_url}/docs")
    page.get_by_role("button", name="Authorize").click()
    page.locator("#auth-bearer-value").first.fill(stack.env.api_key)
    page.get_by_role("button", name="Apply credentials").first.click()
    page.get_by_role("button", name="Close").first.click()

    operation = page.locator("#operations-Links-createShortUrl")
    operation.locator(".opblock-summary-control").click()
    body = '{"url": "https://example.com/tried-out", "custom_alias": "tried-out"}'
    operation.locator("textarea.body-param__text").fill(body)
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").nth(1)).to_contain_text(
        "201"
    )
    assert http.get("/tried-out").headers["location"] == "https://example.com/tried-out"
    assert problems == []

    # The key is in the memory of the page only.
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage])") == "[{},{}]"
    page.reload()  # the address names the operation, which is open again
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").nth(1)).to_contain_text("401")
