"""A link's life: made, followed, counted, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.smoke.answers import SHORT_URLS, Wrong, assert_refused, data, expect, expect_header

if TYPE_CHECKING:
    import httpx

    from ops.smoke.ground import Ground


def made_and_read(ground: Ground) -> None:
    link = ground.link(name="smoke test", tags=["smoke"])
    base_url = str(ground.http.base_url).rstrip("/")
    if not link["short_url"].endswith(f"/{link['short_code']}"):
        raise Wrong(f"short_url is {link['short_url']!r}")
    answer = ground.ask("GET", f"{SHORT_URLS}/{link['id']}", ground.secret("read"))
    expect("the link", data(answer), link)
    expect_header(answer, "ETag")
    listed = data(ground.ask("GET", SHORT_URLS, ground.secret("read")))["shortUrls"]
    expect("the newest link of the list", listed[0], link)
    if ground.target.outputs["BaseUrl"] == base_url:
        expect("short_url", link["short_url"], f"{base_url}/{link['short_code']}")


def created_once(ground: Ground) -> None:
    headers = {"Idempotency-Key": f"smoke-{ground.account}"}
    sent = {"url": "https://example.com/once"}
    first, again = (
        data(ground.ask("POST", SHORT_URLS, ground.secret(), json=sent, headers=headers), 201)
        for _ in range(2)
    )
    expect("the answer to a repeated create", again, first)


def followed(ground: Ground) -> None:
    url = "https://example.com/smoke?a=1#b"
    for fields, status in (({}, 301), ({"is_dynamic": True}, 302)):
        answer = _follow(ground, ground.link(url=url, **fields)["short_code"])
        expect("the status of the redirect", answer.status_code, status)
        expect_header(answer, "Location", url)
        expect_header(answer, "X-Request-Id")


def previewed(ground: Ground) -> None:
    link = ground.link(url="https://example.com/smoke")
    answer = _follow(ground, f"{link['short_code']}+")
    expect("where the link leads", data(answer)["original_url"], link["original_url"])


def not_followed(ground: Ground) -> None:
    assert_refused(_follow(ground, "no-such-code-here"), 404, "NOT_FOUND")
    link = ground.link()
    changed = {"status": "disabled"}
    data(ground.ask("PATCH", f"{SHORT_URLS}/{link['id']}", ground.secret("write"), json=changed))
    assert_refused(_follow(ground, link["short_code"]), 410, "LINK_DISABLED")


def click_counted(ground: Ground) -> str:
    link = ground.link()
    path, key = f"{SHORT_URLS}/{link['id']}", ground.secret("read")
    _follow(ground, link["short_code"])
    waited = ground.await_that(
        "counting a click", lambda: data(ground.ask("GET", path, key))["clicks"] == 1
    )
    overview = f"/api/v1/analytics/overview/{link['id']}"
    report = data(ground.ask("GET", overview, ground.secret("analytics")))
    expect("total_clicks", report["total_clicks"], 1)
    return waited


def deleted(ground: Ground) -> None:
    link = ground.link()
    path = f"{SHORT_URLS}/{link['id']}"
    data(ground.ask("DELETE", path, ground.secret("delete")))
    assert_refused(ground.ask("GET", path, ground.secret("read")), 404, "NOT_FOUND")
    assert_refused(_follow(ground, link["short_code"]), 404, "NOT_FOUND")


def _follow(ground: Ground, code: str) -> httpx.Response:
    return ground.ask("GET", f"/{code}", headers={"Accept": "application/json"})


CHECKS = {
    "a link is made, read and listed": made_and_read,
    "a create with an Idempotency-Key happens once": created_once,
    "a link leads to its destination: 301, dynamic 302": followed,
    "a preview shows where it leads": previewed,
    "an unknown link leads nowhere: 404; a disabled one: 410": not_followed,
    "a click is counted, once": click_counted,
    "a deleted link is gone": deleted,
}
