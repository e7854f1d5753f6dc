"""The resource `/api/v1/analytics`: clicks on all links of an account, and on each of them.

Most operations exist twice: for the account, and below it with `/<id>` for one link. Both of a pair
do the same with another subject, so what they do is written once, at the end.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
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
    TypeOfUrl,
    When,
    Zone,
)
from jmpy.analytics.ranking import LinkRanking
from jmpy.analytics.selection import Selection, UrlTypeFilter
from jmpy.analytics.service import AnalyticsService, Overview, Subject
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.clicks.counts import Counts
from jmpy.clicks.item import account_subject, link_subject
from jmpy.clicks.model import Bots
from jmpy.clicks.reader import ClickReader
from jmpy.domains.choice import DomainChoice
from jmpy.formats import csv_file
from jmpy.formats.envelope import Success
from jmpy.gateway import base_url, deployment_names
from jmpy.http.operation import operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.limits.plan import LimitClass
from jmpy.links import listing
from jmpy.links.errors import AmbiguousCode, LinkNotFound, UnknownDomain
from jmpy.links.model import Link
from jmpy.links.query import BrandedDomainOfLink, DomainOfCode, SubdomainOfLink, Tags
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.links.tags import wanted
from jmpy.settings import ReadTable, ReadWriteTable

ANALYTICS = "/api/v1/analytics"

_get = partial(operation, "GET", permission=Permission.ANALYTICS, limit=LimitClass.ANALYTICS)
_get_one = partial(_get, errors=(LinkNotFound, AmbiguousCode))
_dated = partial(_get, errors=(InvalidRange, TooManyLinks))
_dated_one = partial(_get, errors=(LinkNotFound, AmbiguousCode, InvalidRange))
_file = partial(_get, media_type=csv_file.MEDIA_TYPE, headers=csv_file.HEADERS)
_FILE_ERRORS = (InvalidRange, NoRangeOfClicks)


@dataclass(frozen=True)
class Settings(ResourceSettings):
    clicks_table: ReadTable
    links_table: ReadTable
    usage_table: ReadWriteTable
    click_detail_days: int


class Analytics(Resource):
    tag = "Analytics"
    description = "Clicks, available within seconds."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        self.store = LinkStore(dynamodb, settings.links_table)
        reader = ClickReader(dynamodb, settings.clicks_table)
        self.links = LinkService(self.store)
        self.analytics = AnalyticsService(reader)
        self.clicks = ClickList(reader, self.analytics, self.store, settings.click_detail_days)
        self.ranking = LinkRanking(self.store)

    @_get(
        f"{ANALYTICS}/click-details",
        summary="List clicks on all links",
        errors=(OffsetTooDeep, TooManyLinks),
    )
    def list_clicks(
        self,
        limit: ClickLimit = 100,
        offset: Offset = 0,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> ClickDetails:
        """Newest minute first, as far back as single clicks are retained."""
        selection = Selection.from_parameters(campaign_id, tags)
        return self._click_details(selection, limit, offset, bots)

    @_get(
        f"{ANALYTICS}/click-details/<id>",
        summary="List clicks on a link",
        errors=(LinkNotFound, AmbiguousCode, OffsetTooDeep),
    )
    def list_link_clicks(
        self,
        link: Reference,
        domain: DomainOfCode = None,
        limit: ClickLimit = 100,
        offset: Offset = 0,
        bots: Counted = ALL,
    ) -> ClickDetails:
        """Newest minute first, as far back as single clicks are retained."""
        return self._click_details(self._link(link, domain), limit, offset, bots)

    @_dated_one(f"{ANALYTICS}/analytics/<id>", summary="Get click metrics for a link")
    def get_link_metrics(  # noqa: PLR0917 - with the link, those of the contract
        self,
        link: Reference,
        domain: DomainOfCode = None,
        start_date: Start = None,
        end_date: End = None,
        group_by: Group = GroupBy.DAY,
        bots: Counted = ALL,
    ) -> schema.Metrics:
        """Covers all time unless `start_date` is set. Without an envelope, as in the public API."""
        now = self.now
        span = ranges.span_or_ever(start_date, end_date, group_by, now)
        found = self.analytics.activity(self._subject(self._link(link, domain)), span, now, bots)
        return schema.Metrics.from_activity(found, start_date, end_date, group_by, bots)

    @_get(f"{ANALYTICS}/recent", summary="List the newest links with their click counts")
    def list_recent_links(
        self, limit: Limit = 10, campaign_id: CampaignId = "", tags: Tags = "", bots: Counted = ALL
    ) -> Success[list[schema.RecentLink]]:
        """Newest first, with all clicks counted so far, whatever campaign the links were in."""
        matching = listing.Filter(campaign_id=campaign_id or None, tags=wanted(tags))
        found = self.links.page(
            self.account_id, listing.Request(limit=limit, filter=matching, bots=bots)
        )
        return Success(data=[schema.RecentLink.from_link(link) for link in found.links])

    @_get_one(f"{ANALYTICS}/geographic/<id>", summary="Get the countries of a link's clicks")
    def get_link_countries(
        self, link: Reference, domain: DomainOfCode = None, bots: Counted = ALL
    ) -> Success[schema.Locations]:
        """Covers all time."""
        return Success(
            data=schema.Locations.from_counts(
                self._counts_of_all_time(self._link(link, domain), bots)
            )
        )

    @_dated(f"{ANALYTICS}/referrers", summary="Get the referrers of all clicks")
    def get_referrers(  # noqa: PLR0917 - those of the operation
        self,
        days: DayCount = 30,
        date_range: Short = None,
        start_date: Start = None,
        end_date: End = None,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[schema.Referrers]:
        """`date_range` takes precedence over `days`."""
        selection = Selection.from_parameters(campaign_id, tags)
        span = period.short(date_range or days, start_date, end_date, self.now)
        return Success(
            data=schema.Referrers.from_counts(
                self.analytics.counts(self._subject(selection), span, bots)
            )
        )

    @_get(
        f"{ANALYTICS}/user-traffic-sources",
        summary="Get the traffic sources of clicks",
        errors=(InvalidRange, TooManyLinks, UnknownDomain),
    )
    def get_traffic_sources(  # noqa: PLR0917 - the parameters of the public contract
        self,
        date_range: Long = LongPeriod.ALL_TIME,
        start_date: Start = None,
        end_date: End = None,
        url_type: TypeOfUrl = UrlTypeFilter.ALL,
        subdomain: SubdomainOfLink = None,
        branded_domain: BrandedDomainOfLink = None,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[list[schema.TrafficSource]]:
        """Five kinds of sources. A domain selects the clicks on the links that are on it now."""
        span = period.long(date_range, start_date, end_date, self.now)
        host = self._host(subdomain, branded_domain)
        subject = self._subject(Selection.from_parameters(campaign_id, tags, url_type, host))
        return Success(data=schema.traffic_sources(self.analytics.counts(subject, span, bots)))

    @_get_one(f"{ANALYTICS}/traffic-quality/<id>", summary="Get the traffic quality of a link")
    def get_link_traffic_quality(
        self, link: Reference, domain: DomainOfCode = None, bots: Counted = ALL
    ) -> schema.TrafficQuality:
        """Covers all time. Without an envelope, as in the public API."""
        return schema.TrafficQuality.from_quality(
            quality_of(self._counts_of_all_time(self._link(link, domain), bots))
        )

    @_dated(f"{ANALYTICS}/overview", summary="Get an overview of the account's analytics")
    def get_overview(
        self,
        start_date: Start = None,
        end_date: End = None,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[reports.AccountOverview]:
        """Includes the preceding period for comparison, and the top countries, referrers,
        devices and links."""
        selection = Selection.from_parameters(campaign_id, tags)
        found = self._overview(selection, start_date, end_date, bots)
        top_links = self._top_links(found.report.counts, reports.TOP)
        return Success(data=reports.AccountOverview.from_overview(found, top_links=top_links))

    @_dated_one(f"{ANALYTICS}/overview/<id>", summary="Get an overview of a link's analytics")
    def get_link_overview(
        self,
        link: Reference,
        domain: DomainOfCode = None,
        start_date: Start = None,
        end_date: End = None,
        bots: Counted = ALL,
    ) -> Success[reports.LinkOverview]:
        """Includes the preceding period for comparison, and the top countries, referrers and
        devices."""
        return Success(
            data=reports.LinkOverview.from_overview(
                self._overview(self._link(link, domain), start_date, end_date, bots)
            )
        )

    @_dated(f"{ANALYTICS}/timeseries", summary="Get clicks on all links over time")
    def get_timeseries(  # noqa: PLR0917 - those of the operation
        self,
        start_date: Start = None,
        end_date: End = None,
        group_by: Group = GroupBy.DAY,
        timezone: Zone = "UTC",
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[reports.Timeseries]:
        """One point for every day or hour of the range, including those without clicks."""
        span = self._span(start_date, end_date, group_by, timezone)
        return self._timeseries(Selection.from_parameters(campaign_id, tags), span, bots)

    @_dated_one(f"{ANALYTICS}/timeseries/<id>", summary="Get clicks on a link over time")
    def get_link_timeseries(  # noqa: PLR0917 - with the link, those of the operation above
        self,
        link: Reference,
        domain: DomainOfCode = None,
        start_date: Start = None,
        end_date: End = None,
        group_by: Group = GroupBy.DAY,
        timezone: Zone = "UTC",
        bots: Counted = ALL,
    ) -> Success[reports.Timeseries]:
        """One point for every day or hour of the range, including those without clicks."""
        span = self._span(start_date, end_date, group_by, timezone)
        return self._timeseries(self._link(link, domain), span, bots)

    @_dated(f"{ANALYTICS}/devices", summary="Get the devices used to click all links")
    def get_devices(
        self,
        start_date: Start = None,
        end_date: End = None,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[reports.DeviceReport]:
        """Most used first."""
        counts = self._counts(
            Selection.from_parameters(campaign_id, tags), start_date, end_date, bots
        )
        return Success(data=reports.DeviceReport.from_counts(counts))

    @_dated_one(f"{ANALYTICS}/devices/<id>", summary="Get the devices used to click a link")
    def get_link_devices(
        self,
        link: Reference,
        domain: DomainOfCode = None,
        start_date: Start = None,
        end_date: End = None,
        bots: Counted = ALL,
    ) -> Success[reports.DeviceReport]:
        """Most used first."""
        return Success(
            data=reports.DeviceReport.from_counts(
                self._counts(self._link(link, domain), start_date, end_date, bots)
            )
        )

    @_dated(f"{ANALYTICS}/browsers", summary="Get the browsers used to click all links")
    def get_browsers(
        self,
        start_date: Start = None,
        end_date: End = None,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[reports.BrowserReport]:
        """Includes operating systems. Most used first."""
        counts = self._counts(
            Selection.from_parameters(campaign_id, tags), start_date, end_date, bots
        )
        return Success(data=reports.BrowserReport.from_counts(counts))

    @_dated_one(f"{ANALYTICS}/browsers/<id>", summary="Get the browsers used to click a link")
    def get_link_browsers(
        self,
        link: Reference,
        domain: DomainOfCode = None,
        start_date: Start = None,
        end_date: End = None,
        bots: Counted = ALL,
    ) -> Success[reports.BrowserReport]:
        """Includes operating systems. Most used first."""
        return Success(
            data=reports.BrowserReport.from_counts(
                self._counts(self._link(link, domain), start_date, end_date, bots)
            )
        )

    @_dated(f"{ANALYTICS}/utm", summary="Get the UTM parameters of all clicks")
    def get_utm(
        self,
        start_date: Start = None,
        end_date: End = None,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[reports.Utm]:
        """Taken from the query strings of the short URLs as they were clicked, by parameter."""
        counts = self._counts(
            Selection.from_parameters(campaign_id, tags), start_date, end_date, bots
        )
        return Success(data=reports.Utm.from_counts(counts))

    @_dated_one(f"{ANALYTICS}/utm/<id>", summary="Get the UTM parameters of a link's clicks")
    def get_link_utm(
        self,
        link: Reference,
        domain: DomainOfCode = None,
        start_date: Start = None,
        end_date: End = None,
        bots: Counted = ALL,
    ) -> Success[reports.Utm]:
        """Taken from the query strings of the short URL as it was clicked, by parameter."""
        return Success(
            data=reports.Utm.from_counts(
                self._counts(self._link(link, domain), start_date, end_date, bots)
            )
        )

    @_dated(f"{ANALYTICS}/top-links", summary="List the links with the most clicks")
    def list_top_links(  # noqa: PLR0917 - those of the operation
        self,
        limit: Limit = 10,
        start_date: Start = None,
        end_date: End = None,
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Success[reports.TopLinks]:
        """Only links that were clicked in the range."""
        counts = self._counts(
            Selection.from_parameters(campaign_id, tags), start_date, end_date, bots
        )
        return Success(data=reports.TopLinks.from_counts(counts, self._top_links(counts, limit)))

    @_file(
        f"{ANALYTICS}/export", summary="Export clicks as CSV", errors=(*_FILE_ERRORS, TooManyLinks)
    )
    def export_clicks(  # noqa: PLR0917 - those of the operation
        self,
        report: Reported = Report.TIMESERIES,
        start_date: Start = None,
        end_date: End = None,
        group_by: Group = GroupBy.DAY,
        timezone: Zone = "UTC",
        campaign_id: CampaignId = "",
        tags: Tags = "",
        bots: Counted = ALL,
    ) -> Response[str]:
        """Up to 10,000 rows and 4 MB; `X-Truncated: true` indicates that there were more."""
        selection = Selection.from_parameters(campaign_id, tags)
        return self._export(selection, report, start_date, end_date, group_by, timezone, bots)

    @_file(
        f"{ANALYTICS}/export/<id>",
        summary="Export clicks on a link as CSV",
        errors=(LinkNotFound, AmbiguousCode, *_FILE_ERRORS),
    )
    def export_link_clicks(  # noqa: PLR0917 - with the link, those of the operation above
        self,
        link: Reference,
        domain: DomainOfCode = None,
        report: Reported = Report.TIMESERIES,
        start_date: Start = None,
        end_date: End = None,
        group_by: Group = GroupBy.DAY,
        timezone: Zone = "UTC",
        bots: Counted = ALL,
    ) -> Response[str]:
        """Up to 10,000 rows and 4 MB; `X-Truncated: true` indicates that there were more."""
        found = self._link(link, domain)
        return self._export(found, report, start_date, end_date, group_by, timezone, bots)

    def _base_url(self) -> str:
        return base_url.from_event(self.current_event.raw_event)

    def _link(self, reference: str, domain: str | None) -> Link:
        """Raises LinkNotFound, AmbiguousCode."""
        host = deployment_names.named_host(self.current_event.raw_event, domain)
        return self.links.get(self.account_id, reference, host)

    def _host(self, subdomain: str | None, branded_domain: str | None) -> str | None:
        """Of the domain that a filter names; None without one. Raises UnknownDomain."""
        if subdomain is None and branded_domain is None:
            return None
        own = deployment_names.from_event(self.current_event.raw_event)
        return DomainChoice(subdomain, branded_domain).host(own)

    def _subject(self, of: Link | Selection) -> Subject:
        """Of a link, or of the selected clicks of the account. Raises TooManyLinks."""
        if isinstance(of, Selection):
            return of.subjects(self.store, self.account_id)
        return link_subject(of.id)

    def _span(
        self, start: When, end: When, group_by: GroupBy, timezone: str
    ) -> ranges.Days | ranges.Hours:
        return ranges.span(start, end, group_by, self.now, zone_of(timezone))

    def _counts(self, of: Link | Selection, start: When, end: When, bots: Bots) -> Counts:
        days = ranges.days(start, end, self.now)
        return self.analytics.counts(self._subject(of), days, bots)

    def _counts_of_all_time(self, link: Link, bots: Bots) -> Counts:
        return self.analytics.counts(link_subject(link.id), ranges.until(None, self.now), bots)

    def _overview(self, of: Link | Selection, start: When, end: When, bots: Bots) -> Overview:
        now = self.now
        days = ranges.days(start, end, now)
        return self.analytics.overview(self._subject(of), days, ranges.today(now), bots)

    def _timeseries(
        self, of: Link | Selection, span: ranges.Days | ranges.Hours, bots: Bots
    ) -> Success[reports.Timeseries]:
        return Success(
            data=reports.Timeseries.from_series(
                self.analytics.series(self._subject(of), span, bots)
            )
        )

    def _click_details(
        self, of: Link | Selection, limit: int, offset: int, bots: Bots
    ) -> ClickDetails:
        link, selected = self._clicks_of(of)
        page = self.clicks.page(
            self.account_id, link, limit, offset, now=self.now, bots=bots, selected=selected
        )
        return ClickDetails.from_page(page, limit, offset, self._base_url())

    def _clicks_of(self, of: Link | Selection) -> tuple[Link | None, tuple[str, ...] | None]:
        """The link, or the subjects of a selection; None of both: all clicks of the account."""
        if isinstance(of, Link):
            return of, None
        return None, of.subjects(self.store, self.account_id) if of else None

    def _top_links(self, counts: Counts, number: int) -> list[reports.TopLink]:
        ranked = self.ranking.top(self.account_id, counts, number)
        return [reports.TopLink.from_ranked(link, self._base_url()) for link in ranked]

    def _export(  # noqa: PLR0917 - those of the two operations
        self,
        of: Link | Selection,
        report: Report,
        start: When,
        end: When,
        group_by: GroupBy,
        timezone: str,
        bots: Bots,
    ) -> Response[str]:
        link, selected = self._clicks_of(of)
        if report is Report.CLICKS:
            export.reject_dates(start, end)
            found, is_complete = self.clicks.newest(
                self.account_id, link, now=self.now, bots=bots, selected=selected
            )
            file = export.clicks_file(found, self._base_url(), is_complete=is_complete)
        else:
            span = self._span(start, end, group_by, timezone)
            if link:
                selected = (link_subject(link.id),)
            subject = account_subject(self.account_id) if selected is None else selected
            file = export.series_file(self.analytics.series(subject, span, bots))
        return csv_file.response(file, f"{report}-{link.short_code if link else 'all'}")


dynamodb = clients.dynamodb()
resource = Analytics(Settings.from_environment(), dynamodb)
handler = resource.handle
