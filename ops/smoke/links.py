"""A link's life: made, followed, counted, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.smoke.assertions import SHORT_URLS, Wrong, assert_refused, data, expect, expect_header

if TYPE_CHECKING:
    import httpx

    from ops.smoke.fixtures import Fixture


def made_and_read(fixture: Fixture) -> None:
    link = fixture.link(name="smoke test", tags=["smoke"])
    base_url = str(fixture.http.base_url).rstrip("/")
    if not link["short_url"].endswith(f"/{link['short_code']}"):
        raise Wrong(f"short_url is {link['short_url']!r}")
    response = fixture.ask("GET", f"{SHORT_URLS}/{link['id']}", fixture.secret("read"))
    expect("the link", data(response), link)
    expect_header(response, "ETag")
    listed = data(fixture.ask("GET", SHORT_URLS, fixture.secret("read")))["shortUrls"]
    expect("the newest link of the list", listed[0], link)
    if fixture.target.outputs["BaseUrl"] == base_url:
        expect("short_url", link["short_url"], f"{base_url}/{link['short_code']}")


def created_once(fixture: Fixture) -> None:
    headers = {"Idempotency-Key": f"smoke-{fixture.account}"}
    sent = {"url": "https://example.com/once"}
    first, again = (
        data(fixture.ask("POST", SHORT_URLS, fixture.secret(), json=sent, headers=headers), 201)
        for _ in range(2)
    )
    expect("the answer to a repeated create", again, first)


def followed(fixture: Fixture) -> None:
    url = "https://example.com/smoke?a=1#b"
    for fields, status in (({}, 301), ({"is_dynamic": True}, 302)):
        response = _follow(fixture, fixture.link(url=url, **fields)["short_code"])
        expect("the status of the redirect", response.status_code, status)
        expect_header(response, "Location", url)
        expect_header(response, "X-Request-Id")


def previewed(fixture: Fixture) -> None:
    link = fixture.link(url="https://example.com/smoke")
    response = _follow(fixture, f"{link['short_code']}+")
    expect("where the link leads", data(response)["original_url"], link["original_url"])


def not_followed(fixture: Fixture) -> None:
    assert_refused(_follow(fixture, "no-such-code-here"), 404, "NOT_FOUND")
    link = fixture.link()
    changed = {"status": "disabled"}
    data(fixture.ask("PATCH", f"{SHORT_URLS}/{link['id']}", fixture.secret("write"), json=changed))
    assert_refused(_follow(fixture, link["short_code"]), 410, "LINK_DISABLED")


def click_counted(fixture: Fixture) -> str:
    link = fixture.link()
    path, key = f"{SHORT_URLS}/{link['id']}", fixture.secret("read")
    _follow(fixture, link["short_code"])
    waited = fixture.await_that(
        "counting a click", lambda: data(fixture.ask("GET", path, key))["clicks"] == 1
    )
    overview = f"/api/v1/analytics/overview/{link['id']}"
    report = data(fixture.ask("GET", overview, fixture.secret("analytics")))
    expect("total_clicks", report["total_clicks"], 1)
    return waited


def deleted(fixture: Fixture) -> None:
    link = fixture.link()
    path = f"{SHORT_URLS}/{link['id']}"
    data(fixture.ask("DELETE", path, fixture.secret("delete")))
    assert_refused(fixture.ask("GET", path, fixture.secret("read")), 404, "NOT_FOUND")
    assert_refused(_follow(fixture, link["short_code"]), 404, "NOT_FOUND")


def _follow(fixture: Fixture, code: str) -> httpx.Response:
    return fixture.ask("GET", f"/{code}", headers={"Accept": "application/json"})


CHECKS = {
    "a link is made, read and listed": made_and_read,
    "a create with an Idempotency-Key happens once": created_once,
    "a link leads to its destination: 301, dynamic 302": followed,
    "a preview shows where it leads": previewed,
    "an unknown link leads nowhere: 404; a disabled one: 410": not_followed,
    "a click is counted, once": click_counted,
    "a deleted link is gone": deleted,
}
