"""The whole story of a key, from the browser of its owner to the programs that use it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import Page, expect

from jmpy.keys.store import KeyStore
from local import demo_user
from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack
from tests.browser.test_sign_in import sign_in
from tests.e2e.conftest import await_redirect

if TYPE_CHECKING:
    from jmpy.keys.model import ApiKey

LINK = {"url": "https://example.com/"}


def new_key(page: Page, stack: Stack, name: str) -> str:
    page.goto(f"{stack.env.dashboard_url}/api-keys")
    page.get_by_role("link", name="Create New API Key").first.click()
    page.get_by_label("Name").fill(name)
    expect(page.get_by_role("checkbox", name="read")).to_be_checked()
    page.get_by_role("button", name="Create key").click()
    return shown_key(page, stack)


def shown_key(page: Page, stack: Stack) -> str:
    secret = page.get_by_role("textbox", name="API key").input_value()
    assert re.fullmatch(r"jmpy_\w{38}", secret)
    stack.secrets.append(secret)
    return secret


def newest(stack: Stack, account: str) -> ApiKey:
    return stack.deployment.keys.of_account(account)[0]


def await_refusal(http: httpx.Client, secret: str) -> None:
    """Within the bound that the authorizer's memory has."""
    deadline = time.monotonic() + 30
    while http.get(SHORT_URLS, headers=bearer(secret)).status_code != 401:
        assert time.monotonic() < deadline
        time.sleep(0.5)  # the plan Free allows five requests a second


def test_a_key_from_its_creation_to_its_end(stack: Stack, http: httpx.Client, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    newcomer = "newcomer@example.com"
    account = demo_user.ensure(stack.deployment, stack.env.dashboard_password, newcomer)
    sign_in(page, stack, email=newcomer)
    expect(page.get_by_role("link", name="Create key")).to_be_visible()  # the first step
    secret = new_key(page, stack, "Story")
    page.get_by_role("button", name="Copy").first.click()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    assert http.get(SHORT_URLS, headers=bearer(secret)).status_code == 200
    assert http.post(SHORT_URLS, json=LINK, headers=bearer(secret)).status_code == 403

    # Once, and never again.
    page.get_by_role("link", name="Done").click()
    page.reload()
    assert secret not in page.content()
    page.go_back()
    expect(page.get_by_text("cannot be shown again")).to_be_visible()
    assert secret not in page.content()

    page.goto(stack.env.dashboard_url)
    step = page.locator(".done").filter(has_text="Send the first request")
    expect(step).to_be_visible(timeout=30_000)  # it ticks itself

    old = newest(stack, account)
    page.goto(f"{stack.env.dashboard_url}/api-keys/{old.id}")
    page.get_by_role("radio", name="2 days").check()
    page.get_by_role("button", name="Rotate key").click()
    successor = shown_key(page, stack)
    for key in (secret, successor):
        assert http.get(SHORT_URLS, headers=bearer(key)).status_code == 200
    page.goto(f"{stack.env.dashboard_url}/api-keys/{old.id}")
    expect(page.locator("[data-countdown]").first).to_have_text(re.compile(r"1 day 23:59:\d\d"))

    # The grace period is over when the table says so.
    client = stack.deployment.session.client("dynamodb", endpoint_url=stack.env.endpoint)
    table = stack.deployment.outputs["AccountsTable"]
    client.update_item(
        TableName=table,
        Key={"pk": {"S": f"key#{old.digest}"}, "sk": {"S": "key"}},
        UpdateExpression="SET expires_at = :now",
        ExpressionAttributeValues={":now": {"N": str(int(time.time()))}},
    )
    assert KeyStore(client, table).get(account, old.id).expires_at is not None
    await_refusal(http, secret)
    assert http.get(SHORT_URLS, headers=bearer(successor)).status_code == 200

    page.goto(f"{stack.env.dashboard_url}/api-keys/{newest(stack, account).id}")
    page.get_by_role("link", name="Revoke key").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke key").click()
    expect(page.get_by_text("The key was revoked")).to_be_visible()
    await_refusal(http, successor)


def test_a_person_works_with_links_without_curl(
    stack: Stack, http: httpx.Client, page: Page
) -> None:
    sign_in(page, stack)
    page.goto(f"{stack.env.dashboard_url}/links/new")
    page.get_by_label("Destination").fill("https://example.com/from-the-browser")
    page.get_by_label("Custom alias").fill("browser-made")
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_text("The link is ready")).to_be_visible()
    followed = http.get("/browser-made")
    assert followed.headers["location"] == "https://example.com/from-the-browser"
    expect(page.get_by_label("Short URL")).to_have_value(re.compile("/browser-made$"))
    page.get_by_label("Destination").fill("https://example.com/changed")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("The link was changed")).to_be_visible()
    await_redirect(http, "/browser-made", 301, "https://example.com/changed")
    page.get_by_role("link", name="Edit browser-made").click()
    page.get_by_role("link", name="Delete link").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete link").click()
    expect(page.get_by_text("The link was deleted")).to_be_visible()
    await_redirect(http, "/browser-made", 404)


def test_a_click_shows_up_while_the_page_is_open(
    stack: Stack, http: httpx.Client, page: Page
) -> None:
    newcomer = "clicked@example.com"
    demo_user.ensure(stack.deployment, stack.env.dashboard_password, newcomer)
    sign_in(page, stack, email=newcomer)
    page.goto(f"{stack.env.dashboard_url}/links/new")
    page.get_by_label("Destination").fill("https://example.com/")
    page.get_by_label("Custom alias").fill("watched")
    page.get_by_role("button", name="Create link").click()
    page.get_by_role("main").get_by_role("link", name="Analytics").click()
    expect(page.get_by_text("No clicks yet")).to_be_visible()
    chrome = page.evaluate("navigator.userAgent").replace("Headless", "")
    assert http.get("/watched", headers={"User-Agent": chrome}).status_code == 301
    expect(page.get_by_role("heading", name="Countries")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("img", name="1 in total")).to_be_visible()
    page.get_by_role("link", name="Analytics for all links").click()
    expect(page.get_by_role("link", name="/watched")).to_be_visible()


def test_a_form_works_without_scripts(stack: Stack, page: Page) -> None:
    context = page.context.browser
    assert context is not None
    plain = context.new_context(java_script_enabled=False)
    bare = plain.new_page()
    sign_in(bare, stack)
    bare.goto(f"{stack.env.dashboard_url}/api-keys/new")
    bare.get_by_label("Name").fill("Without scripts")
    bare.get_by_role("button", name="Create key").click()
    assert shown_key(bare, stack)
    plain.close()


def test_no_page_breaks_its_own_policy(stack: Stack, page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, stack)
    problems.clear()  # of the emulator's own sign-in page
    lists = ("/api-keys", "/api-keys/new", "/links", "/links/new", "/qr-codes")
    for path in ("", *lists, "/analytics", "/plan"):
        page.goto(f"{stack.env.dashboard_url}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("link", name="Overview").first).to_be_visible()
    assert problems == []
