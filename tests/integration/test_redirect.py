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


QUERY = {"q": ["2+2", "ä b"], "own": ["theirs"], "api_key": ["jmpy_x"], "redir_url": ["//evil"]}
OWN = "https://example.com/a?own=%2f#part"
FORWARDED = (
    "https://example.com/a?own=theirs&q=2%2B2&q=%C3%A4%20b&redir_url=%2F%2Fevil#part"
)  # fmt: skip


def with_query(code: str, method: str = "GET", **request: Any) -> Any:
    sent = functions.event(
        method, f"/{code}", resource="/{proxy+}", parameters={"proxy": code}, query=QUERY, **request
    )
    return functions.call(functions.load("redirect").handler, sent)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("is_dynamic", "status"), [(False, 301), (True, 302)])
@pytest.mark.parametrize(("forwards", "location"), [(False, OWN), (True, FORWARDED)])
def test_a_query_is_passed_on_only_by_a_link_that_is_to_do_so(
    links: LinkService, method: str, is_dynamic: bool, status: int, *, forwards: bool, location: str
) -> None:
    link = links.create("a", NewLink(OWN, is_dynamic=is_dynamic, forward_query=forwards))
    response = with_query(link.short_code, method)
    assert (response.status, response.headers["location"]) == (status, location)
    # Nobody is sent on with the query of somebody else.
    assert response.headers["cache-control"] == "private, no-store"
    assert follow(link.short_code, method).headers["location"] == OWN


def test_a_query_is_passed_on_after_the_password(links: LinkService) -> None:
    link = links.create("a", NewLink(OWN, password="open sesame", forward_query=True))
    page = with_query(link.short_code, headers={"accept": BROWSER})
    # Without an action, a browser posts the form to the address of the page, query included.
    assert '<form method="post">' in page.text
    wrong = with_query(link.short_code, "POST", body="password=wrong")
    assert (wrong.status, "location" in wrong.headers) == (401, False)
    entered = with_query(link.short_code, "POST", body="password=open+sesame")
    assert (entered.status, entered.headers["location"]) == (303, FORWARDED)
    cookie = entered.headers["set-cookie"].partition(";")[0]
    again = with_query(link.short_code, headers={"cookie": cookie})
    assert (again.status, again.headers["location"]) == (302, FORWARDED)


def test_a_preview_shows_the_destination_without_the_query(links: LinkService) -> None:
    link = links.create("a", NewLink(OWN, forward_query=True))
    assert with_query(f"{link.short_code}+").body["data"]["original_url"] == OWN
