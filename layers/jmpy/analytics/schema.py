"""The responses that the public contract documents, except lists of clicks. In its shapes, the odd
ones too: some come without an envelope, some nest `data` in `data`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from jmpy.analytics.breakdown import percentage, shares
from jmpy.analytics.date_range import GroupBy
from jmpy.analytics.geography import country_code, country_name
from jmpy.analytics.quality import Quality, TrafficHealth
from jmpy.clicks.model import Bots, Dimension, SourceCategory
from jmpy.clicks.sources import category_of
from jmpy.formats.times import iso

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from jmpy.analytics.breakdown import Share
    from jmpy.analytics.service import Activity
    from jmpy.clicks.counts import Counts
    from jmpy.links.model import Link


def totals(counts: Counts) -> dict[str, int]:
    """`total_clicks`, and how many of them were by people."""
    total = counts.total
    return {
        "total_clicks": total.clicks,
        "human_clicks": total.human_clicks,
        "bot_clicks": total.bot_clicks,
    }


class MetricFilters(BaseModel):
    """As they were sent."""

    startDate: str | None
    endDate: str | None
    groupBy: GroupBy
    bots: Bots


class Divided(BaseModel):
    """Beside a number of clicks, which both add up to."""

    human_clicks: int = Field(description="Clicks by people")
    bot_clicks: int = Field(description="Clicks by bots, including suspicious ones")


class Metrics(Divided):
    total_clicks: int
    unique_clicks: int
    new_visitors: int
    returning_visitors: int
    avg_session_duration: None = None
    """Visitors are not tracked beyond a click."""
    active_days: int
    active_hours: int
    filters: MetricFilters

    @classmethod
    def from_activity(
        cls,
        activity: Activity,
        start: date | None,
        end: date | None,
        group_by: GroupBy,
        bots: Bots,
    ) -> Self:
        total = activity.counts.total
        return cls(
            total_clicks=total.clicks,
            unique_clicks=total.unique,
            human_clicks=total.human_clicks,
            bot_clicks=total.bot_clicks,
            new_visitors=total.unique,
            returning_visitors=total.clicks - total.unique,
            active_days=activity.active_days,
            active_hours=activity.active_hours,
            filters=MetricFilters(
                startDate=start.isoformat() if start else None,
                endDate=end.isoformat() if end else None,
                groupBy=group_by,
                bots=bots,
            ),
        )


class RecentLink(Divided):
    id: str
    short_code: str
    name: str | None
    original_url: str
    click_count: int
    stored_clicks: int
    actual_clicks: int
    created_at: str
    last_clicked_at: str | None
    tracking_enabled: bool

    @classmethod
    def from_link(cls, link: Link) -> Self:
        return cls(
            id=link.id,
            short_code=link.short_code,
            name=link.name,
            original_url=link.url,
            click_count=link.click_count,
            stored_clicks=link.click_count,
            actual_clicks=link.click_count,
            human_clicks=link.human_count,
            bot_clicks=link.bot_count,
            created_at=iso(link.created_at),
            last_clicked_at=None if link.last_clicked_at is None else iso(link.last_clicked_at),
            tracking_enabled=link.tracking_enabled,
        )


class Location(Divided):
    country: str
    country_code: str | None
    region: None = None
    city: None = None
    clicks: int
    percentage: float

    @classmethod
    def from_share(cls, share: Share) -> Self:
        return cls(
            country=country_name(share.value),
            country_code=country_code(share.value),
            clicks=share.tally.clicks,
            human_clicks=share.tally.human_clicks,
            bot_clicks=share.tally.bot_clicks,
            percentage=share.percentage,
        )


class Locations(Divided):
    data: list[Location]
    total_locations: int
    total_clicks: int

    @classmethod
    def from_counts(cls, counts: Counts) -> Self:
        found = [Location.from_share(share) for share in shares(counts, Dimension.COUNTRY)]
        return cls(data=found, total_locations=len(found), **totals(counts))


class Referrer(Divided):
    referrer: str
    source_category: SourceCategory
    clicks: int
    unique_visitors: int
    percentage: float

    @classmethod
    def from_share(cls, share: Share) -> Self:
        host = "" if share.value == SourceCategory.DIRECT else share.value
        return cls(
            referrer=share.value,
            source_category=category_of(host),
            clicks=share.tally.clicks,
            human_clicks=share.tally.human_clicks,
            bot_clicks=share.tally.bot_clicks,
            unique_visitors=share.tally.unique,
            percentage=share.percentage,
        )


class TrafficSources(BaseModel):
    social: int
    search: int
    direct: int
    other: int


class Referrers(Divided):
    total_clicks: int
    data: list[Referrer]
    traffic_sources: TrafficSources
    category_totals: dict[SourceCategory, int]
    human_category_totals: dict[SourceCategory, int]
    bot_category_totals: dict[SourceCategory, int]

    @classmethod
    def from_counts(cls, counts: Counts) -> Self:
        tallies = {category: counts.of(Dimension.SOURCE, category) for category in SourceCategory}
        clicks = {category: tally.clicks for category, tally in tallies.items()}
        return cls(
            **totals(counts),
            data=[Referrer.from_share(share) for share in shares(counts, Dimension.REFERRER)],
            traffic_sources=TrafficSources(
                social=clicks[SourceCategory.SOCIAL],
                search=clicks[SourceCategory.SEARCH],
                direct=clicks[SourceCategory.DIRECT],
                other=clicks[SourceCategory.EMAIL] + clicks[SourceCategory.REFERRAL],
            ),
            category_totals=clicks,
            human_category_totals={name: tally.human_clicks for name, tally in tallies.items()},
            bot_category_totals={name: tally.bot_clicks for name, tally in tallies.items()},
        )


class TrafficSource(Divided):
    source: Literal["Direct", "Social", "Referral", "Email", "Search"]
    clicks: int
    percentage: float


_SOURCES: dict[SourceCategory, Literal["Direct", "Social", "Referral", "Email", "Search"]] = {
    SourceCategory.DIRECT: "Direct",
    SourceCategory.SOCIAL: "Social",
    SourceCategory.REFERRAL: "Referral",
    SourceCategory.EMAIL: "Email",
    SourceCategory.SEARCH: "Search",
}


def traffic_sources(counts: Counts) -> list[TrafficSource]:
    """All five."""
    tallies = {name: counts.of(Dimension.SOURCE, kind) for kind, name in _SOURCES.items()}
    return [
        TrafficSource(
            source=name,
            clicks=tally.clicks,
            human_clicks=tally.human_clicks,
            bot_clicks=tally.bot_clicks,
            percentage=percentage(tally.clicks, counts.total.clicks),
        )
        for name, tally in tallies.items()
    ]


class TrafficQuality(Divided):
    bot_percentage: float
    suspicious_clicks: int = Field(
        description="Part of `bot_clicks`: neither from a known bot nor from a likely browser"
    )
    traffic_health: TrafficHealth

    @classmethod
    def from_quality(cls, quality: Quality) -> Self:
        return cls(
            human_clicks=quality.human,
            bot_clicks=quality.bots,
            bot_percentage=quality.bot_percentage,
            suspicious_clicks=quality.suspicious,
            traffic_health=quality.health,
        )
