"""Campaigns and their links."""

from __future__ import annotations

from typing import Any

from ops.contract.case import Request, Step, case, get, post, request
from ops.contract.matching import each, including
from ops.contract.shapes import LINK, short_urls

CAMPAIGNS = "/api/v1/campaigns"
NAME = "Winter {run}"


def _campaign(method: str, path: str = "", **sent: Any) -> Request:
    return Request(method, CAMPAIGNS + path, **sent)


def _count(links: int) -> Step:
    return _campaign("GET", "/{campaign.id}").returns(including({"url_count": links}))


CASES = (
    case(
        "a link is created in a campaign, found by it, and in none once it was deleted",
        _campaign("POST", json={"name": NAME}).creates(
            including({"url_count": 0}), name="campaign"
        ),
        post({**LINK, "campaign_id": "{campaign.id}"}).creates(
            including({"campaign_id": "{campaign.id}"}), name="link"
        ),
        post({**LINK, "campaign_id": NAME}).creates(including({"campaign_id": "{campaign.id}"})),
        _count(2),
        get(query={"campaign_id": NAME, "limit": 1}).returns(
            including({"shortUrls": each(including({"campaign_id": "{campaign.id}"}))})
        ),
        request("PUT", "/{link.id}", json={"campaign_id": None}).returns(
            including({"campaign_id": None})
        ),
        _count(1),
        _campaign("DELETE", "/{campaign.id}").fails(409, "CAMPAIGN_HAS_LINKS"),
        _campaign("DELETE", "/{campaign.id}", query={"force": "true"}).returns(),
        get(query={"campaign_id": "{campaign.id}"}).returns(short_urls()),
        _campaign("GET", "/{campaign.id}").fails(404, "NOT_FOUND"),
    ),
    case(
        "links are added to a campaign, listed and removed",
        _campaign("POST", json={"name": NAME}).creates(name="campaign"),
        post(LINK).creates(name="link"),
        _campaign(
            "POST", "/{campaign.id}/urls", json={"short_urls": ["{link.short_code}", "{run}-none"]}
        ).returns(including({"total": 2, "assigned": 1, "failed": 1})),
        _campaign("GET", "/{campaign.id}/urls").returns(
            each(including({"id": "{link.id}", "campaign_id": "{campaign.id}"}))
        ),
        _campaign("DELETE", "/{campaign.id}/urls/{link.id}").returns(
            including({"campaign_id": None})
        ),
        _campaign("GET", "/{campaign.id}/urls").returns([]),
        _campaign("PUT", "/{campaign.id}/urls/{link.id}").returns(
            including({"campaign_id": "{campaign.id}"})
        ),
        request("DELETE", "/{link.id}").returns(),
        _count(0),
        _campaign("DELETE", "/{campaign.id}").returns(),
    ),
)
