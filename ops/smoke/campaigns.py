"""Campaigns and tags: what is counted of the links that they have in common."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote

from ops.smoke.assertions import SHORT_URLS, assert_error, data, expect

if TYPE_CHECKING:
    from ops.smoke.fixtures import Fixture

CAMPAIGNS = "/api/v1/campaigns"
TAGS = "/api/v1/tags"


def links_and_clicks_counted(fixture: Fixture) -> str:
    # With the account's name, by which a test finds what was left behind.
    name = f"{fixture.account} {secrets.token_hex(4)}"
    sent = fixture.send("POST", CAMPAIGNS, fixture.secret("write"), json={"name": name})
    campaign = data(sent, 201)
    link = fixture.link(campaign_id=name)
    expect("campaign_id", link["campaign_id"], campaign["id"])
    path, reading = f"{CAMPAIGNS}/{quote(name)}", fixture.secret("read")
    expect("url_count", data(fixture.send("GET", path, reading))["url_count"], 1)
    deleting = fixture.secret("delete")
    assert_error(fixture.send("DELETE", path, deleting), 409, "CAMPAIGN_HAS_LINKS")
    fixture.send("GET", f"/{link['short_code']}")
    waited = fixture.await_that(
        "counting a click of the campaign",
        lambda: data(fixture.send("GET", path, reading))["total_clicks"] == 1,
    )
    data(fixture.send("DELETE", f"{path}?force=true", deleting))
    left = data(fixture.send("GET", f"{SHORT_URLS}/{link['id']}", reading))
    expect("campaign_id without the campaign", left["campaign_id"], None)
    return waited


def tag_renamed(fixture: Fixture) -> None:
    old, new = secrets.token_hex(4), secrets.token_hex(4)
    link, reading = fixture.link(tags=[old]), fixture.secret("read")
    listed = data(fixture.send("GET", TAGS, reading))
    expect("that the tag is listed", {"name": old, "url_count": 1} in listed, True)
    renamed = fixture.send("PATCH", f"{TAGS}/{old}", fixture.secret("write"), json={"name": new})
    expect("the progress", data(renamed), {"changed": 1, "remaining": 0})
    changed = data(fixture.send("GET", f"{SHORT_URLS}/{link['id']}", reading))
    expect("tags", changed["tags"], [new])


CHECKS = {
    "a campaign counts its links and their clicks, and none goes with it": links_and_clicks_counted,
    "a tag is renamed in the links that have it": tag_renamed,
}
