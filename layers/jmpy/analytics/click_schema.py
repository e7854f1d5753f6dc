"""Lists of clicks, as the public contract documents them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from jmpy.analytics.geography import country_name
from jmpy.analytics.schema import Divided
from jmpy.clicks.model import UNKNOWN, AgentKind, Dimension, SourceCategory
from jmpy.formats.envelope import Success
from jmpy.formats.times import iso

if TYPE_CHECKING:
    from typing import Self

    from jmpy.analytics.click_list import ClickPage, ListedClick


class ClickBody(BaseModel):
    id: str
    short_code: str
    original_url: str | None
    """None when the link has been deleted since."""
    clicked_at: str
    ip_address: None = None
    """Never stored."""
    user_agent: str
    referrer: str | None
    country: str | None
    city: None = None
    """Not known: it would take the address."""
    device_type: str
    browser: str
    os: str
    is_bot: bool = Field(description="Whether it counts as a bot's click")
    agent_kind: AgentKind

    @classmethod
    def from_click(cls, listed: ListedClick) -> Self:
        click, values = listed.click, listed.click.values
        referrer = values.get(Dimension.REFERRER, SourceCategory.DIRECT)
        country = values.get(Dimension.COUNTRY, UNKNOWN)
        return cls(
            id=click.id,
            short_code=click.short_code,
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
        )


class ClickPagination(Divided):
    limit: int
    offset: int
    total: int
    truncated: bool = Field(
        description="Whether `bots` excluded so many clicks that older ones were not searched"
    )


class ClickDetails(Success[list[ClickBody]]):
    pagination: ClickPagination

    @classmethod
    def from_page(cls, page: ClickPage, limit: int, offset: int) -> Self:
        return cls(
            data=[ClickBody.from_click(click) for click in page.clicks],
            pagination=ClickPagination(
                limit=limit,
                offset=offset,
                total=page.total.clicks,
                human_clicks=page.total.human_clicks,
                bot_clicks=page.total.bot_clicks,
                truncated=not page.is_complete,
            ),
        )
