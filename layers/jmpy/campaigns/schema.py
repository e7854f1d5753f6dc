"""Campaigns as the API describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from jmpy.campaigns.model import CampaignStatus
from jmpy.formats.envelope import Success
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.links import utm

if TYPE_CHECKING:
    from jmpy.campaigns.listing import Request
    from jmpy.campaigns.model import Described


def _utm(name: str) -> Any:
    return Field(
        description=f"The `{name}` of short URLs that are created in it; empty if it is removed "
        "from their destinations, null if it is left",
        examples=[None],
    )


class CampaignBody(BaseModel):
    id: str = Field(examples=["019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a5b"])
    name: str = Field(examples=["Winter sale"])
    description: str | None = Field(examples=["Newsletter and posters"])
    status: CampaignStatus = Field(
        description="`archived` if it is set, otherwise by its dates; none of them disables a "
        "short URL"
    )
    start_date: Timestamp | None = Field(description="null: since it was created")
    end_date: Timestamp | None = Field(description="Its last moment; null for none")
    tags: list[str] = Field(examples=[["sale"]])
    utm_source: str | None = _utm("utm_source")
    utm_medium: str | None = _utm("utm_medium")
    utm_campaign: str | None = _utm("utm_campaign")
    utm_term: str | None = _utm("utm_term")
    utm_content: str | None = _utm("utm_content")
    archived: bool
    url_count: int = Field(description="Short URLs that it has now", examples=[12])
    total_clicks: int = Field(
        description="Clicks on short URLs while they were in it, including those by bots; in the "
        "requested range, if there is one",
        examples=[420],
    )
    human_clicks: int = Field(description="Those by people", examples=[400])
    bot_clicks: int = Field(description="Those by bots, including suspicious ones", examples=[20])
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def from_described(cls, described: Described, now: float) -> CampaignBody:
        """`now` in seconds since the Unix epoch."""
        campaign, numbers = described.campaign, described.numbers
        return cls(
            id=campaign.id,
            name=campaign.name,
            description=campaign.description,
            status=campaign.status(now),
            start_date=None if campaign.start_date is None else iso(campaign.start_date),
            end_date=None if campaign.end_date is None else iso(campaign.end_date),
            tags=list(campaign.tags),
            **{name: campaign.utm.get(name) for name in utm.NAMES},
            archived=campaign.archived,
            url_count=numbers.links,
            total_clicks=numbers.clicks,
            human_clicks=numbers.people,
            bot_clicks=numbers.bots,
            created_at=iso(campaign.created_at),
            updated_at=iso(campaign.updated_at),
        )


class CampaignMeta(BaseModel):
    page: int
    limit: int = Field(examples=[20])
    total: int = Field(description="Number of campaigns that match")
    total_pages: int


class CampaignList(Success[list[CampaignBody]]):
    meta: CampaignMeta

    @classmethod
    def from_page(
        cls, found: list[Described], total: int, request: Request, now: float
    ) -> CampaignList:
        return cls(
            data=[CampaignBody.from_described(one, now) for one in found],
            meta=CampaignMeta(
                page=request.page,
                limit=request.limit,
                total=total,
                total_pages=-(-total // request.limit),
            ),
        )
