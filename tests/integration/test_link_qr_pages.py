"""The QR code on the page of a link."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image

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
    assert f'src="/live/_/qr/{link.qr_id}.svg"' in text
    assert f"/live/{link.qr_code}" in text
    assert "Create a QR code" not in text
    assert f'href="/live/dashboard/qr-codes/{link.qr_id}?' in person.get(LINKS).text


def test_its_file_is_decoded_as_what_the_page_says(person: Browser, page: str) -> None:
    person.submit(f"{page}/qr-code", {})
    text = person.get(f"{page}/qr-code/file?format=png").text
    found = re.search(r'href="data:image/png;base64,([^"]+)"', text)
    assert found is not None
    image = Image.open(io.BytesIO(b64decode(found[1])))
    assert image.size == (1200, 1200)
    link = person.app.services.links.get(cognito.SUBJECT, "sale")
    (decoded,) = zxingcpp.read_barcodes(image.convert("L"))
    assert decoded.text.endswith(f"/live/{link.qr_code}")


@pytest.mark.parametrize("image_format", ["svg", "pdf"])
def test_it_is_there_in_other_formats(person: Browser, page: str, image_format: str) -> None:
    person.submit(f"{page}/qr-code", {})
    file = person.get(f"{page}/qr-code/file?format={image_format}")
    assert f'download="qr-code-sale.{image_format}"' in file.text
    assert len(file.text) < 100_000


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


def test_a_link_without_one_has_no_file(person: Browser, page: str) -> None:
    assert person.get(f"{page}/qr-code/file").status == 404
