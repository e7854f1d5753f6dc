"""`/{short_code}`, through its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.http.errors import ApiError
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.web import visitor_pages
from project import functions
from project.tables import LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
URL = "https://example.com/a?b=c"


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> LinkService:
    return LinkService(LinkStore(dynamodb, LINKS))


def follow(path: str, method: str = "GET", accept: str | None = None) -> Any:
    sent = functions.event(
        method,
        f"/{path}",
        resource="/{proxy+}",
        parameters={"proxy": path} if path else None,
        headers={"accept": accept} if accept else None,
    )
    return functions.call(functions.load("redirect").handler, sent)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("is_dynamic", "status"), [(False, 301), (True, 302)])
def test_a_short_code_leads_to_its_destination(
    links: LinkService, method: str, is_dynamic: bool, status: int
) -> None:
    link = links.create("a", NewLink(URL, is_dynamic=is_dynamic))
    response = follow(link.short_code, method)
    assert (response.status, response.headers["location"]) == (status, URL)
    assert "no-store" in response.headers["cache-control"]  # or later clicks would go uncounted
    assert response.headers["x-request-id"] == "request-1"


@pytest.mark.parametrize("behind", ["/", "//", ".", ",", ";", ")", ").", "?", "!", ">", '"', "]/"])
def test_what_stands_behind_a_short_url_in_a_text_is_no_part_of_it(
    links: LinkService, behind: str
) -> None:
    code = links.create("a", NewLink(URL)).short_code
    assert follow(code + behind).headers["location"] == URL
    assert follow(f"{code}+{behind}").body["data"]["short_code"] == code


@pytest.mark.parametrize("path", ["/", ".", "a/b/", "api/v1/nope/", "robots.txt", "abc.html"])
def test_nothing_else_becomes_a_short_code(dynamodb: DynamoDBClient, path: str) -> None:
    assert follow(path).status == 404


@pytest.mark.parametrize("path", ["", "nope", "api", "api/v1/nope", "a" * 3000, "caf\u00e9", "\0"])
def test_any_other_path_is_404_in_the_envelope(dynamodb: DynamoDBClient, path: str) -> None:
    response = follow(path)
    assert (response.status, response.code) == (404, "NOT_FOUND")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_follows_a_link(links: LinkService, method: str) -> None:
    assert follow(links.create("a", NewLink(URL)).short_code, method).status == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"expires_at": 1}, "LINK_EXPIRED"), ({"disabled": True}, "LINK_DISABLED")],
)
def test_a_link_that_ended_is_gone(links: LinkService, changes: dict[str, Any], code: str) -> None:
    then = LinkService(links._store, now=lambda: 0)
    link = then.create("a", NewLink(URL, **changes))
    response = follow(link.short_code)
    assert (response.status, response.code) == (410, code)
    page = follow(link.short_code, accept=BROWSER)
    assert page.status == 410
    assert "This link is gone" in page.text


def test_a_fault_is_503(links: LinkService, dynamodb: DynamoDBClient) -> None:
    link = links.create("a", NewLink(URL))
    dynamodb.delete_table(TableName=LINKS)
    for accept in (None, BROWSER):
        response = follow(link.short_code, accept=accept)
        assert (response.status, response.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (None, False),
        ("*/*", False),
        ("application/json", False),
        ("application/json, text/html;q=0.9", False),
        ("text/html;q=0.8, application/json", False),
        ("text/html;q=0", False),
        (";;,,=", False),
        (BROWSER, True),
        ("text/html", True),
        ("TEXT/HTML", True),
        ("application/json;q=0.5, text/html", True),
    ],
)
def test_who_prefers_html_gets_a_page(accept: str | None, page: bool) -> None:
    assert visitor_pages.prefers_page(accept) is page


def test_a_page_is_sent_with_what_protects_it(dynamodb: DynamoDBClient) -> None:
    response = follow("nope", accept=BROWSER)
    assert response.status == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    assert "<script" not in response.text
    assert "request-1" in response.text


def test_a_page_escapes_what_it_shows() -> None:
    page = visitor_pages.error(ApiError(418, "X", "<script>alert(1)</script>"), "<b>")
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
