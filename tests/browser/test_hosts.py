"""A short URL on a subdomain in a browser, which finds every name below `localhost` by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from jmpy.links import password
from project.stack import Stack
from tests.integration.hosts import host_item, link_item

HOST = "browser.short.localhost"


@pytest.fixture
def site(stack: Stack) -> str:
    """With a link to a page of the default domain, behind a password."""
    target, table = stack.deployment, stack.deployment.outputs["LinksTable"]
    hashed = password.hashed("long enough")
    link = link_item(
        "sale", HOST, f"{stack.env.base_url}/nothing", "of-browser-test", password_hash=hashed
    )
    for item in (host_item(HOST, "of-browser-test"), link):
        target.dynamodb.put_item(TableName=table, Item=item)
    return f"http://{HOST}:{stack.port}"


def test_its_form_opens_the_link_and_its_pass_does_again(page: Page, site: str) -> None:
    for asked in (True, False):
        page.goto(f"{site}/sale")
        if asked:
            page.get_by_label("Password").fill("long enough")
            page.get_by_role("button").click()
        page.wait_for_url("**/nothing")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "jmpy_pass"]
    assert (cookie["domain"], cookie["path"]) == (HOST, "/sale")


def test_nobody_is_asked_to_sign_in_there(page: Page, site: str) -> None:
    for path in ("/login", "/dashboard", "/docs"):
        response = page.goto(f"{site}{path}")
        assert response is not None
        assert response.status == 404
        expect(page.get_by_role("heading")).to_have_text("Link not found")
