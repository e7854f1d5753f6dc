"""The answers that the public contract does not document: what its clients need beside those."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

from jmpy.analytics.quality import quality_of
from jmpy.analytics.range import Days, GroupBy
from jmpy.analytics.schema import Location
from jmpy.analytics.share import percentage, shares, top
from jmpy.clicks.model import UTM, Dimension

if TYPE_CHECKING:
    from typing import Self

    from jmpy.analytics.ranking import RankedLink
    from jmpy.analytics.series import Point, Series
    from jmpy.analytics.service import Overview
    from jmpy.analytics.share import Share
    from jmpy.clicks.counts import Counts, Tally

TOP = 5


class Clicks(BaseModel):
    clicks: int
    unique_clicks: int

    @classmethod
    def of(cls, tally: Tally) -> Self:
        return cls(clicks=tally.clicks, unique_clicks=tally.unique)


class Entry(Clicks):
    value: str
    percentage: float

    @classmethod
    def of_share(cls, share: Share) -> Self:
        return cls(
            value=share.value,
            clicks=share.tally.clicks,
            unique_clicks=share.tally.unique,
            percentage=share.percentage,
        )


def _entries(counts: Counts, dimension: Dimension) -> list[Entry]:
    return [Entry.of_share(share) for share in shares(counts, dimension)]


class TopLink(Clicks):
    id: str
    short_code: str
    short_url: str
    name: str | None
    original_url: str
    percentage: float

    @classmethod
    def of_ranked(cls, ranked: RankedLink, base_url: str) -> Self:
        link, share = ranked
        return cls(
            id=link.id,
            short_code=link.short_code,
            short_url=f"{base_url}/{link.short_code}",
            name=link.name,
            original_url=link.url,
            clicks=share.tally.clicks,
            unique_clicks=share.tally.unique,
            percentage=share.percentage,
        )


class DaysBefore(Clicks):
    start_date: date
    end_date: date
    change: float | None
    """Of the clicks since, in percent; None when there were none before."""


class LinkOverview(BaseModel):
    start_date: date
    end_date: date
    total_clicks: int
    unique_clicks: int
    human_clicks: int
    bot_clicks: int
    suspicious_clicks: int
    today: Clicks
    previous: DaysBefore
    top_countries: list[Location]
    top_referrers: list[Entry]
    top_devices: list[Entry]

    @classmethod
    def of(cls, overview: Overview, **more: list[TopLink]) -> Self:
        counts, days, quality = overview.counts, overview.days, quality_of(overview.counts)
        entries = {
            name: [Entry.of_share(share) for share in top(counts, dimension, TOP)]
            for name, dimension in (
                ("top_referrers", Dimension.REFERRER),
                ("top_devices", Dimension.DEVICE),
            )
        }
        return cls(
            start_date=days.first,
            end_date=days.last,
            total_clicks=counts.total.clicks,
            unique_clicks=counts.total.unique,
            human_clicks=quality.human,
            bot_clicks=quality.bots,
            suspicious_clicks=quality.suspicious,
            today=Clicks.of(overview.today),
            previous=_days_before(overview),
            top_countries=[Location.of(share) for share in top(counts, Dimension.COUNTRY, TOP)],
            **entries,
            **more,
        )


class AccountOverview(LinkOverview):
    top_links: list[TopLink]


def _days_before(overview: Overview) -> DaysBefore:
    before, now = overview.before.clicks, overview.counts.total.clicks
    return DaysBefore(
        start_date=overview.days_before.first,
        end_date=overview.days_before.last,
        clicks=before,
        unique_clicks=overview.before.unique,
        change=percentage(now - before, before) if before else None,
    )


class SeriesPoint(Clicks):
    start: date | datetime

    @classmethod
    def of_point(cls, point: Point) -> Self:
        tally = point.tally
        return cls(start=point.start, clicks=tally.clicks, unique_clicks=tally.unique)


class Timeseries(BaseModel):
    group_by: GroupBy
    timezone: str
    total_clicks: int
    unique_clicks: int
    series: list[SeriesPoint]
    """Every day or hour of the range, also those without clicks."""

    @classmethod
    def of(cls, series: Series) -> Self:
        is_daily = isinstance(series.span, Days)
        return cls(
            group_by=GroupBy.DAY if is_daily else GroupBy.HOUR,
            timezone=str(series.span.zone),
            total_clicks=series.total.clicks,
            unique_clicks=series.total.unique,
            series=[SeriesPoint.of_point(point) for point in series.points],
        )


class DeviceReport(BaseModel):
    total_clicks: int
    devices: list[Entry]

    @classmethod
    def of(cls, counts: Counts) -> Self:
        entries = _entries(counts, Dimension.DEVICE)
        return cls(total_clicks=counts.total.clicks, devices=entries)


class BrowserReport(BaseModel):
    total_clicks: int
    browsers: list[Entry]
    operating_systems: list[Entry]

    @classmethod
    def of(cls, counts: Counts) -> Self:
        return cls(
            total_clicks=counts.total.clicks,
            browsers=_entries(counts, Dimension.BROWSER),
            operating_systems=_entries(counts, Dimension.OS),
        )


class Utm(BaseModel):
    total_clicks: int
    """Also those without such parameters."""
    utm_source: list[Entry]
    utm_medium: list[Entry]
    utm_campaign: list[Entry]
    utm_term: list[Entry]
    utm_content: list[Entry]

    @classmethod
    def of(cls, counts: Counts) -> Self:
        by_name = {dimension.value: _entries(counts, dimension) for dimension in UTM}
        return cls(total_clicks=counts.total.clicks, **by_name)


class TopLinks(BaseModel):
    links: list[TopLink]
