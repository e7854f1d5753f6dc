"""Campaigns as the pages of the dashboard show them."""

from typing import Any

from jmpy.campaigns.model import Campaign, Described, Numbers
from jmpy.clock import DAY
from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.pages import confirming
from jmpy.dashboard.views.audit_log import Conflict
from jmpy.dashboard.views.campaigns import (
    CampaignLinkList,
    CampaignList,
    CampaignPage,
    CampaignQuery,
    CampaignValues,
    NewCampaign,
)
from tests import dashboard_sample_audit as audit
from tests.dashboard_sample_data import NOW, SOME_LINKS, frame

_FRAME = frame(Section.CAMPAIGNS)


def _described(number: int, name: str, numbers: Numbers, **values: Any) -> Described:
    campaign_id = f"019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a{number:02}"
    created_at = NOW - number * DAY
    return Described(Campaign(campaign_id, "acme", name, created_at, created_at, **values), numbers)


_AUTUMN = _described(1, "Autumn 2026", Numbers(12, 45_678, 678))
_LISTED = (
    _AUTUMN,
    _described(2, "Été & “Spring” 🎉", Numbers(), start_date=NOW + DAY),
    _described(3, "x" * 100, Numbers(10_000, 12_345_678), end_date=NOW - DAY),
    _described(4, "Last year", Numbers(1), archived=True),
)
_VALUES = CampaignValues(
    name="Autumn 2026",
    description="Newsletter and posters",
    start_date="2029-12-01T00:00",
    end_date="2029-11-30T23:59",
    tags="sale, print",
    utm={"utm_source": "newsletter", "utm_term": "shoes"},
    removed_utm=("utm_term", "utm_content"),
    is_archived=True,
)
_ERRORS = {
    "name": "You already have a campaign with the name 'Autumn 2026'; choose another",
    "description": "At most 500 characters",
    "end_date": "The campaign would end before it starts",
    "tags": "A tag has at most 50 characters; this one has 51",
    "utm_term": "Empty this field, or do not remove the parameter",
}

FULL: dict[str, View] = {
    "campaigns": CampaignList(frame=_FRAME, campaigns=_LISTED, total=44, page_count=3),
    "campaigns-found": CampaignList(
        frame=_FRAME,
        campaigns=_LISTED[:1],
        query=CampaignQuery(search="autumn " + "x" * 60, status="active", page=2),
        total=21,
        page_count=2,
    ),
    "campaign-new": NewCampaign(frame=_FRAME, values=_VALUES, errors=_ERRORS),
    "campaign": CampaignPage(
        frame=_FRAME,
        found=_AUTUMN,
        values=_VALUES,
        newest=SOME_LINKS,
        back="/dashboard/campaigns?page=2",
        history=[past.entry for past in audit.PAST_CHANGES],
        errors=_ERRORS,
        conflict=Conflict(changes=tuple(past.entry for past in audit.PAST_CHANGES[:1]), more=2),
    ),
    "campaign-links": CampaignLinkList(
        frame=_FRAME,
        campaign=_AUTUMN.campaign,
        links=SOME_LINKS,
        total=12_345,
        page=3,
        page_count=618,
        next_cursor="x" * 36,
    ),
    "question-campaign": confirming.delete_campaign(_FRAME, _AUTUMN, "/dashboard/campaigns?page=2"),
}
EMPTY: dict[str, View] = {
    "campaigns-empty": CampaignList(frame=_FRAME, campaigns=()),
    "campaigns-not-found": CampaignList(
        frame=_FRAME, campaigns=(), query=CampaignQuery(search="autumn")
    ),
    "campaigns-page-beyond": CampaignList(
        frame=_FRAME, campaigns=(), query=CampaignQuery(page=9), total=3
    ),
    "campaign-new-empty": NewCampaign(frame=_FRAME),
    "campaign-bare": CampaignPage(frame=_FRAME, found=_LISTED[1], values=CampaignValues()),
    "campaign-links-empty": CampaignLinkList(
        frame=_FRAME, campaign=_LISTED[2].campaign, links=(), total=0
    ),
    "campaign-links-page-beyond": CampaignLinkList(
        frame=_FRAME, campaign=_LISTED[2].campaign, links=(), total=3, page=9
    ),
    "question-campaign-empty": confirming.delete_campaign(_FRAME, _LISTED[1]),
}
