"""The QR code on the page of a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import cognito

if TYPE_CHECKING:
    from tests.integration.browser import Browser

LINKS = "/dashboard/links"
LOOK = "visual_settings."


@pytest.fixture
def page(person: Browser) -> str:
    """Of a link without a QR code."""
    person.submit(LINKS, {"url": "https://example.com/", "custom_alias": "sale"})
    return f"{LINKS}/{person.app.services.links.get(cognito.SUBJECT, 'sale').id}"


def test_a_link_gets_its_qr_code_on_its_page(person: Browser, page: str) -> None:
    assert "Create a QR code" in person.get(page).text
    created = person.submit(f"{page}/qr-code", {LOOK + "foregroundColor": "#1a2b6d"})
    assert created.status == 303
    link = person.app.services.links.get(cognito.SUBJECT, "sale")
    text = person.get(page).text
    assert f'src="/live/_/qr/{link.qr_id}.svg?v=1"' in text
    assert f"/live/{link.qr_code}" in text
    assert "Create a QR code" not in text
    assert f'href="/live/dashboard/qr-codes/{link.qr_id}?' in person.get(LINKS).text


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("foregroundColor", "#ffff00"),
        ("foregroundColor", "red"),
        ("backgroundColor", "#12"),
        ("margin", "0"),
        ("margin", "four"),
        ("errorCorrectionLevel", "Z"),
        ("logoUrl", "http://169.254.169.254/logo.png"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    person: Browser, page: str, name: str, typed: str
) -> None:
    response = person.submit(f"{page}/qr-code", {LOOK + name: typed})
    assert response.status == 422
    assert f'id="{LOOK}{name}-error"' in response.text
    assert f'value="{typed}"' in response.text or name == "errorCorrectionLevel"


def test_a_second_qr_code_is_a_conflict(person: Browser, page: str) -> None:
    person.submit(f"{page}/qr-code", {})
    assert person.submit(f"{page}/qr-code", {}).status == 409
