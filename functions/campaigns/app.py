"""The resource `/api/v1/campaigns`."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from jmpy.access.permission import Permission
from jmpy.analytics.errors import InvalidRange
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
from jmpy.campaigns.model import FIRST_VERSION, Campaign, Described, Numbers
from jmpy.campaigns.query import Counted, First, Force, Last, Name, Reference, Search, Status
from jmpy.campaigns.request_schema import CreateCampaign, UpdateCampaign
from jmpy.campaigns.schema import CampaignBody, CampaignList
from jmpy.campaigns.service import Campaigns
from jmpy.campaigns.store import CampaignStore
from jmpy.clicks.reader import ClickReader
from jmpy.formats.deleted import DeletedResponse, Message
from jmpy.formats.envelope import Success
from jmpy.formats.times import iso
from jmpy.http import entity_tag
from jmpy.http.entity_tag import InvalidEntityTag
from jmpy.http.if_match import IfMatch
from jmpy.http.operation import WITH_BODY, operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.idempotency.header import IdempotencyKey
from jmpy.idempotency.service import (
    Idempotency,
    IdempotencyMismatch,
    InvalidIdempotencyKey,
    StoreResponse,
)
from jmpy.idempotency.store import ResponseStore
from jmpy.limits.plan import LimitClass
from jmpy.settings import ReadTable, ReadWriteTable, WriteTable
from jmpy.transaction import TransactionItem

CAMPAIGNS = "/api/v1/campaigns"
ONE = f"{CAMPAIGNS}/<id>"
FIELDS = (*WITH_BODY, CampaignNameTaken, EndsBeforeStart)
VERSION = (CampaignNotFound, InvalidEntityTag, CampaignChanged, CampaignConflict)


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
        store = CampaignStore(dynamodb, settings.links_table)
        self.campaigns = Campaigns(store, ClickReader(dynamodb, settings.clicks_table))
        self.changes = CampaignChanges(store, AuditLog(dynamodb, settings.audit_table))
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
        counted: Counted = None,
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
        counted: Counted = None,
        start_date: First = None,
        end_date: Last = None,
    ) -> Success[CampaignBody]:
        """By its UUID, which takes precedence, or by its URL-encoded name."""
        span = statistics.span(counted, start_date, end_date, self.now)
        return self._respond(self.campaigns.get(self.account_id, reference, span))

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

    def _created(self, campaign: Campaign) -> Success[CampaignBody]:
        return Success(data=self._body(Described(campaign, Numbers())))

    def _body(self, described: Described) -> CampaignBody:
        return CampaignBody.from_described(described, self.now)

    def _respond(self, described: Described) -> Success[CampaignBody]:
        self.set_header("ETag", entity_tag.for_version(described.campaign.version))
        return Success(data=self._body(described))


dynamodb = clients.dynamodb()
resource = CampaignsApi(Settings.from_environment(), dynamodb)
handler = resource.handle
