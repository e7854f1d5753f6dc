"""Trying an operation out on the reference's page, with one's own key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from project.stack import Stack


def test_a_link_is_created_with_the_demo_key_from_the_page(
    stack: Stack, http: httpx.Client, page: Page
) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"{stack.env.base_url}/docs")
    page.get_by_label("Your API key").fill(stack.env.api_key)
    page.get_by_role("button", name="Use this key").click()

    operation = page.locator("#createShortUrl")
    operation.locator("> summary").click()
    body = '{"url": "https://example.com/tried-out", "custom_alias": "tried-out"}'
    operation.get_by_label("as JSON").fill(body)
    operation.get_by_role("button", name="Send request").click()
    expect(operation.locator(".response")).to_contain_text("201")
    assert http.get("/tried-out").headers["location"] == "https://example.com/tried-out"
    assert problems == []
