"""Links as the API describes them.

Where the public sources differ in a name, both are sent (`clicks` and `click_count`, `short_url`
and `full_url`).
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from jmpy.domains.choice import domain_fields
from jmpy.formats.envelope import Success
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.links import listing, qr_image, utm
from jmpy.links.domain_schema import BrandedDomainOfUrl, SubdomainOfUrl, TypeOfUrl
from jmpy.links.model import Link, LinkStatus
from jmpy.links.safety import SafetyStatus
from jmpy.links.short_url import link_url, printed_url


def _utm(name: str) -> Any:
    return Field(
        description=f"The `{name}` that it sets in `original_url`; null if it sets none",
        examples=[None],
    )


class LinkBody(BaseModel):
    id: str = Field(examples=["019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"])
    short_code: str = Field(description="The random code or custom alias", examples=["autumn-sale"])
    short_url: str = Field(
        description="The URL to share", examples=["https://go.example.com/autumn-sale"]
    )
    full_url: str = Field(
        description="The same as `short_url`", examples=["https://go.example.com/autumn-sale"]
    )
    original_url: str = Field(
        description="The destination", examples=["https://example.com/autumn"]
    )
    utm_source: str | None = _utm("utm_source")
    utm_medium: str | None = _utm("utm_medium")
    utm_campaign: str | None = _utm("utm_campaign")
    utm_term: str | None = _utm("utm_term")
    utm_content: str | None = _utm("utm_content")
    forward_query: bool = Field(
        description="Whether visitors' query strings are added to the destination", examples=[False]
    )
    name: str | None = Field(examples=["Autumn sale"])
    custom_alias: str | None = Field(
        description="null if the code is random", examples=["autumn-sale"]
    )
    url_type: TypeOfUrl
    subdomain: SubdomainOfUrl
    branded_domain: BrandedDomainOfUrl
    campaign_id: str | None = Field(examples=[None])
    channel: str = Field(description="How it was created, as sent", examples=["api"])
    source: str = Field(examples=["URL_SHORTENER"])
    tags: list[str] = Field(examples=[["sale"]])
    status: LinkStatus
    safety_status: SafetyStatus
    safety_reason: str | None = Field(description="Why the operator took it down", examples=[None])
    is_dynamic: bool = Field(description="Redirects with 302, not 301", examples=[True])
    is_password_protected: bool
    clicks: int = Field(description="All clicks, including those by bots", examples=[42])
    click_count: int = Field(description="The same as `clicks`", examples=[42])
    human_clicks: int = Field(description="Clicks by people, part of `clicks`", examples=[42])
    bot_clicks: int = Field(description="Clicks by bots, part of `clicks`", examples=[0])
    tracking_enabled: bool = Field(description="Whether clicks are counted", examples=[True])
    qr_code_id: str | None = Field(
        description="Id of its QR code; null if it has none", examples=[None]
    )
    qr_code_url: str | None = Field(
        description="The public address of its QR code's image, an SVG; null if it has none",
        examples=[None],
    )
    qr_code: str | None = Field(
        default=None,
        description="The image of its QR code, a PNG as a `data:` URL; null unless requested",
        examples=[None],
    )
    qr_content: str | None = Field(
        description="What its QR code contains: a short URL of its own, so that scans and clicks "
        "are told apart; the link's short URL if it has no QR code and one is requested",
        examples=[None],
    )
    expires_at: Timestamp | None = Field(
        description="When it stops redirecting; null for never", examples=[None]
    )
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def from_link(
        cls,
        link: Link,
        base_url: str,
        now: float,
        *,
        qr_code: str | None = None,
        qr_content: str | None = None,
    ) -> LinkBody:
        """`qr_code`, `qr_content`: of a QR code that was requested."""
        url = link_url(base_url, link)
        return cls(
            id=link.id,
            short_code=link.short_code,
            short_url=url,
            full_url=url,
            original_url=link.url,
            **{name: link.utm.get(name) for name in utm.NAMES},
            forward_query=link.forward_query,
            name=link.name,
            custom_alias=link.custom_alias,
            **domain_fields(link.domain),
            campaign_id=link.campaign_id,
            channel=link.channel,
            source=link.source,
            tags=list(link.tags),
            status=link.status(now),
            safety_status=link.safety_status,
            safety_reason=link.safety_reason,
            is_dynamic=link.is_dynamic,
            is_password_protected=link.password_hash is not None,
            clicks=link.click_count,
            click_count=link.click_count,
            human_clicks=link.human_count,
            bot_clicks=link.bot_count,
            tracking_enabled=link.tracking_enabled,
            qr_code_id=link.qr_id,
            qr_code_url=None if link.qr_id is None else qr_image.url(base_url, link.qr_id),
            qr_code=qr_code,
            qr_content=qr_content or printed_url(base_url, link),
            expires_at=None if link.expires_at is None else iso(link.expires_at),
            created_at=iso(link.created_at),
            updated_at=iso(link.updated_at),
        )


class Pagination(BaseModel):
    page: int
    limit: int = Field(examples=[20])
    total: int = Field(description="Number of short URLs that match")
    total_pages: int
    totalPages: int = Field(description="The same as `total_pages`")
    next_cursor: str | None = Field(
        description="For the next page; null on the last one", default=None, examples=[None]
    )

    @classmethod
    def from_page(cls, found: listing.Page, request: listing.Request) -> Pagination:
        pages = -(-found.total // request.limit)
        return cls(
            page=request.page,
            limit=request.limit,
            total=found.total,
            total_pages=pages,
            totalPages=pages,
            next_cursor=found.next_cursor,
        )


class LinkPage(BaseModel):
    shortUrls: list[LinkBody]
    pagination: Pagination


class LinkPageResponse(Success[LinkPage]):
    pagination: Pagination = Field(description="The same as in `data`")


class LinkList(BaseModel):
    shortUrls: list[LinkBody]
