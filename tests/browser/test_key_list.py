"""Forty keys: found, sorted, filtered and revoked with the keyboard alone, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from jmpy.clock import DAY, system_clock
from local import demo_user
from project.origins import SOMEBODY
from tests.browser.test_dashboard_looks import BEYOND_THE_EDGE, violations
from tests.browser.test_sign_in import sign_in

if TYPE_CHECKING:
    from project.stack import Stack

JOBS = ("export", "import", "report", "cleanup")


@pytest.fixture(scope="module")
def owner(stack: Stack) -> str:
    """Somebody's email address, with 40 keys: one is being replaced."""
    email = "forty@example.com"
    account = demo_user.ensure(stack.deployment, stack.env.dashboard_password, email)
    stack.deployment.accounts.ensure(account, by=SOMEBODY)
    keys, now = stack.deployment.keys, int(system_clock())
    for number in range(39):
        issued = keys.create(
            account,
            f"{JOBS[number % 4]} {number:02}",
            ["read", "write"] if number % 4 == 0 else ["read"],
            now + number * DAY if number % 10 == 9 else None,
            by=SOMEBODY,
            environment=("staging", "production")[number % 2],
        )
    keys.rotate(account, issued.record.id, DAY, by=SOMEBODY)
    return email


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Presses the key until the element has the focus."""
    element = wanted.element_handle()
    for _ in range(250):
        if page.evaluate("(element) => document.activeElement === element", element):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached with {key}")


def press(page: Page, wanted: Locator, key: str = "Enter", by: str = "Tab") -> None:
    reach(page, wanted, by)
    page.keyboard.press(key)


def names(page: Page) -> list[str]:
    return page.locator(".title-line a").all_inner_texts()


def test_forty_keys_are_found_sorted_filtered_and_revoked_by_keyboard(
    stack: Stack, page: Page, owner: str
) -> None:
    sign_in(page, stack, "/dashboard/api-keys", owner)
    expect(page.get_by_text("40 keys")).to_be_visible()

    # Found
    reach(page, page.get_by_label("Search"))
    page.keyboard.type("EXPORT 0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("4 keys of 40")).to_be_visible()
    assert names(page) == ["export 20", "export 08", "export 04", "export 00"]
    press(page, page.get_by_role("link", name="Remove filter Search: EXPORT 0"))
    expect(page.get_by_text("40 keys", exact=True)).to_be_visible()

    # Sorted
    press(page, page.get_by_role("link", name="Key", exact=True))
    expect(page.locator("[aria-sort=ascending]")).to_have_text("Key")
    assert names(page)[:2] == ["cleanup 03", "cleanup 07"]
    press(page, page.get_by_role("link", name="Next"))
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()

    # Filtered
    press(page, page.get_by_text("More filters and sorting"))
    reach(page, page.get_by_label("Permission"))
    page.keyboard.type("write")
    press(page, page.get_by_role("button", name="Search"), by="Shift+Tab")
    expect(page.get_by_text("10 keys of 40")).to_be_visible()
    assert names(page) == [f"export {number:02}" for number in range(0, 39, 4)]
    assert "sort=name" in page.url
    assert violations(page) == []

    # A menu opens, closes with Escape, and gives the focus back
    menu = page.locator(".menu summary").first
    press(page, menu)
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("button", name="Copy")).not_to_be_visible()
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="Revoke", exact=True))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Revoke", exact=True)).to_be_focused()

    # Revoked
    for name in ("export 04", "export 08", "export 12"):
        press(page, page.get_by_role("checkbox", name=f"Select {name}"), key="Space")
    expect(page.locator("#announcement")).to_have_text("3 selected")
    press(page, page.get_by_role("button", name="Revoke selected keys"))
    expect(page.get_by_role("heading", name="Revoke 3 API keys?")).to_be_visible()
    expect(page.get_by_role("link", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="3 API keys revoked")).to_be_focused()
    press(page, page.get_by_role("link", name="Back to the list"))
    expect(page.get_by_text("7 keys of 40")).to_be_visible()
    press(page, page.get_by_role("link", name="Clear filters"))
    expect(page.get_by_text("37 keys", exact=True)).to_be_visible()


def test_on_the_narrowest_phone_a_menu_fits(stack: Stack, page: Page, owner: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page, stack, "/dashboard/api-keys?status=rotating", owner)
    for menu in page.locator(".menu summary").all():
        press(page, menu)
        box = page.locator(".menu[open] ul").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert page.evaluate(BEYOND_THE_EDGE) == 0
    assert violations(page) == []


def test_without_scripts_keys_are_found_and_revoked(stack: Stack, page: Page, owner: str) -> None:
    assert page.context.browser is not None
    with page.context.browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        sign_in(plain, stack, "/dashboard/api-keys?search=report", owner)
        plain.locator(".menu summary").first.click()
        expect(plain.get_by_role("link", name="Rotate", exact=True).first).to_be_visible()
        plain.get_by_role("checkbox", name="Select report 02").check()
        plain.get_by_role("checkbox", name="Select report 06").check()
        plain.get_by_role("button", name="Revoke selected keys").click()
        plain.get_by_role("button", name="Revoke 2 keys").click()
        expect(plain.get_by_role("heading", name="2 API keys revoked")).to_be_visible()
