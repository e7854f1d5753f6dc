"""`/{short_code}+`: where a link leads, without following it; and the link to report one."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.links import codes
from jmpy.links.blocklist_store import BlocklistStore, Entry
from jmpy.links.errors import InvalidAlias
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.redirect import preview
from jmpy.web import report_link
from project.tables import LINKS
from tests.integration.short_urls import BASE_URL
from tests.integration.test_redirect import BROWSER, follow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

URL = "https://shop.example.com/autumn?a=1&b=<2>"
STORED = "https://shop.example.com/autumn?a=1&b=%3C2%3E"


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> LinkService:
    return LinkService(LinkStore(dynamodb, LINKS))


@pytest.fixture(autouse=True)
def clicks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """That were sent to the queue."""
    sent: list[Any] = []
    monkeypatch.setattr(
        "jmpy.clicks.queue.ClickQueue.send", lambda _queue, click: sent.append(click)
    )
    return sent


@pytest.mark.parametrize("sign", ["+", "%2B", "%2b", " "])
def test_a_preview_shows_where_a_link_leads_and_counts_no_click(
    links: LinkService, clicks: list[Any], sign: str
) -> None:
    links.create("a", NewLink(URL, custom_alias="sale"))
    response = follow(f"sale{sign}")
    assert (response.status, response.body["success"]) == (200, True)
    assert response.body["data"] == {
        "short_code": "sale",
        "short_url": f"{BASE_URL}/sale",
        "original_url": STORED,
        "host": "shop.example.com",
        "host_unicode": "shop.example.com",
        "is_password_protected": False,
    }
    assert "location" not in response.headers
    assert clicks == []


def test_a_person_gets_a_page_with_the_destination_as_text(
    links: LinkService, clicks: list[Any]
) -> None:
    links.create("a", NewLink(URL, custom_alias="sale"))
    page = follow("sale+", accept=BROWSER)
    assert page.status == 200
    assert html.escape(STORED) in page.text
    # The one way on is the short URL, so that the click counts.
    assert page.text.count("<a ") == 1
    assert 'href="sale"' in page.text
    assert clicks == []


@pytest.mark.parametrize("accept", [None, BROWSER])
def test_a_preview_is_for_no_search_engine_and_no_cache(
    links: LinkService, accept: str | None
) -> None:
    links.create("a", NewLink(URL, custom_alias="sale"))
    headers = follow("sale+", accept=accept).headers
    assert headers["x-robots-tag"] == "noindex"
    assert "no-store" in headers["cache-control"]


def test_an_internationalised_host_is_shown_in_both_spellings(links: LinkService) -> None:
    links.create("a", NewLink("https://b\u00fccher.example/", custom_alias="books"))
    data = follow("books+").body["data"]
    assert (data["host"], data["host_unicode"]) == ("xn--bcher-kva.example", "b\u00fccher.example")
    page = follow("books+", accept=BROWSER).text
    assert "b\u00fccher.example" in page
    assert "xn--bcher-kva.example" in page


@pytest.mark.parametrize("accept", [None, BROWSER])
def test_a_link_with_a_password_does_not_reveal_its_destination(
    links: LinkService, accept: str | None
) -> None:
    links.create("a", NewLink(URL, custom_alias="secret", password="long enough"))
    response = follow("secret+", accept=accept)
    assert response.status == 200
    assert "shop.example" not in response.text
    if accept is None:
        assert response.body["data"]["is_password_protected"]
        assert response.body["data"]["original_url"] is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"expires_at": 1}, "LINK_EXPIRED"), ({"disabled": True}, "LINK_DISABLED")],
)
def test_a_link_that_leads_nowhere_has_no_preview(
    links: LinkService, fields: dict[str, Any], code: str
) -> None:
    then = LinkService(links._store, now=lambda: 0)
    then.create("a", NewLink(URL, custom_alias="gone", **fields))
    response = follow("gone+")
    assert (response.status, response.code) == (410, code)
    assert "shop.example" not in response.text


def test_a_blocked_destination_is_not_shown(dynamodb: DynamoDBClient, links: LinkService) -> None:
    links.create("a", NewLink(URL, custom_alias="bad"))
    BlocklistStore(dynamodb, LINKS).add(Entry("shop.example.com", "phishing", 1, "op"))
    page = follow("bad+", accept=BROWSER)
    assert page.status == 410
    assert "This link was taken down" in page.text
    assert "shop.example" not in page.text


@pytest.mark.parametrize("path", ["+", "nothing+", "sale++", "+sale", "sale+x", "api/v1+"])
def test_what_is_no_link_has_no_preview(links: LinkService, path: str) -> None:
    links.create("a", NewLink(URL, custom_alias="sale"))
    assert follow(path).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_preview_is_only_read(links: LinkService, method: str) -> None:
    links.create("a", NewLink(URL, custom_alias="sale"))
    assert follow("sale+", method).status == 404


def test_no_alias_can_be_taken_for_a_preview() -> None:
    assert not codes.is_code(f"sale{preview.SIGN}")
    with pytest.raises(InvalidAlias):
        codes.checked_alias(f"sale{preview.SIGN}")


REPORTS = {
    "": None,
    "mailto:abuse@example.com": (
        "mailto:abuse@example.com?subject=Report%20of%20https%3A%2F%2Fgo.example.com%2Fsale"
    ),
    "mailto:abuse@example.com?subject=Abuse:%20{code}": (
        "mailto:abuse@example.com?subject=Abuse:%20sale"
    ),
    "https://example.com/report": "https://example.com/report",
    "https://example.com/report?link={url}&code={code}": (
        "https://example.com/report?link=https%3A%2F%2Fgo.example.com%2Fsale&code=sale"
    ),
}


@pytest.mark.parametrize(("template", "address"), REPORTS.items())
def test_a_report_names_the_link(template: str, address: str | None) -> None:
    assert report_link.address(template, "sale", "https://go.example.com/sale") == address


@pytest.mark.parametrize("path", ["sale+", "secret", "gone", "nothing", "<b>"])
def test_every_page_of_a_link_says_where_to_report_it(
    links: LinkService, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("REPORT_URL", "https://example.com/report?code={code}")
    links.create("a", NewLink(URL, custom_alias="sale"))
    links.create("a", NewLink(URL, custom_alias="secret", password="long enough"))
    links.create("a", NewLink(URL, custom_alias="gone", disabled=True))
    page = follow(path, accept=BROWSER).text
    code = path.removesuffix("+") if path != "<b>" else ""
    assert f'href="https://example.com/report?code={code}"' in page
    assert "Report this link" in page


@pytest.mark.parametrize("path", ["sale+", "nothing"])
def test_without_an_address_there_is_no_link_to_report(links: LinkService, path: str) -> None:
    links.create("a", NewLink(URL, custom_alias="sale"))
    assert "Report" not in follow(path, accept=BROWSER).text
