"""What happens to a link asynchronously: its clicks are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.smoke.assertions import SHORT_URLS, data, expect

if TYPE_CHECKING:
    from ops.smoke.fixtures import Fixture


def click_counted(fixture: Fixture) -> str:
    link = fixture.link()
    path, key = f"{SHORT_URLS}/{link['id']}", fixture.secret("read")
    fixture.send("GET", f"/{link['short_code']}", headers={"Accept": "application/json"})
    waited = fixture.await_that(
        "counting a click", lambda: data(fixture.send("GET", path, key))["clicks"] == 1
    )
    overview = f"/api/v1/analytics/overview/{link['id']}"
    report = data(fixture.send("GET", overview, fixture.secret("analytics")))
    expect("total_clicks", report["total_clicks"], 1)
    return waited


CHECKS = {"a click is counted, once": click_counted}
