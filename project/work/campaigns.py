"""Work of the function of campaigns."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from jmpy.limits.plan import LimitClass
from project.work.clicks import clicked

if TYPE_CHECKING:
    from project.work.context import Work

CAMPAIGNS = "/api/v1/campaigns"
URL = "https://example.com/"


def campaigns(work: Work) -> None:
    auth = work.key()
    once = {"headers": {"Idempotency-Key": secrets.token_hex(8)}}
    autumn = {"name": f"Autumn {secrets.token_hex(4)}"}
    first = work.request("POST", CAMPAIGNS, auth, 201, json=autumn, **once)
    again = work.request("POST", CAMPAIGNS, auth, 201, json=autumn, **once)
    assert again == first
    one = f"{CAMPAIGNS}/{first['data']['id']}"
    link = work.link(auth, campaign_id=first["data"]["id"])
    clicked(work, link["id"], "work", campaign_id=first["data"]["id"])
    # Only the counters of campaigns that were ever clicked are read.
    assert work.request("GET", CAMPAIGNS, auth, params={"range": "7d"})["data"]
    figures = work.request("GET", f"{one}/analytics", auth)["data"]
    assert [top["id"] for top in figures["top_links"]] == [link["id"]]
    work.request("GET", f"{one}/analytics", work.exhausted(LimitClass.ANALYTICS), 429)
    winter = {"name": f"Winter {secrets.token_hex(4)}"}
    work.request("PUT", one, auth, json=winter)
    found = work.request("GET", f"{CAMPAIGNS}/{winter['name']}", auth)["data"]
    assert found["id"] == first["data"]["id"]
    links = f"{one}/urls"
    link = work.request("POST", "/api/v1/short-urls", auth, 201, json={"url": URL})["data"]
    work.request("POST", links, auth, json={"short_urls": [link["short_code"]]})
    listed = work.request("GET", links, auth)["data"]
    assert link["id"] in {one["id"] for one in listed}
    work.request("DELETE", f"{links}/{link['id']}", auth)
    work.request("PUT", f"{links}/{link['id']}", auth)
    work.request("DELETE", one, auth, params={"force": "true"})
    throttled = work.exhausted(LimitClass.URL_CREATION)
    work.request("POST", CAMPAIGNS, throttled, 429, json=autumn)


WORK = {"CampaignsFunction": campaigns}
