"""The resource `/api/v1/domains/branded`: domains of customers, proven by DNS."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass

from jmpy.access.permission import Permission
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.domains import listing
from jmpy.domains.branded import BrandedDomains, BrandedSettings
from jmpy.domains.branded_errors import BrandedDomainsUnavailable, InvalidHost
from jmpy.domains.branded_request_schema import ClaimDomain
from jmpy.domains.branded_schema import BrandedDomainBody, BrandedDomainList
from jmpy.domains.errors import (
    DomainChanged,
    DomainConflict,
    DomainDoesNotServe,
    DomainExists,
    DomainHasLinks,
    DomainIsDeleted,
    DomainIsSuspended,
    DomainNotFound,
    DomainPageTooDeep,
    InvalidDomainUrl,
    NothingToChangeOfDomain,
    TooManyDomains,
)
from jmpy.domains.model import FIRST_VERSION, Described, Domain, DomainKind, Numbers
from jmpy.domains.query import DomainId, Force, Limit, Page
from jmpy.domains.removal_queue import RemovalQueue
from jmpy.domains.removals import DomainRemovals
from jmpy.domains.request_schema import UpdateDomain
from jmpy.domains.service import Domains
from jmpy.formats.deleted import DeletedResponse, Message
from jmpy.formats.envelope import Success
from jmpy.formats.times import iso
from jmpy.gateway import deployment_names
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
from jmpy.settings import ReadWriteTable, WriteTable
from jmpy.transaction import TransactionItem

BRANDED = "/api/v1/domains/branded"
ONE = f"{BRANDED}/<id>"
VERSION = (DomainNotFound, InvalidEntityTag, DomainChanged, DomainConflict)


@dataclass(frozen=True)
class Settings(ResourceSettings, BrandedSettings):
    links_table: ReadWriteTable
    usage_table: ReadWriteTable
    idempotency_table: ReadWriteTable
    audit_table: WriteTable
    domain_removals_queue_url: str


class BrandedDomainsApi(Resource):
    tag = "Branded domains"
    description = "Hosts of your own for short URLs, which you prove by DNS."

    def __init__(
        self, settings: Settings, dynamodb: DynamoDBOperations, queue: RemovalQueue
    ) -> None:
        super().__init__(settings, dynamodb)
        audit = AuditLog(dynamodb, settings.audit_table)
        self.branded = BrandedDomains(settings, dynamodb, settings.links_table, audit)
        self.domains = Domains(self.branded.store)
        self.removals = DomainRemovals(self.branded.store, audit, queue.add)
        self.idempotency = Idempotency(ResponseStore(dynamodb, settings.idempotency_table))

    @operation(
        "POST",
        BRANDED,
        permission=Permission.WRITE,
        limit=LimitClass.URL_CREATION,
        summary="Claim a branded domain",
        status=201,
        errors=(
            *WITH_BODY,
            BrandedDomainsUnavailable,
            InvalidHost,
            DomainExists,
            TooManyDomains,
            InvalidIdempotencyKey,
            IdempotencyMismatch,
        ),
        headers=("ETag",),
    )
    def claim_branded_domain(
        self, body: ClaimDomain, idempotency_key: IdempotencyKey = None
    ) -> Success[BrandedDomainBody]:
        """Any number of accounts can claim the same domain. Add the two DNS records of
        `verification`, then verify the claim; it is deleted if that does not happen within 30 days.
        With an `Idempotency-Key`, the request can be retried for a day, and each retry gets the
        original response."""
        rules = self.branded.rules(deployment_names.from_event(self.current_event.raw_event))

        def create(store: StoreResponse | None) -> Success[BrandedDomainBody]:
            def records(domain: Domain) -> list[TransactionItem]:
                return [store(self._created(domain).model_dump(mode="json"))] if store else []

            domain = self.branded.claims.create(
                self.account_id,
                body.new_claim(),
                rules=rules,
                limit=self.plans.get(self.caller.subscriber.plan).domains,
                by=self.origin,
                also=records,
            )
            return self._created(domain)

        sent = body.model_dump(mode="json", exclude_unset=True)
        scope = f"{self.account_id} POST {BRANDED}"
        response: Success[BrandedDomainBody] = self.idempotency.once(
            idempotency_key, scope, sent, create
        )
        self.set_header("ETag", entity_tag.for_version(FIRST_VERSION))  # of a stored response, too
        return response

    @operation(
        "GET",
        BRANDED,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="List branded domains",
        errors=(DomainPageTooDeep,),
    )
    def list_branded_domains(self, page: Page = 1, limit: Limit = 20) -> BrandedDomainList:
        """Newest first, claims included."""
        request = listing.Request(page, limit, DomainKind.BRANDED)
        found = self.domains.page(self.account_id, request)
        described = self.domains.described(found.domains)
        return BrandedDomainList.from_page(found, described, request, self.branded.verification)

    @operation(
        "GET",
        ONE,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Get a branded domain",
        errors=(DomainNotFound,),
        headers=("ETag",),
    )
    def get_branded_domain(self, domain_id: DomainId) -> Success[BrandedDomainBody]:
        return self._respond(self.domains.get(self.account_id, domain_id, DomainKind.BRANDED))

    @operation(
        "PATCH",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Update a branded domain",
        errors=(
            *VERSION,
            *WITH_BODY,
            DomainIsDeleted,
            NothingToChangeOfDomain,
            InvalidDomainUrl,
            DomainDoesNotServe,
        ),
        headers=("ETag",),
    )
    def update_branded_domain(
        self, domain_id: DomainId, body: UpdateDomain, if_match: IfMatch = None
    ) -> Success[BrandedDomainBody]:
        """Only the fields that are sent are changed; send at least one. `null` clears a field.
        Redirects follow within seconds."""
        changed = self.branded.changes.change(
            self.account_id,
            domain_id,
            body.update(),
            by=self.origin,
            kind=DomainKind.BRANDED,
            version=entity_tag.expected_version(if_match),
            own=deployment_names.from_event(self.current_event.raw_event),
        )
        return self._respond(changed)

    @operation(
        "POST",
        f"{ONE}/verify",
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Verify a branded domain",
        errors=(
            BrandedDomainsUnavailable,
            DomainNotFound,
            DomainIsDeleted,
            DomainIsSuspended,
            DomainConflict,
        ),
        headers=("ETag",),
    )
    def verify_branded_domain(self, domain_id: DomainId) -> Success[BrandedDomainBody]:
        """Looks the DNS records up by two resolvers, both of which have to see them. The response
        is the domain in either case: `is_verified` and `state` tell how far it is, and
        `verification.problem` what is missing. A domain that another account has verified becomes
        yours if your records are there and its TXT record is gone."""
        return self._respond(
            self.branded.verification.verify(self.account_id, domain_id, by=self.origin)
        )

    @operation(
        "DELETE",
        ONE,
        permission=Permission.DELETE,
        limit=LimitClass.URL_READS,
        summary="Delete a branded domain",
        errors=(*VERSION, DomainHasLinks, DomainIsSuspended),
    )
    def delete_branded_domain(
        self, domain_id: DomainId, force: Force = False, if_match: IfMatch = None
    ) -> DeletedResponse:
        """Or a claim. While short URLs or QR codes are on it, it is deleted only with `force=true`,
        together with its short URLs: none of them works from now on, and they are removed one after
        the other. Until that is done, the domain is `deleting`, and its `url_count` says how many
        remain. Remove its CNAME record from DNS as well."""
        removal = self.removals.remove(
            self.account_id,
            domain_id,
            by=self.origin,
            kind=DomainKind.BRANDED,
            version=entity_tag.expected_version(if_match),
            force=force,
        )
        message = Message(message=removal.message("domain"))
        return DeletedResponse(data=message, timestamp=iso(int(self.now)))

    def _respond(self, domain: Domain) -> Success[BrandedDomainBody]:
        self.set_header("ETag", entity_tag.for_version(domain.version))
        (described,) = self.domains.described([domain])
        return self._body(described)

    def _created(self, domain: Domain) -> Success[BrandedDomainBody]:
        return self._body(Described(domain, Numbers()))

    def _body(self, described: Described) -> Success[BrandedDomainBody]:
        return Success(data=BrandedDomainBody.from_described(described, self.branded.verification))


dynamodb = clients.dynamodb()
settings = Settings.from_environment()
queue = RemovalQueue(clients.sqs(), settings.domain_removals_queue_url)
resource = BrandedDomainsApi(settings, dynamodb, queue)
handler = resource.handle
