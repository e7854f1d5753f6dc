"""Scans as the API describes them.

The public contract documents none of it. A client of it reads a scan by either of two spellings,
so a scan has both: `qr_code_id` and `qrId`, `scanned_at` and `scannedAt`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from jmpy.analytics.breakdown import shares
from jmpy.analytics.date_range import Days, GroupBy
from jmpy.analytics.geography import country_code, country_name
from jmpy.clicks.model import UNKNOWN, AgentKind, Dimension, SourceCategory
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso

if TYPE_CHECKING:
    from typing import Any, Self

    from jmpy.analytics.breakdown import Share
    from jmpy.analytics.series import Point
    from jmpy.analytics.service import Detailed
    from jmpy.clicks.counts import Counts, Tally
    from jmpy.qr.scans import Scan

_ID = "019b7a30-0000-7000-8000-000000000001"
_QR_ID = "019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"
_TIME = "2029-12-31T18:04:05Z"
_NO_ADDRESS = "Unknown, since addresses are not stored"
_NOT_READ = "Not read from the user agent"


class ScanBody(BaseModel):
    id: str = Field(examples=[_ID])
    scan_id: str = Field(description="The same as `id`", examples=[_ID])
    qr_code_id: str = Field(examples=[_QR_ID])
    qrId: str = Field(description="The same as `qr_code_id`", examples=[_QR_ID])
    qr_code_name: str | None = Field(examples=["Autumn poster"])
    content_type: str = Field(examples=["url"])
    qr_content: str = Field(
        description="What the scanner read", examples=["https://go.example.com/k3Jx9Qa"]
    )
    scanned_at: Timestamp = Field(examples=[_TIME])
    scannedAt: Timestamp = Field(description="The same as `scanned_at`", examples=[_TIME])
    is_unique: bool = Field(
        description="The visitor's first scan of this QR code in the UTC day", examples=[True]
    )
    isUnique: bool = Field(description="The same as `is_unique`", examples=[True])
    is_bot: bool = Field(description="Whether it counts as a bot's scan", examples=[False])
    agent_kind: AgentKind
    campaign_id: str | None = Field(
        description="Of the campaign that its link was in at that moment; null if in none",
        examples=["019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a5b"],
    )
    campaign_name: str | None = Field(
        description="Its present name; null if it was deleted", examples=["Autumn"]
    )
    country: str | None = Field(description="null if unknown", examples=["New Zealand"])
    country_code: str | None = Field(description="ISO 3166 code; null if unknown", examples=["NZ"])
    region: None = Field(default=None, description=_NO_ADDRESS)
    city: None = Field(default=None, description=_NO_ADDRESS)
    timezone: None = Field(default=None, description=_NO_ADDRESS)
    device_type: str = Field(examples=["mobile"])
    device_brand: None = Field(default=None, description=_NOT_READ)
    device_model: None = Field(default=None, description=_NOT_READ)
    browser: str = Field(examples=["Safari"])
    browser_version: None = Field(default=None, description=_NOT_READ)
    os: str = Field(examples=["iOS"])
    os_version: None = Field(default=None, description=_NOT_READ)
    traffic_source: SourceCategory = Field(examples=["direct"])
    traffic_medium: str | None = Field(
        description="The UTM medium; null if there was none", examples=["poster"]
    )
    referrer: str | None = Field(
        description="Host of the referring page; null if there was none, as of scans by a camera",
        examples=["example.org"],
    )
    referer: str | None = Field(description="The same as `referrer`", examples=["example.org"])
    referrer_domain: str | None = Field(
        description="The same as `referrer`", examples=["example.org"]
    )

    @classmethod
    def from_scan(cls, scan: Scan) -> Self:
        click, values, qr_code = scan.click, scan.click.values, scan.scanned.qr_code
        at = iso(click.at // 1000)
        host = values.get(Dimension.REFERRER, SourceCategory.DIRECT)
        referrer = None if host == SourceCategory.DIRECT else host
        country = values.get(Dimension.COUNTRY, UNKNOWN)
        return cls(
            id=click.id,
            scan_id=click.id,
            qr_code_id=qr_code.id,
            qrId=qr_code.id,
            qr_code_name=qr_code.name,
            content_type=qr_code.content_type,
            qr_content=scan.scanned.image.payload,
            scanned_at=at,
            scannedAt=at,
            is_unique=click.is_unique_scan,
            isUnique=click.is_unique_scan,
            is_bot=click.is_bot,
            agent_kind=AgentKind(values.get(Dimension.AGENT, AgentKind.HUMAN)),
            campaign_id=click.campaign_id,
            campaign_name=scan.campaign_name,
            country=None if country == UNKNOWN else country_name(country),
            country_code=country_code(country),
            device_type=values.get(Dimension.DEVICE, UNKNOWN),
            browser=values.get(Dimension.BROWSER, UNKNOWN),
            os=values.get(Dimension.OS, UNKNOWN),
            traffic_source=SourceCategory(values.get(Dimension.SOURCE, SourceCategory.DIRECT)),
            traffic_medium=values.get(Dimension.UTM_MEDIUM),
            referrer=referrer,
            referer=referrer,
            referrer_domain=referrer,
        )


class Scans(BaseModel):
    scans: int = Field(description="All scans, including those by bots", examples=[42])
    unique_scans: int = Field(
        description="Different visitors, each counted once per UTC day", examples=[40]
    )
    human_scans: int = Field(description="Scans by people", examples=[42])
    bot_scans: int = Field(description="Scans by bots, including suspicious ones", examples=[0])

    @classmethod
    def from_tally(cls, tally: Tally, **more: Any) -> Self:
        return cls(
            scans=tally.clicks,
            unique_scans=tally.unique,
            human_scans=tally.human_clicks,
            bot_scans=tally.bot_clicks,
            **more,
        )


class ScanPoint(Scans):
    start: date | datetime = Field(description="Start of the day or hour", examples=["2029-12-31"])

    @classmethod
    def from_point(cls, point: Point) -> Self:
        return cls.from_tally(point.tally, start=point.start)


class ScanShare(Scans):
    value: str = Field(
        description="What these scans have in common, such as a referrer or a browser",
        examples=["example.org"],
    )
    percentage: float = Field(description="Share of all scans, in percent", examples=[100.0])

    @classmethod
    def from_share(cls, share: Share, **more: Any) -> Self:
        more.setdefault("value", share.value)
        return cls.from_tally(share.tally, percentage=share.percentage, **more)


class ScanCountry(ScanShare):
    value: str = Field(description="Name in English", examples=["New Zealand"])
    country_code: str | None = Field(description="ISO 3166 code; null if unknown", examples=["NZ"])

    @classmethod
    def from_country(cls, share: Share) -> Self:
        name, code = country_name(share.value), country_code(share.value)
        return cls.from_share(share, value=name, country_code=code)


class ScanReport(Scans):
    qr_code_id: str = Field(examples=[_QR_ID])
    group_by: GroupBy
    timezone: str = Field(description="IANA name", examples=["UTC"])
    series: list[ScanPoint] = Field(
        description="One point for every day or hour of the range, including those without scans"
    )
    countries: list[ScanCountry]
    devices: list[ScanShare]
    browsers: list[ScanShare]
    operating_systems: list[ScanShare]
    referrers: list[ScanShare]

    @classmethod
    def from_detailed(cls, qr_id: str, found: Detailed) -> Self:
        counts, span = found.counts, found.series.span
        by_name = {
            "devices": Dimension.DEVICE,
            "browsers": Dimension.BROWSER,
            "operating_systems": Dimension.OS,
            "referrers": Dimension.REFERRER,
        }
        return cls.from_tally(
            counts.total,
            qr_code_id=qr_id,
            group_by=GroupBy.DAY if isinstance(span, Days) else GroupBy.HOUR,
            timezone=str(span.zone),
            series=[ScanPoint.from_point(point) for point in found.series.points],
            countries=[
                ScanCountry.from_country(share) for share in shares(counts, Dimension.COUNTRY)
            ],
            **{name: _shares(counts, dimension) for name, dimension in by_name.items()},
        )


def _shares(counts: Counts, dimension: Dimension) -> list[ScanShare]:
    return [ScanShare.from_share(share) for share in shares(counts, dimension)]
