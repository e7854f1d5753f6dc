"""The whole story of domains in a browser: a subdomain that works at once, and a branded domain
whose records come, go, and come back."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.sync_api import Error, Page, expect

from local import demo_user
from tests.browser.test_sign_in import sign_in
from tests.e2e.test_domains import check, on, set_record

if TYPE_CHECKING:
    from project.stack import Stack

HOST = "go.browser.test"
DESTINATION = "https://example.com/"
SUBDOMAIN = "browser-story"


def create_link(page: Page, alias: str, destination: str) -> None:
    """From the page of a domain."""
    page.get_by_role("main").get_by_role("link", name="Create link").click()
    page.get_by_label("Destination").fill(destination)
    page.get_by_label("Custom alias").fill(alias)
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_text("The link is ready")).to_be_visible()


def test_a_link_on_a_subdomain_is_opened_at_once(stack: Stack, page: Page) -> None:
    owner = "subdomain-story@example.com"
    demo_user.ensure(stack.deployment, stack.env.dashboard_password, owner)
    sign_in(page, stack, "/dashboard/domains", email=owner)
    page.goto(f"{stack.env.dashboard_url}/domains")
    page.get_by_role("link", name="Create a subdomain").click()
    page.get_by_label("Subdomain").fill(SUBDOMAIN)
    expect(page.get_by_role("status").filter(has_text="available")).to_be_visible()
    page.get_by_role("button", name="Create subdomain").click()
    host = f"{SUBDOMAIN}.short.localhost"
    expect(page.get_by_role("heading", name=host)).to_be_visible()
    create_link(page, "here", DESTINATION)
    short_url = f"http://{host}:{stack.port}/here"
    expect(page.get_by_label("Short URL")).to_have_value(short_url)
    with page.expect_request(DESTINATION), suppress(Error):  # nothing leaves this machine
        page.goto(short_url)


def test_a_branded_domain_is_proven_fails_and_recovers(stack: Stack, page: Page) -> None:
    owner = "branded-story@example.com"
    account = demo_user.ensure(stack.deployment, stack.env.dashboard_password, owner)
    sign_in(page, stack, email=owner)
    page.goto(f"{stack.env.dashboard_url}/domains/new/branded")
    page.get_by_label("Domain").fill(HOST)
    page.get_by_role("button", name="Add domain").click()
    records = page.locator(".record")
    shown = [record.locator("dd code").all_inner_texts() for record in records.all()]
    assert {kind for kind, _, _ in shown} == {"TXT", "CNAME"}
    domain_id = page.url.rpartition("/")[2].partition("?")[0]

    status = page.locator("#domain-status")
    page.get_by_role("button", name="Check now").click()
    expect(status).to_contain_text("There is no TXT record")
    for kind, name, value in shown:
        set_record(stack, name, kind, value)
    page.get_by_role("button", name="Check now").click()
    expect(status.get_by_role("status")).to_have_text("Active")
    create_link(page, "sale", DESTINATION)
    with on(stack, HOST) as there:
        assert there.get("/sale").headers["location"] == DESTINATION

    (txt,) = (record for record in shown if record[0] == "TXT")
    set_record(stack, txt[1], "TXT")
    check(stack, domain_id, account=account)
    page.goto(f"{stack.env.dashboard_url}/domains/{domain_id}")
    expect(status.get_by_role("status")).to_have_text("DNS problem")
    expect(status).to_contain_text(txt[1])
    with on(stack, HOST) as there:
        assert there.get("/sale").headers["location"] == DESTINATION
    set_record(stack, txt[1], "TXT", txt[2])
    page.get_by_role("button", name="Check now").click()
    expect(status.get_by_role("status")).to_have_text("Active")
    expect(page.get_by_text(re.compile("1 link"))).to_be_visible()
