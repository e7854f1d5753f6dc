"""The resource `/api/v1/campaigns`."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from jmpy.access.permission import Permission
from jmpy.analytics.date_range import GroupBy
from jmpy.analytics.errors import InvalidRange
from jmpy.analytics.query import ALL, Counted, End, Group, Start
from jmpy.analytics.ranking import LinkRanking
from jmpy.analytics.report_schema import CampaignReport
from jmpy.analytics.service import AnalyticsService
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.campaigns import listing, statistics
from jmpy.campaigns.changes import CampaignChanges
from jmpy.campaigns.errors import (
    CampaignChanged,
    CampaignConflict,
    CampaignHasLinks,
    CampaignNameTaken,
    CampaignNotFound,
    CampaignPageTooDeep,
    EndsBeforeStart,
    NothingToChangeOfCampaign,
)
from jmpy.campaigns.link_schema import AssignLinks, Assignments, CampaignLinkList
from jmpy.campaigns.links import CampaignLinks
from jmpy.campaigns.model import FIRST_VERSION, Campaign, Described, Numbers
from jmpy.campaigns.query import (
    CountedRange,
    First,
    Force,
    Last,
    LinkReference,
    Name,
    Reference,
    Reported,
    Search,
    Status,
)
from jmpy.campaigns.report import CampaignReports
from jmpy.campaigns.request_schema import CreateCampaign, UpdateCampaign
from jmpy.campaigns.schema import CampaignBody, CampaignList
from jmpy.campaigns.service import Campaigns
from jmpy.clicks.model import Bots
from jmpy.clicks.reader import ClickReader
from jmpy.formats.deleted import DeletedResponse, Message
from jmpy.formats.envelope import Success
from jmpy.formats.times import iso
from jmpy.gateway import base_url, deployment_names
from jmpy.gateway.own_names import OwnNames
from jmpy.http import entity_tag
from jmpy.http.entity_tag import InvalidEntityTag
from jmpy.http.if_match import IfMatch
from jmpy.http.operation import WITH_BODY, operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.idempotency.header import IdempotencyKey, UnusedIdempotencyKey
from jmpy.idempotency.service import (
    Idempotency,
    IdempotencyMismatch,
    InvalidIdempotencyKey,
    StoreResponse,
)
from jmpy.idempotency.store import ResponseStore
from jmpy.limits.plan import LimitClass
from jmpy.links import listing as link_listing
from jmpy.links.changes import LinkChanges
from jmpy.links.errors import (
    AmbiguousCode,
    InvalidCursor,
    LinkChanged,
    LinkConflict,
    LinkNotFound,
    PageTooDeep,
)
from jmpy.links.model import Link
from jmpy.links.query import CountedBots, Cursor, DomainOfCode
from jmpy.links.schema import LinkBody
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.settings import ReadTable, ReadWriteTable, WriteTable
from jmpy.transaction import TransactionItem

CAMPAIGNS = "/api/v1/campaigns"
ONE = f"{CAMPAIGNS}/<id>"
SHORT_URLS = f"{ONE}/urls"
ONE_SHORT_URL = f"{SHORT_URLS}/<link_id>"
FIELDS = (*WITH_BODY, CampaignNameTaken, EndsBeforeStart)
VERSION = (CampaignNotFound, InvalidEntityTag, CampaignChanged, CampaignConflict)
LINK_VERSION = (
    CampaignNotFound,
    LinkNotFound,
    AmbiguousCode,
    InvalidEntityTag,
    LinkChanged,
    LinkConflict,
)


@dataclass(frozen=True)
class Settings(ResourceSettings):
    links_table: ReadWriteTable
    clicks_table: ReadTable
    usage_table: ReadWriteTable
    idempotency_table: ReadWriteTable
    audit_table: WriteTable


class CampaignsApi(Resource):
    tag = "Campaigns"
    description = "Group short URLs, and count the clicks on them together."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        audit = AuditLog(dynamodb, settings.audit_table)
        link_store = LinkStore(dynamodb, settings.links_table)
        store = link_store.campaigns
        self.links = LinkService(link_store)
        clicks = ClickReader(dynamodb, settings.clicks_table)
        self.campaigns = Campaigns(store, clicks)
        ranking = LinkRanking(link_store)
        self.reports = CampaignReports(store, AnalyticsService(clicks), ranking)
        self.changes = CampaignChanges(store, audit)
        link_changes = LinkChanges(self.links, link_store, audit)
        self.members = CampaignLinks(link_store, self.links, link_changes)
        self.idempotency = Idempotency(ResponseStore(dynamodb, settings.idempotency_table))

    @operation(
        "POST",
        CAMPAIGNS,
        permission=Permission.WRITE,
        limit=LimitClass.URL_CREATION,
        summary="Create a campaign",
        status=201,
        errors=(*FIELDS, InvalidIdempotencyKey, IdempotencyMismatch),
        headers=("ETag",),
    )
    def create_campaign(
        self, body: CreateCampaign, idempotency_key: IdempotencyKey = None
    ) -> Success[CampaignBody]:
        """With an `Idempotency-Key`, the request can be retried for a day: it creates one campaign,
        and each retry gets the original response."""

        def create(store: StoreResponse | None) -> Success[CampaignBody]:
            def records(campaign: Campaign) -> list[TransactionItem]:
                return [store(self._created(campaign).model_dump(mode="json"))] if store else []

            campaign = self.changes.create(
                self.account_id, body.new_campaign(), by=self.origin, also=records
            )
            return self._created(campaign)

        sent = body.model_dump(mode="json", exclude_unset=True)
        scope = f"{self.account_id} POST {CAMPAIGNS}"
        response: Success[CampaignBody] = self.idempotency.once(
            idempotency_key, scope, sent, create
        )
        self.set_header("ETag", entity_tag.for_version(FIRST_VERSION))  # of a stored response, too
        return response

    @operation(
        "GET",
        CAMPAIGNS,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="List campaigns",
        errors=(CampaignPageTooDeep, InvalidRange),
    )
    def list_campaigns(  # noqa: PLR0917 - the parameters of the public contract
        self,
        page: Annotated[
            int, Query(ge=1, le=1_000_000, description="Page number, starting at 1")
        ] = 1,
        limit: Annotated[int, Query(ge=1, le=100, description="Campaigns per page")] = 20,
        status: Status = None,
        search: Search = None,
        name: Name = None,
        counted: CountedRange = None,
        start_date: First = None,
        end_date: Last = None,
    ) -> CampaignList:
        """Newest first. The range restricts which clicks are counted, not which campaigns are
        listed. Parameter names in camelCase are accepted, too."""
        request = listing.Request(
            page=page,
            limit=limit,
            filter=listing.Filter(status=status, search=search or name),
            span=statistics.span(counted, start_date, end_date, self.now),
        )
        found, total = self.campaigns.page(self.account_id, request)
        return CampaignList.from_page(found, total, request, self.now)

    @operation(
        "GET",
        ONE,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Get a campaign",
        errors=(CampaignNotFound, InvalidRange),
        headers=("ETag",),
    )
    def get_campaign(
        self,
        reference: Reference,
        counted: CountedRange = None,
        start_date: First = None,
        end_date: Last = None,
    ) -> Success[CampaignBody]:
        """By its UUID, which takes precedence, or by its URL-encoded name."""
        span = statistics.span(counted, start_date, end_date, self.now)
        return self._respond(self.campaigns.get(self.account_id, reference, span))

    @operation(
        "GET",
        f"{ONE}/analytics",
        permission=Permission.ANALYTICS,
        limit=LimitClass.ANALYTICS,
        summary="Get the analytics of a campaign",
        errors=(CampaignNotFound, InvalidRange),
    )
    def get_campaign_analytics(  # noqa: PLR0917 - those of the analytics of a link
        self,
        reference: Reference,
        reported: Reported = None,
        start_date: Start = None,
        end_date: End = None,
        group_by: Group = GroupBy.DAY,
        bots: Counted = ALL,
    ) -> Success[CampaignReport]:
        """Clicks on short URLs while they were in it, since it was created unless a range is set:
        over time, and by way, country, device, browser, operating system, referrer and short
        URL."""
        span = statistics.span(reported, start_date, end_date, self.now)
        found = self.reports.get(self.account_id, reference, span, group_by, bots, now=self.now)
        address = base_url.from_event(self.current_event.raw_event)
        return Success(data=CampaignReport.from_figures(found, address))

    @operation(
        "PUT",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Update a campaign",
        errors=(*VERSION, *FIELDS, NothingToChangeOfCampaign),
        headers=("ETag",),
    )
    @operation(
        "PATCH",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Update a campaign",
        errors=(*VERSION, *FIELDS, NothingToChangeOfCampaign),
        headers=("ETag",),
    )
    def update_campaign(
        self, reference: Reference, body: UpdateCampaign, if_match: IfMatch = None
    ) -> Success[CampaignBody]:
        """Only the fields that are sent are changed; send at least one. `null` clears a field.
        PUT and PATCH behave the same."""
        version = entity_tag.expected_version(if_match)
        changed = self.changes.change(
            self.account_id, reference, body.update(), by=self.origin, version=version
        )
        return self._respond(self.campaigns.described(self.account_id, [changed])[0])

    @operation(
        "DELETE",
        ONE,
        permission=Permission.DELETE,
        limit=LimitClass.URL_READS,
        summary="Delete a campaign",
        errors=(*VERSION, CampaignHasLinks),
    )
    def delete_campaign(
        self, reference: Reference, force: Force = False, if_match: IfMatch = None
    ) -> DeletedResponse:
        """Its short URLs are never deleted with it. While it has any, it is deleted only with
        `force=true`, which takes them out of it."""
        version = entity_tag.expected_version(if_match)
        deleted = self.changes.remove(
            self.account_id, reference, by=self.origin, version=version, force=force
        )
        message = Message(message=f"The campaign {deleted.name} was deleted")
        return DeletedResponse(data=message, timestamp=iso(int(self.now)))

    @operation(
        "GET",
        SHORT_URLS,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="List the short URLs of a campaign",
        errors=(CampaignNotFound, InvalidCursor, PageTooDeep),
    )
    def list_campaign_short_urls(
        self,
        reference: Reference,
        page: Annotated[
            int, Query(ge=1, le=1_000_000, description="Page number, starting at 1")
        ] = 1,
        limit: Annotated[int, Query(ge=1, le=100, description="Short URLs per page")] = 20,
        cursor: Cursor = None,
        bots: CountedBots = Bots.INCLUDE,
    ) -> CampaignLinkList:
        """Newest first. A page costs the same however many short URLs the account has."""
        request = link_listing.Request(page=page, limit=limit, cursor=cursor, bots=bots)
        found = self.members.page(self.account_id, reference, request)
        return CampaignLinkList.from_page(found, request, self._base_url(), self.now)

    @operation(
        "POST",
        SHORT_URLS,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        cost=None,
        summary="Add short URLs to a campaign",
        errors=(CampaignNotFound, *WITH_BODY),
    )
    def add_campaign_short_urls(
        self,
        reference: Reference,
        body: AssignLinks,
        _idempotency_key: UnusedIdempotencyKey = None,
    ) -> Success[Assignments]:
        """Up to a hundred, each with its outcome; those that fail do not affect the others. A short
        URL is in one campaign: it leaves the one that it was in."""
        self.consume(LimitClass.URL_READS, len(body.short_urls))
        assigned = self.members.assign_each(
            self.account_id, reference, body.short_urls, by=self.origin, own=self._own()
        )
        return Success(data=Assignments.from_assignments(assigned))

    @operation(
        "PUT",
        ONE_SHORT_URL,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Add a short URL to a campaign",
        errors=LINK_VERSION,
        headers=("ETag",),
    )
    def add_campaign_short_url(
        self,
        reference: Reference,
        link: LinkReference,
        domain: DomainOfCode = None,
        if_match: IfMatch = None,
    ) -> Success[LinkBody]:
        """It leaves the campaign that it was in. In that campaign already, it stays as it is.
        `If-Match` and `ETag` are the short URL's."""
        version = entity_tag.expected_version(if_match)
        assigned = self.members.assign(
            self.account_id,
            reference,
            link,
            by=self.origin,
            host=self._named(domain),
            version=version,
        )
        return self._respond_with(assigned)

    @operation(
        "DELETE",
        ONE_SHORT_URL,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Remove a short URL from a campaign",
        errors=LINK_VERSION,
        headers=("ETag",),
    )
    def remove_campaign_short_url(
        self,
        reference: Reference,
        link: LinkReference,
        domain: DomainOfCode = None,
        if_match: IfMatch = None,
    ) -> Success[LinkBody]:
        """The short URL remains, in no campaign. One that is in another campaign stays there.
        `If-Match` and `ETag` are the short URL's."""
        version = entity_tag.expected_version(if_match)
        removed = self.members.remove(
            self.account_id,
            reference,
            link,
            by=self.origin,
            host=self._named(domain),
            version=version,
        )
        return self._respond_with(removed)

    def _base_url(self) -> str:
        return base_url.from_event(self.current_event.raw_event)

    def _own(self) -> OwnNames:
        return deployment_names.from_event(self.current_event.raw_event)

    def _named(self, domain: str | None) -> str | None:
        return deployment_names.named_host(self.current_event.raw_event, domain)

    def _created(self, campaign: Campaign) -> Success[CampaignBody]:
        return Success(data=self._body(Described(campaign, Numbers())))

    def _body(self, described: Described) -> CampaignBody:
        return CampaignBody.from_described(described, self.now)

    def _respond(self, described: Described) -> Success[CampaignBody]:
        self.set_header("ETag", entity_tag.for_version(described.campaign.version))
        return Success(data=self._body(described))

    def _respond_with(self, link: Link) -> Success[LinkBody]:
        self.set_header("ETag", entity_tag.for_version(link.version))
        return Success(data=LinkBody.from_link(link, self._base_url(), self.now))


dynamodb = clients.dynamodb()
resource = CampaignsApi(Settings.from_environment(), dynamodb)
handler = resource.handle
