"""The resource `/api/v1/analytics`: clicks on all links of an account, and on each of them.

Most operations exist twice: for the account, and below it with `/<id>` for one link. Both of a pair
do the same with another subject, so what they do is written once, at the end.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import os
from functools import partial

from aws_lambda_powertools.event_handler import Response

from jmpy.access.permission import Permission
from jmpy.analytics import date_range as ranges
from jmpy.analytics import export, period, schema
from jmpy.analytics import report_schema as reports
from jmpy.analytics.click_list import ClickList
from jmpy.analytics.click_schema import ClickDetails
from jmpy.analytics.date_range import GroupBy
from jmpy.analytics.errors import InvalidRange, NoRangeOfClicks, OffsetTooDeep, TooManyLinks
from jmpy.analytics.export import Report
from jmpy.analytics.moment import zone_of
from jmpy.analytics.period import LongPeriod
from jmpy.analytics.quality import quality_of
from jmpy.analytics.query import (
    ALL,
    CampaignId,
    ClickLimit,
    Counted,
    DayCount,
    End,
    Group,
    Limit,
    Long,
    Offset,
    Reference,
    Reported,
    Short,
    Start,
    Tags,
    TypeOfUrl,
    When,
    Zone,
)
from jmpy.analytics.ranking import LinkRanking
from jmpy.analytics.selection import Selection, UrlType
from jmpy.analytics.service import AnalyticsService, Overview
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

_get = partial(api.operation, "GET", permission=Permission.ANALYTICS, limit=LimitClass.ANALYTICS)
_get_one = partial(_get, errors=(LinkNotFound,))
_dated = partial(_get, errors=(InvalidRange,))
_dated_one = partial(_get, errors=(LinkNotFound, InvalidRange))
_file = partial(_get, media_type=csv_file.MEDIA_TYPE, headers=csv_file.HEADERS)
_FILE_ERRORS = (InvalidRange, NoRangeOfClicks)


# ---------------------------------------------------------------- as documented


@_get(f"{ANALYTICS}/click-details", summary="List clicks on all links", errors=(OffsetTooDeep,))
def click_details(limit: ClickLimit = 100, offset: Offset = 0, bots: Counted = ALL) -> ClickDetails:
    """Newest minute first, as far back as single clicks are retained."""
    return _click_details(None, limit, offset, bots)


@_get(
    f"{ANALYTICS}/click-details/<id>",
    summary="List clicks on a link",
    errors=(LinkNotFound, OffsetTooDeep),
)
def link_click_details(
    link: Reference, limit: ClickLimit = 100, offset: Offset = 0, bots: Counted = ALL
) -> ClickDetails:
    """Newest minute first, as far back as single clicks are retained."""
    return _click_details(link, limit, offset, bots)


@_dated_one(f"{ANALYTICS}/analytics/<id>", summary="Get click metrics for a link")
def link_metrics(
    link: Reference,
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    bots: Counted = ALL,
) -> schema.Metrics:
    """Covers all time unless `start_date` is set. Without an envelope, as in the public API."""
    now = system_clock()
    span = ranges.span_or_ever(start_date, end_date, group_by, now)
    found = analytics.activity(_subject(link), span, now, bots)
    return schema.Metrics.from_activity(found, start_date, end_date, group_by, bots)


@_get(f"{ANALYTICS}/recent", summary="List the newest links with their click counts")
def recent_links(limit: Limit = 10, bots: Counted = ALL) -> Success[list[schema.RecentLink]]:
    """Newest first, with all clicks counted so far."""
    found = links.page(_account(), listing.Request(limit=limit, bots=bots))
    return Success(data=[schema.RecentLink.from_link(link) for link in found.links])


@_get_one(f"{ANALYTICS}/geographic/<id>", summary="Get the countries of a link's clicks")
def link_countries(link: Reference, bots: Counted = ALL) -> Success[schema.Locations]:
    """Covers all time."""
    return Success(data=schema.Locations.from_counts(_counts_of_all_time(link, bots)))


@_dated(f"{ANALYTICS}/referrers", summary="Get the referrers of all clicks")
def referrers(
    days: DayCount = 30,
    date_range: Short = None,
    start_date: Start = None,
    end_date: End = None,
    bots: Counted = ALL,
) -> Success[schema.Referrers]:
    """`date_range` takes precedence over `days`."""
    span = period.short(date_range or days, start_date, end_date, system_clock())
    return Success(data=schema.Referrers.from_counts(analytics.counts(_subject(), span, bots)))


@_get(
    f"{ANALYTICS}/user-traffic-sources",
    summary="Get the traffic sources of clicks",
    errors=(InvalidRange, TooManyLinks),
)
def traffic_sources(  # noqa: PLR0917 - the parameters of the public contract
    date_range: Long = LongPeriod.ALL_TIME,
    start_date: Start = None,
    end_date: End = None,
    url_type: TypeOfUrl = UrlType.ALL,
    campaign_id: CampaignId = "",
    tags: Tags = "",
    bots: Counted = ALL,
) -> Success[list[schema.TrafficSource]]:
    """Five kinds of sources, for all links or for those selected by `campaign_id` and `tags`, at
    most 100."""
    span = period.long(date_range, start_date, end_date, system_clock())
    if not url_type.exists:
        return Success(data=[])
    subjects = [_subject()]
    if selection := Selection.from_parameters(campaign_id, tags):
        subjects = [link_subject(found) for found in selection.link_ids(_store, _account())]
    return Success(data=schema.traffic_sources(analytics.counts_of_all(subjects, span, bots)))


@_get_one(f"{ANALYTICS}/traffic-quality/<id>", summary="Get the traffic quality of a link")
def link_traffic_quality(link: Reference, bots: Counted = ALL) -> schema.TrafficQuality:
    """Covers all time. Without an envelope, as in the public API."""
    return schema.TrafficQuality.from_quality(quality_of(_counts_of_all_time(link, bots)))


# ---------------------------------------------------------------- beyond what is documented


@_dated(f"{ANALYTICS}/overview", summary="Get an overview of the account's analytics")
def overview(
    start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.AccountOverview]:
    """Includes the preceding period for comparison, and the top countries, referrers, devices and
    links."""
    found = _overview(None, start_date, end_date, bots)
    top_links = _top_links(found.report.counts, reports.TOP)
    return Success(data=reports.AccountOverview.from_overview(found, top_links=top_links))


@_dated_one(f"{ANALYTICS}/overview/<id>", summary="Get an overview of a link's analytics")
def link_overview(
    link: Reference, start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.LinkOverview]:
    """Includes the preceding period for comparison, and the top countries, referrers and
    devices."""
    return Success(
        data=reports.LinkOverview.from_overview(_overview(link, start_date, end_date, bots))
    )


@_dated(f"{ANALYTICS}/timeseries", summary="Get clicks on all links over time")
def timeseries(
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    timezone: Zone = "UTC",
    bots: Counted = ALL,
) -> Success[reports.Timeseries]:
    """One point for every day or hour of the range, including those without clicks."""
    return _timeseries(None, _span(start_date, end_date, group_by, timezone), bots)


@_dated_one(f"{ANALYTICS}/timeseries/<id>", summary="Get clicks on a link over time")
def link_timeseries(  # noqa: PLR0917 - with the link, those of the operation above
    link: Reference,
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    timezone: Zone = "UTC",
    bots: Counted = ALL,
) -> Success[reports.Timeseries]:
    """One point for every day or hour of the range, including those without clicks."""
    return _timeseries(link, _span(start_date, end_date, group_by, timezone), bots)


@_dated(f"{ANALYTICS}/devices", summary="Get the devices used to click all links")
def devices(
    start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.DeviceReport]:
    """Most used first."""
    return Success(data=reports.DeviceReport.from_counts(_counts(None, start_date, end_date, bots)))


@_dated_one(f"{ANALYTICS}/devices/<id>", summary="Get the devices used to click a link")
def link_devices(
    link: Reference, start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.DeviceReport]:
    """Most used first."""
    return Success(data=reports.DeviceReport.from_counts(_counts(link, start_date, end_date, bots)))


@_dated(f"{ANALYTICS}/browsers", summary="Get the browsers used to click all links")
def browsers(
    start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.BrowserReport]:
    """Includes operating systems. Most used first."""
    return Success(
        data=reports.BrowserReport.from_counts(_counts(None, start_date, end_date, bots))
    )


@_dated_one(f"{ANALYTICS}/browsers/<id>", summary="Get the browsers used to click a link")
def link_browsers(
    link: Reference, start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.BrowserReport]:
    """Includes operating systems. Most used first."""
    return Success(
        data=reports.BrowserReport.from_counts(_counts(link, start_date, end_date, bots))
    )


@_dated(f"{ANALYTICS}/utm", summary="Get the UTM parameters of all clicks")
def utm(
    start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.Utm]:
    """Taken from the query strings of the short URLs as they were clicked, by parameter."""
    return Success(data=reports.Utm.from_counts(_counts(None, start_date, end_date, bots)))


@_dated_one(f"{ANALYTICS}/utm/<id>", summary="Get the UTM parameters of a link's clicks")
def link_utm(
    link: Reference, start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.Utm]:
    """Taken from the query strings of the short URL as it was clicked, by parameter."""
    return Success(data=reports.Utm.from_counts(_counts(link, start_date, end_date, bots)))


@_dated(f"{ANALYTICS}/top-links", summary="List the links with the most clicks")
def top_links(
    limit: Limit = 10, start_date: Start = None, end_date: End = None, bots: Counted = ALL
) -> Success[reports.TopLinks]:
    """Only links that were clicked in the range."""
    counts = _counts(None, start_date, end_date, bots)
    return Success(data=reports.TopLinks.from_counts(counts, _top_links(counts, limit)))


@_file(f"{ANALYTICS}/export", summary="Export clicks as CSV", errors=_FILE_ERRORS)
def export_clicks(  # noqa: PLR0917 - those of the operation
    report: Reported = Report.TIMESERIES,
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    timezone: Zone = "UTC",
    bots: Counted = ALL,
) -> Response[str]:
    """Up to 10,000 rows and 4 MB; `X-Truncated: true` indicates that there were more."""
    return _export(None, report, start_date, end_date, group_by, timezone, bots)


@_file(
    f"{ANALYTICS}/export/<id>",
    summary="Export clicks on a link as CSV",
    errors=(LinkNotFound, *_FILE_ERRORS),
)
def export_link_clicks(  # noqa: PLR0917 - with the link, those of the operation above
    link: Reference,
    report: Reported = Report.TIMESERIES,
    start_date: Start = None,
    end_date: End = None,
    group_by: Group = GroupBy.DAY,
    timezone: Zone = "UTC",
    bots: Counted = ALL,
) -> Response[str]:
    """Up to 10,000 rows and 4 MB; `X-Truncated: true` indicates that there were more."""
    return _export(link, report, start_date, end_date, group_by, timezone, bots)


# ---------------------------------------------------------------- what the operations share


def _account() -> str:
    return api.caller.account_id


def _subject(reference: str | None = None) -> str:
    """Of the link, or of the whole account. Raises LinkNotFound."""
    if reference is None:
        return account_subject(_account())
    return link_subject(links.get(_account(), reference).id)


def _span(start: When, end: When, group_by: GroupBy, timezone: str) -> ranges.Days | ranges.Hours:
    return ranges.span(start, end, group_by, system_clock(), zone_of(timezone))


def _counts(reference: str | None, start: When, end: When, bots: Bots) -> Counts:
    days = ranges.days(start, end, system_clock())
    return analytics.counts(_subject(reference), days, bots)


def _counts_of_all_time(reference: str, bots: Bots) -> Counts:
    return analytics.counts(_subject(reference), ranges.until(None, system_clock()), bots)


def _overview(reference: str | None, start: When, end: When, bots: Bots) -> Overview:
    now = system_clock()
    days = ranges.days(start, end, now)
    return analytics.overview(_subject(reference), days, ranges.today(now), bots)


def _timeseries(
    reference: str | None, span: ranges.Days | ranges.Hours, bots: Bots
) -> Success[reports.Timeseries]:
    return Success(
        data=reports.Timeseries.from_series(analytics.series(_subject(reference), span, bots))
    )


def _click_details(reference: str | None, limit: int, offset: int, bots: Bots) -> ClickDetails:
    link = None if reference is None else links.get(_account(), reference)
    page = clicks.page(_account(), link, limit, offset, now=system_clock(), bots=bots)
    return ClickDetails.from_page(page, limit, offset)


def _top_links(counts: Counts, number: int) -> list[reports.TopLink]:
    address = base_url.from_event(api.current_event.raw_event)
    ranked = ranking.top(_account(), counts, number)
    return [reports.TopLink.from_ranked(link, address) for link in ranked]


def _export(  # noqa: PLR0917 - those of the two operations
    reference: str | None,
    report: Report,
    start: When,
    end: When,
    group_by: GroupBy,
    timezone: str,
    bots: Bots,
) -> Response[str]:
    link = None if reference is None else links.get(_account(), reference)
    if report is Report.CLICKS:
        export.reject_dates(start, end)
        found, is_complete = clicks.newest(_account(), link, now=system_clock(), bots=bots)
        file = export.clicks_file(found, is_complete=is_complete)
    else:
        span = _span(start, end, group_by, timezone)
        subject = link_subject(link.id) if link else _subject()
        file = export.series_file(analytics.series(subject, span, bots))
    return csv_file.response(file, f"{report}-{link.short_code if link else 'all'}")
