"""The list of QR codes on the dashboard: found, filtered, sorted, by page."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.dashboard.pages.qr_codes import PAGE_SIZE
from jmpy.gateway.own_names import NOWHERE
from jmpy.qr.content import ContentType, Text, Url, Wifi, WifiSecurity
from jmpy.qr.creation import NewQrCode, Place, QrCodeCreation
from jmpy.qr.look import Look
from project.origins import SOMEBODY
from tests import cognito

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.qr.content import Content
    from jmpy.qr.model import QrCode
    from tests.integration.browser import Browser

QR_CODES = "/dashboard/qr-codes"


@pytest.fixture
def create(person: Browser) -> Callable[..., QrCode]:
    its = person.app.services
    creation = QrCodeCreation(its.qr_code_store, its.links, its.link_store)

    def created(content: Content, content_type: ContentType, **values: Any) -> QrCode:
        new = NewQrCode(content_type=content_type, content=content, look=Look(), **values)
        place = Place("https://go.example.com", NOWHERE)
        return creation.create(cognito.SUBJECT, new, place).qr_code

    return created


def listed(person: Browser, query: str = "") -> list[str]:
    """The names of the QR codes on the page, or else their types with their contents."""
    page = person.get(f"{QR_CODES}{query}")
    assert page.status == 200, page.text
    found = re.findall(r'<span class="title-line"><a [^>]*>(.*?)</a>', page.text)
    return [unescape(re.sub("<[^>]*>", "", name)) for name in found]


def test_qr_codes_are_found_filtered_and_sorted(
    person: Browser, create: Callable[..., QrCode]
) -> None:
    create(Url("https://example.com/menu"), ContentType.URL, name="Menu", is_dynamic=True)
    create(Url("https://example.com/b"), ContentType.URL, tracking_enabled=True, source="POS")
    create(Wifi("Café", WifiSecurity.WPA, "correct horse"), ContentType.WIFI)
    create(Text("Hello"), ContentType.TEXT, name="<b>Note</b>")
    wifi, tracked = "Wi-Fi: Café", "Web address: https://example.com/b"
    assert listed(person) == ["<b>Note</b>", wifi, tracked, "Menu"]
    assert listed(person, "?sort=created") == ["Menu", tracked, wifi, "<b>Note</b>"]
    assert listed(person, "?sort=-name")[0] == "Menu"
    assert listed(person, "?search=caf%C3%A9") == [wifi]
    assert listed(person, "?type=dynamic") == ["Menu"]
    assert listed(person, "?type=tracked") == [tracked]
    assert listed(person, "?type=static&created=last_hour") == ["<b>Note</b>", wifi]
    assert listed(person, "?source=POS") == [tracked]
    assert listed(person, "?source=POS&type=static") == []


def test_a_row_leads_to_its_page_and_shows_its_image(
    person: Browser, create: Callable[..., QrCode]
) -> None:
    qr_code = create(Text("Hello"), ContentType.TEXT, name="Note")
    text = person.get(f"{QR_CODES}?search=note").text
    assert (
        f'href="/live{QR_CODES}/{qr_code.id}?back=%2Fdashboard%2Fqr-codes%3Fsearch%3Dnote"' in text
    )
    assert f'src="/live/_/qr/{qr_code.id}.svg?v=1"' in text


def test_the_password_of_a_network_is_not_in_the_list(
    person: Browser, create: Callable[..., QrCode]
) -> None:
    create(Wifi("Café", WifiSecurity.WPA, "correct horse"), ContentType.WIFI)
    assert "correct horse" not in person.get(QR_CODES).text


def test_a_code_shows_where_its_link_leads_now_and_that_it_was_deleted(
    person: Browser, create: Callable[..., QrCode]
) -> None:
    qr_code = create(Url("https://example.com/a"), ContentType.URL, is_dynamic=True)
    its = person.app.services
    link = its.links.get(cognito.SUBJECT, qr_code.link_id)
    its.link_store.change(link, {"url": "https://example.com/elsewhere"})
    assert "example.com/elsewhere</a>" in person.get(QR_CODES).text
    its.link_changes.remove(cognito.SUBJECT, qr_code.link_id, by=SOMEBODY)
    assert "Link deleted" in person.get(QR_CODES).text


def test_scans_are_counted_while_those_of_the_link_are(
    person: Browser, create: Callable[..., QrCode]
) -> None:
    qr_code = create(Url("https://example.com/a"), ContentType.URL, tracking_enabled=True)
    assert "Not counted" not in person.get(QR_CODES).text
    its = person.app.services
    link = its.links.get(cognito.SUBJECT, qr_code.link_id)
    its.link_store.change(link, {"tracking_enabled": False})
    assert "Not counted" in person.get(QR_CODES).text


def test_pages_follow_each_other_with_their_filters(
    person: Browser, create: Callable[..., QrCode]
) -> None:
    for number in range(PAGE_SIZE + 1):
        create(Text("Hello"), ContentType.TEXT, name=f"Note {number}")
    text = person.get(f"{QR_CODES}?type=static").text
    assert f"{PAGE_SIZE + 1} QR codes" in text
    assert 'rel="next" href="/live/dashboard/qr-codes?type=static&amp;page=2"' in text
    assert listed(person, "?type=static&page=2") == ["Note 0"]
    assert listed(person, "?page=2") == ["Note 0"]
    assert "This page is empty" in person.get(f"{QR_CODES}?page=3").text
    assert "this is the first one" in person.get(f"{QR_CODES}?page=999999").text


@pytest.mark.parametrize(
    "query",
    ["?page=0", "?page=x", "?type=all", "?type=%00", "?created=never", "?sort=%F0%9F%8E%89"],
)
def test_what_is_unknown_counts_as_not_chosen(
    person: Browser, create: Callable[..., QrCode], query: str
) -> None:
    create(Text("Hello"), ContentType.TEXT, name="Note")
    assert listed(person, query) == ["Note"]


def test_the_list_is_exported_as_csv(person: Browser, create: Callable[..., QrCode]) -> None:
    assert f"{QR_CODES}/export" not in person.get(QR_CODES).text
    create(Text("Hello"), ContentType.TEXT, name="Note")
    assert f'href="/live{QR_CODES}/export" download' in person.get(QR_CODES).text
    file = person.get(f"{QR_CODES}/export")
    assert file.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(file.text))
    assert (row["name"], row["content"]) == ("Note", "Hello")


def test_an_account_without_any_is_told_how_to_create_one(person: Browser) -> None:
    text = person.get(QR_CODES).text
    assert f'href="/live{QR_CODES}/new"' in text
    assert "No QR codes yet" in text
    assert 'role="search"' not in text
    assert "No QR codes match" in person.get(f"{QR_CODES}?search=x").text
