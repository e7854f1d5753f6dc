"""Work of the function of campaigns."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from jmpy.campaigns.membership import count_key
from jmpy.limits.plan import LimitClass

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
    work.dynamodb.update_item(
        TableName=work.tables["LinksTable"],
        Key=count_key("work", first["data"]["id"], 0),
        UpdateExpression="ADD clicks :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    # Only the counters of campaigns that were ever clicked are read.
    assert work.request("GET", CAMPAIGNS, auth, params={"range": "7d"})["data"]
    winter = {"name": f"Winter {secrets.token_hex(4)}"}
    work.request("PUT", one, auth, json=winter)
    found = work.request("GET", f"{CAMPAIGNS}/{winter['name']}", auth)["data"]
    assert found["id"] == first["data"]["id"]
    links = f"{one}/urls"
    link = work.request("POST", "/api/v1/short-urls", auth, 201, json={"url": URL})["data"]
    work.request("POST", links, auth, json={"short_urls": [link["short_code"]]})
    (listed,) = work.request("GET", links, auth)["data"]
    assert listed["id"] == link["id"]
    work.request("DELETE", f"{links}/{link['id']}", auth)
    work.request("PUT", f"{links}/{link['id']}", auth)
    work.request("DELETE", one, auth, params={"force": "true"})
    throttled = work.exhausted(LimitClass.URL_CREATION)
    work.request("POST", CAMPAIGNS, throttled, 429, json=autumn)


WORK = {"CampaignsFunction": campaigns}
