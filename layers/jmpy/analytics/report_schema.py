"""The responses that the public contract does not document: what its clients need in addition."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import ConfigDict, Field

from jmpy.analytics.breakdown import by_way, percentage, shares, top
from jmpy.analytics.date_range import Days, GroupBy
from jmpy.analytics.quality import quality_of
from jmpy.analytics.schema import Divided, Location, totals
from jmpy.clicks.model import UTM, Dimension, Via
from jmpy.links.short_url import link_url

if TYPE_CHECKING:
    from typing import Any, Self

    from jmpy.analytics.breakdown import Share
    from jmpy.analytics.ranking import RankedLink
    from jmpy.analytics.series import Point, Series
    from jmpy.analytics.service import Overview
    from jmpy.campaigns.report import CampaignFigures
    from jmpy.clicks.counts import Counts, Tally

TOP = 5


class Clicks(Divided):
    clicks: int = Field(examples=[42])
    unique_clicks: int = Field(
        description="Different visitors, each counted once per link and UTC day", examples=[40]
    )

    @classmethod
    def from_tally(cls, tally: Tally, **more: Any) -> Self:
        return cls(
            clicks=tally.clicks,
            unique_clicks=tally.unique,
            human_clicks=tally.human_clicks,
            bot_clicks=tally.bot_clicks,
            **more,
        )


class BreakdownEntry(Clicks):
    value: str = Field(
        description="What these clicks have in common, such as a referrer or a browser",
        examples=["example.org"],
    )
    percentage: float = Field(description="Share of all clicks, in percent", examples=[100.0])

    @classmethod
    def from_share(cls, share: Share) -> Self:
        return cls.from_tally(share.tally, value=share.value, percentage=share.percentage)


def _entries(counts: Counts, dimension: Dimension) -> list[BreakdownEntry]:
    return [BreakdownEntry.from_share(share) for share in shares(counts, dimension)]


class TopLink(Clicks):
    id: str = Field(examples=["019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"])
    short_code: str = Field(examples=["autumn-sale"])
    short_url: str = Field(examples=["https://go.example.com/autumn-sale"])
    name: str | None = Field(examples=["Autumn sale"])
    original_url: str = Field(examples=["https://example.com/autumn"])
    percentage: float = Field(description="Share of all clicks, in percent", examples=[100.0])

    @classmethod
    def from_ranked(cls, ranked: RankedLink, base_url: str) -> Self:
        link, share = ranked
        return cls.from_tally(
            share.tally,
            id=link.id,
            short_code=link.short_code,
            short_url=link_url(base_url, link),
            name=link.name,
            original_url=link.url,
            percentage=share.percentage,
        )


class DaysBefore(Clicks):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "clicks": 40, "unique_clicks": 38, "human_clicks": 40, "bot_clicks": 0,
                    "start_date": "2029-11-02", "end_date": "2029-12-01", "change": 5.0,
                }
            ]
        }
    )  # fmt: skip

    start_date: date
    end_date: date
    change: float | None = Field(
        description="Change of clicks since then, in percent; null if there were none"
    )


class LinkOverview(Divided):
    start_date: date = Field(examples=["2029-12-02"])
    end_date: date = Field(examples=["2029-12-31"])
    total_clicks: int = Field(examples=[42])
    unique_clicks: int = Field(
        description="Different visitors, each counted once per link and UTC day", examples=[40]
    )
    suspicious_clicks: int = Field(description="Part of `bot_clicks`", examples=[0])
    today: Clicks
    previous: DaysBefore
    top_countries: list[Location]
    top_referrers: list[BreakdownEntry]
    top_devices: list[BreakdownEntry]
    via: list[BreakdownEntry] = Field(
        description="`qr_code` for scans of the QR codes, `link` for all other clicks"
    )

    @classmethod
    def from_overview(cls, overview: Overview, **more: list[TopLink]) -> Self:
        counts, days = overview.report.counts, overview.report.span
        entries = {
            name: [BreakdownEntry.from_share(share) for share in top(counts, dimension, TOP)]
            for name, dimension in (
                ("top_referrers", Dimension.REFERRER),
                ("top_devices", Dimension.DEVICE),
            )
        }
        return cls(
            start_date=days.first,
            end_date=days.last,
            **totals(counts),
            unique_clicks=counts.total.unique,
            suspicious_clicks=quality_of(counts).suspicious,
            today=Clicks.from_tally(overview.today),
            previous=_days_before(overview),
            top_countries=[
                Location.from_share(share) for share in top(counts, Dimension.COUNTRY, TOP)
            ],
            **entries,
            via=[BreakdownEntry.from_share(share) for share in by_way(counts)],
            **more,
        )


class AccountOverview(LinkOverview):
    top_links: list[TopLink]


def _days_before(overview: Overview) -> DaysBefore:
    report = overview.report
    before, now = report.counts_before.total, report.counts.total
    return DaysBefore.from_tally(
        before,
        start_date=report.before.first,
        end_date=report.before.last,
        change=percentage(now.clicks - before.clicks, before.clicks) if before.clicks else None,
    )


class SeriesPoint(Clicks):
    start: date | datetime = Field(description="Start of the day or hour", examples=["2029-12-31"])

    @classmethod
    def from_point(cls, point: Point) -> Self:
        return cls.from_tally(point.tally, start=point.start)


class Timeseries(Divided):
    group_by: GroupBy
    timezone: str = Field(description="IANA name", examples=["UTC"])
    total_clicks: int = Field(examples=[42])
    unique_clicks: int = Field(
        description="Different visitors, each counted once per link and UTC day", examples=[40]
    )
    series: list[SeriesPoint] = Field(
        description="One point for every day or hour of the range, including those without clicks"
    )

    @classmethod
    def from_series(cls, series: Series, **more: Any) -> Self:
        is_daily = isinstance(series.span, Days)
        return cls(
            group_by=GroupBy.DAY if is_daily else GroupBy.HOUR,
            timezone=str(series.span.zone),
            total_clicks=series.total.clicks,
            unique_clicks=series.total.unique,
            human_clicks=series.total.human_clicks,
            bot_clicks=series.total.bot_clicks,
            series=[SeriesPoint.from_point(point) for point in series.points],
            **more,
        )


class CampaignReport(Timeseries):
    campaign_id: str = Field(examples=["019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a5b"])
    campaign_name: str = Field(examples=["Winter sale"])
    scans: int = Field(description="Part of `total_clicks`: through a QR code", examples=[12])
    via: list[BreakdownEntry] = Field(
        description="`qr_code` for scans of the QR codes, `link` for all other clicks"
    )
    countries: list[Location]
    devices: list[BreakdownEntry]
    browsers: list[BreakdownEntry]
    operating_systems: list[BreakdownEntry]
    referrers: list[BreakdownEntry]
    top_links: list[TopLink] = Field(
        description="Those with the most clicks while they were in the campaign"
    )

    @classmethod
    def from_figures(cls, figures: CampaignFigures, base_url: str) -> Self:
        counts = figures.counts
        by_name = {
            "devices": Dimension.DEVICE,
            "browsers": Dimension.BROWSER,
            "operating_systems": Dimension.OS,
            "referrers": Dimension.REFERRER,
        }
        return cls.from_series(
            figures.series,
            campaign_id=figures.campaign.id,
            campaign_name=figures.campaign.name,
            scans=counts.tally(Dimension.VIA, Via.QR_CODE).clicks,
            via=[BreakdownEntry.from_share(share) for share in by_way(counts)],
            countries=[Location.from_share(share) for share in shares(counts, Dimension.COUNTRY)],
            **{name: _entries(counts, dimension) for name, dimension in by_name.items()},
            top_links=[TopLink.from_ranked(link, base_url) for link in figures.top_links],
        )


class DeviceReport(Divided):
    total_clicks: int = Field(examples=[42])
    devices: list[BreakdownEntry]

    @classmethod
    def from_counts(cls, counts: Counts) -> Self:
        entries = _entries(counts, Dimension.DEVICE)
        return cls(**totals(counts), devices=entries)


class BrowserReport(Divided):
    total_clicks: int = Field(examples=[42])
    browsers: list[BreakdownEntry]
    operating_systems: list[BreakdownEntry]

    @classmethod
    def from_counts(cls, counts: Counts) -> Self:
        return cls(
            **totals(counts),
            browsers=_entries(counts, Dimension.BROWSER),
            operating_systems=_entries(counts, Dimension.OS),
        )


class Utm(Divided):
    total_clicks: int = Field(description="Includes clicks without such parameters", examples=[42])
    utm_source: list[BreakdownEntry]
    utm_medium: list[BreakdownEntry]
    utm_campaign: list[BreakdownEntry]
    utm_term: list[BreakdownEntry]
    utm_content: list[BreakdownEntry]

    @classmethod
    def from_counts(cls, counts: Counts) -> Self:
        by_name = {dimension.value: _entries(counts, dimension) for dimension in UTM}
        return cls(**totals(counts), **by_name)


class TopLinks(Divided):
    total_clicks: int = Field(description="Includes clicks on other links", examples=[42])
    links: list[TopLink]

    @classmethod
    def from_counts(cls, counts: Counts, links: list[TopLink]) -> Self:
        return cls(**totals(counts), links=links)
