"""The resource `/api/v1/domains`: subdomains of the operator's zone, and files of all domains."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass

from jmpy.access.permission import Permission
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.domains import listing
from jmpy.domains.changes import DomainChanges
from jmpy.domains.errors import (
    DomainChanged,
    DomainConflict,
    DomainDoesNotServe,
    DomainExists,
    DomainHasLinks,
    DomainIsDeleted,
    DomainIsSuspended,
    DomainNotFound,
    DomainNotProven,
    DomainPageTooDeep,
    FileNotFound,
    FileTooLong,
    InvalidDomainUrl,
    InvalidSubdomain,
    NothingToChangeOfDomain,
    SubdomainsUnavailable,
    SubdomainTaken,
    TooManyDomains,
)
from jmpy.domains.files import Content, DomainFiles
from jmpy.domains.model import FIRST_VERSION, Described, Domain, DomainKind, Numbers, WellKnownFile
from jmpy.domains.query import DomainId, FileName, Force, Limit, Page, Subdomain
from jmpy.domains.removal_queue import RemovalQueue
from jmpy.domains.removals import DomainRemovals
from jmpy.domains.request_schema import CreateSubdomain, PutFile, UpdateDomain
from jmpy.domains.schema import FileBody, SubdomainAvailability, SubdomainBody, SubdomainList
from jmpy.domains.service import Domains
from jmpy.domains.store import DomainStore
from jmpy.formats.deleted import DeletedResponse, Message
from jmpy.formats.envelope import Success
from jmpy.formats.times import iso
from jmpy.gateway import base_url, deployment_names
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
from jmpy.links import short_url
from jmpy.settings import ReadWriteTable, WriteTable
from jmpy.transaction import TransactionItem

SUBDOMAINS = "/api/v1/domains/subdomains"
ONE = f"{SUBDOMAINS}/<id>"
FILE = "/api/v1/domains/<id>/files/<name>"
OF_FILE = (DomainNotFound, FileNotFound)
VERSION = (DomainNotFound, InvalidEntityTag, DomainChanged, DomainConflict)


@dataclass(frozen=True)
class Settings(ResourceSettings):
    links_table: ReadWriteTable
    usage_table: ReadWriteTable
    idempotency_table: ReadWriteTable
    audit_table: WriteTable
    subdomain_zone: str
    """Such as `go.example.com`; empty: there are no subdomains."""
    domain_removals_queue_url: str


class DomainsApi(Resource):
    tag = "Domains"
    description = "Hosts of your own for short URLs, with codes of their own."

    def __init__(
        self, settings: Settings, dynamodb: DynamoDBOperations, queue: RemovalQueue
    ) -> None:
        super().__init__(settings, dynamodb)
        self.zone = settings.subdomain_zone
        store = DomainStore(dynamodb, settings.links_table)
        self.domains = Domains(store)
        audit = AuditLog(dynamodb, settings.audit_table)
        self.changes = DomainChanges(store, audit)
        self.files = DomainFiles(store, audit)
        self.removals = DomainRemovals(store, audit, queue.add)
        self.idempotency = Idempotency(ResponseStore(dynamodb, settings.idempotency_table))

    @operation(
        "POST",
        SUBDOMAINS,
        permission=Permission.WRITE,
        limit=LimitClass.URL_CREATION,
        summary="Create a subdomain",
        status=201,
        errors=(
            *WITH_BODY,
            SubdomainsUnavailable,
            InvalidSubdomain,
            SubdomainTaken,
            DomainExists,
            TooManyDomains,
            InvalidIdempotencyKey,
            IdempotencyMismatch,
        ),
        headers=("ETag",),
    )
    def create_subdomain(
        self, body: CreateSubdomain, idempotency_key: IdempotencyKey = None
    ) -> Success[SubdomainBody]:
        """Short URLs on it work at once. With an `Idempotency-Key`, the request can be retried for
        a day, and each retry gets the original response."""

        def create(store: StoreResponse | None) -> Success[SubdomainBody]:
            def records(domain: Domain) -> list[TransactionItem]:
                return [store(_created(domain).model_dump(mode="json"))] if store else []

            domain = self.changes.create_subdomain(
                self.account_id,
                body.new_subdomain(),
                zone=self.zone,
                limit=self.plans.get(self.caller.subscriber.plan).domains,
                by=self.origin,
                also=records,
            )
            return _created(domain)

        sent = body.model_dump(mode="json", exclude_unset=True)
        scope = f"{self.account_id} POST {SUBDOMAINS}"
        response: Success[SubdomainBody] = self.idempotency.once(
            idempotency_key, scope, sent, create
        )
        self.set_header("ETag", entity_tag.for_version(FIRST_VERSION))  # of a stored response, too
        return response

    @operation(
        "GET",
        SUBDOMAINS,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="List subdomains",
        errors=(DomainPageTooDeep,),
    )
    def list_subdomains(self, page: Page = 1, limit: Limit = 20) -> SubdomainList:
        """Newest first."""
        request = listing.Request(page, limit, DomainKind.SUBDOMAIN)
        found = self.domains.page(self.account_id, request)
        described = self.domains.described(found.domains)
        return SubdomainList.from_page(found, described, request)

    @operation(
        "GET",
        ONE,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Get a subdomain",
        errors=(DomainNotFound,),
        headers=("ETag",),
    )
    def get_subdomain(self, domain_id: DomainId) -> Success[SubdomainBody]:
        return self._respond(self.domains.get(self.account_id, domain_id, DomainKind.SUBDOMAIN))

    @operation(
        "PATCH",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Update a subdomain",
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
    def update_subdomain(
        self, domain_id: DomainId, body: UpdateDomain, if_match: IfMatch = None
    ) -> Success[SubdomainBody]:
        """Only the fields that are sent are changed; send at least one. `null` clears a field.
        Redirects follow within seconds."""
        changed = self.changes.change(
            self.account_id,
            domain_id,
            body.update(),
            by=self.origin,
            kind=DomainKind.SUBDOMAIN,
            version=entity_tag.expected_version(if_match),
            own=deployment_names.from_event(self.current_event.raw_event),
        )
        return self._respond(changed)

    @operation(
        "DELETE",
        ONE,
        permission=Permission.DELETE,
        limit=LimitClass.URL_READS,
        summary="Delete a subdomain",
        errors=(*VERSION, DomainHasLinks, DomainIsSuspended),
    )
    def delete_subdomain(
        self, domain_id: DomainId, force: Force = False, if_match: IfMatch = None
    ) -> DeletedResponse:
        """While short URLs or QR codes are on it, it is deleted only with `force=true`, together
        with its short URLs: none of them works from now on, and they are removed one after the
        other. Until that is done, the subdomain is `deleting`, and its `url_count` says how many
        remain. Its name is held for your account for 30 days."""
        removal = self.removals.remove(
            self.account_id,
            domain_id,
            by=self.origin,
            kind=DomainKind.SUBDOMAIN,
            version=entity_tag.expected_version(if_match),
            force=force,
        )
        message = Message(message=removal.message("subdomain"))
        return DeletedResponse(data=message, timestamp=iso(int(self.now)))

    @operation(
        "GET",
        "/api/v1/domains/check-subdomain/<subdomain>",
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Check whether a subdomain is available",
        errors=(SubdomainsUnavailable,),
    )
    def check_subdomain(self, subdomain: Subdomain) -> Success[SubdomainAvailability]:
        """If the subdomain is not available, `message` explains why. One that was deleted is held
        for its account for 30 days."""
        subdomain = subdomain.strip()
        try:
            state = self.domains.availability(self.account_id, subdomain, self.zone)
        except InvalidSubdomain as error:
            return Success(data=SubdomainAvailability.invalid(subdomain, str(error)))
        return Success(data=SubdomainAvailability.from_state(state, subdomain))

    @operation(
        "PUT",
        FILE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Set a well-known file of a domain",
        errors=(
            *OF_FILE,
            *WITH_BODY,
            FileTooLong,
            DomainNotProven,
            DomainIsDeleted,
            DomainConflict,
        ),
    )
    def put_domain_file(
        self, domain_id: DomainId, name: FileName, body: PutFile
    ) -> Success[FileBody]:
        """It says which app opens the short URLs of the domain, and is served without a redirect
        from `/.well-known/` on the domain. It replaces the one that was there."""
        domain = self.files.put(self.account_id, domain_id, name, body.content, by=self.origin)
        return self._file(domain, name, body.content)

    @operation(
        "GET",
        FILE,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Get a well-known file of a domain",
        errors=OF_FILE,
    )
    def get_domain_file(self, domain_id: DomainId, name: FileName) -> Success[FileBody]:
        domain, content = self.files.get(self.account_id, domain_id, name)
        return self._file(domain, name, content)

    @operation(
        "DELETE",
        FILE,
        permission=Permission.DELETE,
        limit=LimitClass.URL_READS,
        summary="Delete a well-known file of a domain",
        errors=(*OF_FILE, DomainNotProven, DomainIsDeleted, DomainConflict),
    )
    def delete_domain_file(self, domain_id: DomainId, name: FileName) -> DeletedResponse:
        """Phones may have cached it for longer than this service does."""
        domain = self.files.remove(self.account_id, domain_id, name, by=self.origin)
        message = Message(message=f"The file {name} of {domain.host} was deleted")
        return DeletedResponse(data=message, timestamp=iso(int(self.now)))

    def _file(self, domain: Domain, name: str, content: Content) -> Success[FileBody]:
        address = base_url.from_event(self.current_event.raw_event)
        url = f"{short_url.site(address, domain.host)}/.well-known/{name}"
        return Success(data=FileBody(name=WellKnownFile(name), url=url, content=content))

    def _respond(self, domain: Domain) -> Success[SubdomainBody]:
        self.set_header("ETag", entity_tag.for_version(domain.version))
        (described,) = self.domains.described([domain])
        return Success(data=SubdomainBody.from_described(described))


def _created(domain: Domain) -> Success[SubdomainBody]:
    return Success(data=SubdomainBody.from_described(Described(domain, Numbers())))


dynamodb = clients.dynamodb()
settings = Settings.from_environment()
queue = RemovalQueue(clients.sqs(), settings.domain_removals_queue_url)
resource = DomainsApi(settings, dynamodb, queue)
handler = resource.handle
