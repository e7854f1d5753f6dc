"""The resource `/api/v1/analytics`: what was clicked, of an account and of each of its links."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import os
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from jmpy.access.permission import Permission
from jmpy.analytics import date_range as ranges
from jmpy.analytics import export, period, report_schema, schema
from jmpy.analytics.click_list import ClickList
from jmpy.analytics.click_schema import ClickDetails
from jmpy.analytics.date_range import GroupBy
from jmpy.analytics.errors import InvalidRange, NoRangeOfClicks, OffsetTooDeep, TooManyLinks
from jmpy.analytics.moment import zone_of
from jmpy.analytics.period import LongPeriod
from jmpy.analytics.quality import quality_of
from jmpy.analytics.query import (
    RANGE,
    ClickLimit,
    Counted,
    End,
    Group,
    Limit,
    Offset,
    Period,
    Reference,
    Start,
    When,
    Zone,
)
from jmpy.analytics.ranking import LinkRanking
from jmpy.analytics.report_schema import BrowserReport, DeviceReport
from jmpy.analytics.selection import Selection, UrlType
from jmpy.analytics.service import AnalyticsService
from jmpy.aws import clients
from jmpy.clicks.counts import Counts
from jmpy.clicks.item import account_subject, link_subject
from jmpy.clicks.model import Bots
from jmpy.clicks.reader import ClickReader
from jmpy.clock import system_clock
from jmpy.formats import csv_file
from jmpy.formats.envelope import Success
from jmpy.gateway import base_url
from jmpy.http.api import Api
from jmpy.limits import wiring
from jmpy.limits.plan import LimitClass
from jmpy.links import listing
from jmpy.links.errors import LinkNotFound
from jmpy.links.model import Link
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore

ANALYTICS = "/api/v1/analytics"

_dynamodb = clients.dynamodb()
_store = LinkStore(_dynamodb, os.environ["LINKS_TABLE"])
_reader = ClickReader(_dynamodb, os.environ["CLICKS_TABLE"])
api = Api(wiring.limiter(_dynamodb))
handler = api.handle
links = LinkService(_store)
analytics = AnalyticsService(_reader)
clicks = ClickList(_reader, analytics, _store, int(os.environ["CLICK_DETAIL_DAYS"]))
ranking = LinkRanking(_store)

Reported = Annotated[
    export.Report, Query(description="Counts over time, or the newest single clicks")
]
_get = partial(api.operation, "GET", permission=Permission.ANALYTICS, limit=LimitClass.ANALYTICS)
_get_one = partial(_get, errors=(LinkNotFound,))
# Those that take dates.
_dated = partial(_get, errors=(InvalidRange,))
_dated_one = partial(_get, errors=(LinkNotFound, InvalidRange))
FILE = (InvalidRange, NoRangeOfClicks)
_file_of = partial(_get, media_type=csv_file.MEDIA_TYPE, headers=csv_file.HEADERS)


# ---------------------------------------------------------------- as documented


@_get(
    f"{ANALYTICS}/click-details",
    summary="List clicks on all links",
    errors=(OffsetTooDeep,),
)
def click_details(
    limit: ClickLimit = 100, offset: Offset = 0, bots: Counted = Bots.INCLUDE
) -> ClickDetails:
    """Newest minute first, as far back as single clicks are retained."""
    return ClickDetails.of(clicks.page(_account(), None, limit, offset, bots), limit, offset)


@_get(
    f"{ANALYTICS}/click-details/<id>",
    summary="List clicks on a link",
    errors=(LinkNotFound, OffsetTooDeep),
)
def link_click_details(
    reference: Reference,
    limit: ClickLimit = 100,
    offset: Offset = 0,
    bots: Counted = Bots.INCLUDE,
) -> ClickDetails:
    """Newest minute first, as far back as single clicks are retained."""
    page = clicks.page(_account(), _link(reference), limit, offset, bots)
    return ClickDetails.of(page, limit, offset)


@_dated_one(f"{ANALYTICS}/analytics/<id>", summary="Get click metrics for a link")
def link_metrics(
    reference: Reference,
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    bots: Counted = Bots.INCLUDE,
) -> schema.Metrics:
    """Covers all time unless `start_date` is set. Without an envelope, as in the public API."""
    span = ranges.span_or_ever(start_date, end_date, group_by, system_clock())
    found = analytics.activity(_one(reference), span, bots)
    return schema.Metrics.of(found, start_date, end_date, group_by, bots)


@_get(f"{ANALYTICS}/recent", summary="List the newest links with their click counts")
def recent_links(
    limit: Limit = 10, bots: Counted = Bots.INCLUDE
) -> Success[list[schema.RecentLink]]:
    """Newest first, with all clicks counted so far."""
    found = links.page(_account(), listing.Request(limit=limit, bots=bots))
    return Success(data=[schema.RecentLink.of(link) for link in found.links])


@_get_one(f"{ANALYTICS}/geographic/<id>", summary="Get the countries of a link's clicks")
def link_countries(reference: Reference, bots: Counted = Bots.INCLUDE) -> Success[schema.Locations]:
    """Covers all time."""
    return Success(data=schema.Locations.of(analytics.ever(_one(reference), bots)))


@_dated(f"{ANALYTICS}/referrers", summary="Get the referrers of all clicks")
def referrers(
    days: Annotated[int, Query(ge=1, le=365, description="Days, including today")] = 30,
    date_range: Period = None,
    start_date: Start = None,
    end_date: End = None,
    bots: Counted = Bots.INCLUDE,
) -> Success[schema.Referrers]:
    """`date_range` takes precedence over `days`."""
    span = period.short(date_range or days, start_date, end_date, system_clock())
    return Success(data=schema.Referrers.of(analytics.counts(_all(), span, bots)))


@_get(
    f"{ANALYTICS}/user-traffic-sources",
    summary="Get the traffic sources of clicks",
    errors=(InvalidRange, TooManyLinks),
)
def traffic_sources(  # noqa: PLR0917 - the parameters of the public contract
    date_range: Annotated[LongPeriod, Query(description=RANGE)] = LongPeriod.ALL_TIME,
    start_date: Start = None,
    end_date: End = None,
    url_type: Annotated[UrlType, Query(description="Filter by type")] = UrlType.ALL,
    campaign_id: Annotated[str, Query(max_length=100, description="Filter by campaign")] = "",
    tags: Annotated[str, Query(max_length=1000, description="Filter by tags, any of: a,b")] = "",
    bots: Counted = Bots.INCLUDE,
) -> Success[list[schema.TrafficSource]]:
    """Five kinds of sources, for all links or for those selected by `campaign_id` and `tags`, at
    most 100."""
    span = period.long(date_range, start_date, end_date, system_clock())
    if not url_type.exists:
        return Success(data=[])
    subjects = [_all()]
    if selection := Selection.of(campaign_id, tags):
        subjects = [link_subject(found) for found in selection.of_account(_store, _account())]
    return Success(data=schema.traffic_sources(analytics.counts_of_all(subjects, span, bots)))


@_get_one(f"{ANALYTICS}/traffic-quality/<id>", summary="Get the traffic quality of a link")
def link_traffic_quality(
    reference: Reference, bots: Counted = Bots.INCLUDE
) -> schema.TrafficQuality:
    """Covers all time. Without an envelope, as in the public API."""
    return schema.TrafficQuality.of(quality_of(analytics.ever(_one(reference), bots)))


# ---------------------------------------------------------------- beyond what is documented


@_dated(f"{ANALYTICS}/overview", summary="Get an overview of the account's analytics")
def overview(
    start_date: Start = None, end_date: End = None, bots: Counted = Bots.INCLUDE
) -> Success[report_schema.AccountOverview]:
    """Includes the preceding period for comparison, and the top countries, referrers, devices and
    links."""
    found = analytics.overview(_all(), ranges.days(start_date, end_date, system_clock()), bots)
    return Success(
        data=report_schema.AccountOverview.of(
            found, top_links=_top_links(found.counts, report_schema.TOP)
        )
    )


@_dated_one(f"{ANALYTICS}/overview/<id>", summary="Get an overview of a link's analytics")
def link_overview(
    reference: Reference,
    start_date: Start = None,
    end_date: End = None,
    bots: Counted = Bots.INCLUDE,
) -> Success[report_schema.LinkOverview]:
    """Includes the preceding period for comparison, and the top countries, referrers and
    devices."""
    days = ranges.days(start_date, end_date, system_clock())
    found = analytics.overview(_one(reference), days, bots)
    return Success(data=report_schema.LinkOverview.of(found))


@_dated(f"{ANALYTICS}/timeseries", summary="Get clicks on all links over time")
def timeseries(
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    timezone: Zone = "UTC",
    bots: Counted = Bots.INCLUDE,
) -> Success[report_schema.Timeseries]:
    """One point for every day or hour of the range, including those without clicks."""
    span = _span(start_date, end_date, group_by, timezone)
    return Success(data=report_schema.Timeseries.of(analytics.series(_all(), span, bots)))


@_dated_one(f"{ANALYTICS}/timeseries/<id>", summary="Get clicks on a link over time")
def link_timeseries(  # noqa: PLR0917 - with the link, those of the operation above
    reference: Reference,
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    timezone: Zone = "UTC",
    bots: Counted = Bots.INCLUDE,
) -> Success[report_schema.Timeseries]:
    """One point for every day or hour of the range, including those without clicks."""
    span = _span(start_date, end_date, group_by, timezone)
    return Success(data=report_schema.Timeseries.of(analytics.series(_one(reference), span, bots)))


@_dated(f"{ANALYTICS}/devices", summary="Get the devices used to click all links")
def devices(
    start_date: Start = None, end_date: End = None, bots: Counted = Bots.INCLUDE
) -> Success[DeviceReport]:
    """Most used first."""
    return Success(data=DeviceReport.of(_counts(_all(), start_date, end_date, bots)))


@_dated_one(f"{ANALYTICS}/devices/<id>", summary="Get the devices used to click a link")
def link_devices(
    reference: Reference,
    start_date: Start = None,
    end_date: End = None,
    bots: Counted = Bots.INCLUDE,
) -> Success[DeviceReport]:
    """Most used first."""
    return Success(data=DeviceReport.of(_counts(_one(reference), start_date, end_date, bots)))


@_dated(f"{ANALYTICS}/browsers", summary="Get the browsers used to click all links")
def browsers(
    start_date: Start = None, end_date: End = None, bots: Counted = Bots.INCLUDE
) -> Success[BrowserReport]:
    """Includes operating systems. Most used first."""
    return Success(data=BrowserReport.of(_counts(_all(), start_date, end_date, bots)))


@_dated_one(f"{ANALYTICS}/browsers/<id>", summary="Get the browsers used to click a link")
def link_browsers(
    reference: Reference,
    start_date: Start = None,
    end_date: End = None,
    bots: Counted = Bots.INCLUDE,
) -> Success[BrowserReport]:
    """Includes operating systems. Most used first."""
    return Success(data=BrowserReport.of(_counts(_one(reference), start_date, end_date, bots)))


@_dated(f"{ANALYTICS}/utm", summary="Get the UTM parameters of all clicks")
def utm(
    start_date: Start = None, end_date: End = None, bots: Counted = Bots.INCLUDE
) -> Success[report_schema.Utm]:
    """Taken from the query strings of the short URLs as they were clicked, by parameter."""
    return Success(data=report_schema.Utm.of(_counts(_all(), start_date, end_date, bots)))


@_dated_one(f"{ANALYTICS}/utm/<id>", summary="Get the UTM parameters of a link's clicks")
def link_utm(
    reference: Reference,
    start_date: Start = None,
    end_date: End = None,
    bots: Counted = Bots.INCLUDE,
) -> Success[report_schema.Utm]:
    """Taken from the query strings of the short URL as it was clicked, by parameter."""
    return Success(data=report_schema.Utm.of(_counts(_one(reference), start_date, end_date, bots)))


@_dated(f"{ANALYTICS}/top-links", summary="List the links with the most clicks")
def top_links(
    limit: Limit = 10,
    start_date: Start = None,
    end_date: End = None,
    bots: Counted = Bots.INCLUDE,
) -> Success[report_schema.TopLinks]:
    """Only links that were clicked in the range."""
    counts = _counts(_all(), start_date, end_date, bots)
    return Success(data=report_schema.TopLinks.of(counts, _top_links(counts, limit)))


@_file_of(f"{ANALYTICS}/export", summary="Export clicks as CSV", errors=FILE)
def export_clicks(  # noqa: PLR0917 - those of the operation
    report: Reported = export.Report.TIMESERIES,
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    timezone: Zone = "UTC",
    bots: Counted = Bots.INCLUDE,
) -> Response[str]:
    """Up to 10,000 rows and 4 MB; `X-Truncated: true` indicates that there were more."""
    return _file(None, report, start_date, end_date, group_by, timezone, bots)


@_file_of(
    f"{ANALYTICS}/export/<id>",
    summary="Export clicks on a link as CSV",
    errors=(LinkNotFound, *FILE),
)
def export_link_clicks(  # noqa: PLR0917 - with the link, those of the operation above
    reference: Reference,
    report: Reported = export.Report.TIMESERIES,
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    timezone: Zone = "UTC",
    bots: Counted = Bots.INCLUDE,
) -> Response[str]:
    """Up to 10,000 rows and 4 MB; `X-Truncated: true` indicates that there were more."""
    return _file(_link(reference), report, start_date, end_date, group_by, timezone, bots)


def _account() -> str:
    return api.caller.account_id


def _link(reference: str) -> Link:
    """Raises LinkNotFound."""
    return links.get(_account(), reference)


def _all() -> str:
    return account_subject(_account())


def _one(reference: str) -> str:
    """Raises LinkNotFound."""
    return link_subject(_link(reference).id)


def _span(start: When, end: When, group_by: GroupBy, timezone: str) -> ranges.Days | ranges.Hours:
    return ranges.span(start, end, group_by, system_clock(), zone_of(timezone))


def _counts(subject: str, start: When, end: When, bots: Bots) -> Counts:
    return analytics.counts(subject, ranges.days(start, end, system_clock()), bots)


def _top_links(counts: Counts, number: int) -> list[report_schema.TopLink]:
    address = base_url.of(api.current_event.raw_event)
    ranked = ranking.top(_account(), counts, number)
    return [report_schema.TopLink.of_ranked(link, address) for link in ranked]


def _file(  # noqa: PLR0917 - those of the two operations
    link: Link | None,
    report: export.Report,
    start: When,
    end: When,
    group_by: GroupBy,
    timezone: str,
    bots: Bots,
) -> Response[str]:
    if report is export.Report.CLICKS:
        export.refuse_dates(start, end)
        found, is_complete = clicks.newest(_account(), link, bots)
        made = export.of_clicks(found, is_complete=is_complete)
    else:
        subject = link_subject(link.id) if link else _all()
        span = _span(start, end, group_by, timezone)
        made = export.of_series(analytics.series(subject, span, bots))
    return csv_file.response(made, f"{report}-{link.short_code if link else 'all'}")
