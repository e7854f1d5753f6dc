"""The responses that the public contract documents, except lists of clicks. In its shapes, the odd
ones too: some come without an envelope, some nest `data` in `data`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from jmpy.analytics.breakdown import percentage, shares
from jmpy.analytics.date_range import GroupBy
from jmpy.analytics.geography import country_code, country_name
from jmpy.analytics.quality import Quality, TrafficHealth
from jmpy.clicks.model import Bots, Dimension, SourceCategory, Via
from jmpy.clicks.sources import category_of
from jmpy.formats.time_field import Timestamp
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
    """The parameters of the request."""

    startDate: str | None = Field(examples=[None])
    endDate: str | None = Field(examples=[None])
    groupBy: GroupBy
    bots: Bots


class Divided(BaseModel):
    """Beside a number of clicks, which both add up to."""

    human_clicks: int = Field(description="Clicks by people", examples=[42])
    bot_clicks: int = Field(description="Clicks by bots, including suspicious ones", examples=[0])


class Metrics(Divided):
    total_clicks: int = Field(examples=[42])
    unique_clicks: int = Field(
        description="Different visitors, each counted once per link and UTC day", examples=[40]
    )
    scans: int = Field(description="Part of `total_clicks`: through a QR code", examples=[12])
    new_visitors: int = Field(description="The same as `unique_clicks`", examples=[40])
    returning_visitors: int = Field(
        description="Clicks after the first of a visitor on a day", examples=[2]
    )
    avg_session_duration: None = Field(
        default=None, description="Always null: visitors are not tracked beyond a click"
    )
    active_days: int = Field(description="Days with clicks", examples=[9])
    active_hours: int = Field(description="Hours with clicks", examples=[17])
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
            scans=activity.counts.tally(Dimension.VIA, Via.QR_CODE).clicks,
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
    id: str = Field(examples=["019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"])
    short_code: str = Field(examples=["autumn-sale"])
    name: str | None = Field(examples=["Autumn sale"])
    original_url: str = Field(examples=["https://example.com/autumn"])
    click_count: int = Field(examples=[42])
    stored_clicks: int = Field(description="The same as `click_count`", examples=[42])
    actual_clicks: int = Field(description="The same as `click_count`", examples=[42])
    created_at: Timestamp
    last_clicked_at: Timestamp | None = Field(examples=["2029-12-31T18:04:05Z"])
    tracking_enabled: bool = Field(examples=[True])

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
    country: str = Field(description="Name in English", examples=["New Zealand"])
    country_code: str | None = Field(description="ISO 3166 code; null if unknown", examples=["NZ"])
    region: None = Field(default=None, description="Unknown, since addresses are not stored")
    city: None = Field(default=None, description="Unknown, since addresses are not stored")
    clicks: int = Field(examples=[42])
    percentage: float = Field(description="Share of all clicks, in percent", examples=[100.0])

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
    total_clicks: int = Field(examples=[42])

    @classmethod
    def from_counts(cls, counts: Counts) -> Self:
        found = [Location.from_share(share) for share in shares(counts, Dimension.COUNTRY)]
        return cls(data=found, total_locations=len(found), **totals(counts))


class Referrer(Divided):
    referrer: str = Field(
        description="Host of the referring page, or `direct`", examples=["example.org"]
    )
    source_category: SourceCategory = Field(examples=["referral"])
    clicks: int = Field(examples=[42])
    unique_visitors: int = Field(
        description="Different visitors, each counted once per link and UTC day", examples=[40]
    )
    percentage: float = Field(description="Share of all clicks, in percent", examples=[100.0])

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


_NONE_REFERRED = dict.fromkeys(SourceCategory, 0)
_ALL_REFERRED = _NONE_REFERRED | {SourceCategory.REFERRAL: 42}


class TrafficSources(BaseModel):
    social: int = Field(examples=[0])
    search: int = Field(examples=[0])
    direct: int = Field(examples=[0])
    other: int = Field(description="Email and all other referrers", examples=[42])


class Referrers(Divided):
    total_clicks: int = Field(examples=[42])
    data: list[Referrer]
    traffic_sources: TrafficSources
    category_totals: dict[SourceCategory, int] = Field(examples=[_ALL_REFERRED])
    human_category_totals: dict[SourceCategory, int] = Field(examples=[_ALL_REFERRED])
    bot_category_totals: dict[SourceCategory, int] = Field(examples=[_NONE_REFERRED])

    @classmethod
    def from_counts(cls, counts: Counts) -> Self:
        tallies = {
            category: counts.tally(Dimension.SOURCE, category) for category in SourceCategory
        }
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
    clicks: int = Field(examples=[42])
    percentage: float = Field(description="Share of all clicks, in percent", examples=[100.0])


_SOURCES: dict[SourceCategory, Literal["Direct", "Social", "Referral", "Email", "Search"]] = {
    SourceCategory.DIRECT: "Direct",
    SourceCategory.SOCIAL: "Social",
    SourceCategory.REFERRAL: "Referral",
    SourceCategory.EMAIL: "Email",
    SourceCategory.SEARCH: "Search",
}


def traffic_sources(counts: Counts) -> list[TrafficSource]:
    """All five."""
    tallies = {name: counts.tally(Dimension.SOURCE, kind) for kind, name in _SOURCES.items()}
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
    bot_percentage: float = Field(description="Share of bot clicks, in percent", examples=[0.0])
    suspicious_clicks: int = Field(
        description="Part of `bot_clicks`: neither from a known bot nor from a likely browser",
        examples=[0],
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
