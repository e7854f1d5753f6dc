"""Lists of clicks, as the public contract documents them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from jmpy.analytics.geography import country_name
from jmpy.analytics.schema import Divided
from jmpy.clicks.model import UNKNOWN, AgentKind, Dimension, SourceCategory
from jmpy.formats.envelope import Success
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.links.short_url import short_url

if TYPE_CHECKING:
    from typing import Self

    from jmpy.analytics.click_list import ClickPage, ListedClick
    from jmpy.links.model import Link


class ClickBody(BaseModel):
    id: str = Field(examples=["019b7a30-0000-7000-8000-000000000001"])
    short_code: str = Field(examples=["autumn-sale"])
    short_url: str | None = Field(
        description="That code on the domain that the link, or its QR code, is on now; null if the "
        "link has been deleted since",
        examples=["https://go.example.com/autumn-sale"],
    )
    original_url: str | None = Field(
        description="null if the link has been deleted since",
        examples=["https://example.com/autumn"],
    )
    clicked_at: Timestamp = Field(examples=["2029-12-31T18:04:05Z"])
    ip_address: None = Field(default=None, description="Never stored")
    user_agent: str = Field(examples=["Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0"])
    referrer: str | None = Field(
        description="Host of the referring page; null if there was none", examples=["example.org"]
    )
    country: str | None = Field(description="null if unknown", examples=["New Zealand"])
    city: None = Field(default=None, description="Unknown, since addresses are not stored")
    device_type: str = Field(examples=["desktop"])
    browser: str = Field(examples=["Chrome"])
    os: str = Field(examples=["Linux"])
    is_bot: bool = Field(description="Whether it counts as a bot's click")
    agent_kind: AgentKind
    qr_code_id: str | None = Field(
        description="Id of the QR code that was scanned; null for a click on the short URL itself",
        examples=[None],
    )
    campaign_id: str | None = Field(
        description="Of the campaign that the link was in at that moment; null if it was in none",
        examples=["019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a5b"],
    )

    campaign_name: str | None = Field(
        description="Its present name; null if it was deleted", examples=["Winter sale"]
    )

    @classmethod
    def from_click(cls, listed: ListedClick, base_url: str) -> Self:
        click, values = listed.click, listed.click.values
        referrer = values.get(Dimension.REFERRER, SourceCategory.DIRECT)
        country = values.get(Dimension.COUNTRY, UNKNOWN)
        return cls(
            id=click.id,
            short_code=click.short_code,
            short_url=listed.link and _short_url(click.short_code, listed.link, base_url),
            original_url=listed.link.url if listed.link else None,
            clicked_at=iso(click.at // 1000),
            user_agent=click.user_agent,
            referrer=None if referrer == SourceCategory.DIRECT else referrer,
            country=None if country == UNKNOWN else country_name(country),
            device_type=values.get(Dimension.DEVICE, UNKNOWN),
            browser=values.get(Dimension.BROWSER, UNKNOWN),
            os=values.get(Dimension.OS, UNKNOWN),
            is_bot=click.is_bot,
            agent_kind=AgentKind(values.get(Dimension.AGENT, AgentKind.HUMAN)),
            qr_code_id=click.qr_id,
            campaign_id=click.campaign_id,
            campaign_name=listed.campaign_name,
        )


def _short_url(code: str, link: Link, base_url: str) -> str:
    is_printed = code == link.qr_code
    return short_url(base_url, code, link.qr_host if is_printed else link.host)


class ClickPagination(Divided):
    limit: int = Field(examples=[20])
    offset: int = Field(examples=[0])
    total: int = Field(examples=[42])
    truncated: bool = Field(
        description="Whether `bots` excluded so many clicks that older ones were not searched"
    )


class ClickDetails(Success[list[ClickBody]]):
    pagination: ClickPagination

    @classmethod
    def from_page(cls, page: ClickPage, limit: int, offset: int, base_url: str) -> Self:
        return cls(
            data=[ClickBody.from_click(click, base_url) for click in page.clicks],
            pagination=ClickPagination(
                limit=limit,
                offset=offset,
                total=page.total.clicks,
                human_clicks=page.total.human_clicks,
                bot_clicks=page.total.bot_clicks,
                truncated=not page.is_complete,
            ),
        )
