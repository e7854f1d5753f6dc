"""The resources `/api/v1/short-urls` and `/api/v1/held-aliases`."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import ValidationError

from jmpy.access.permission import Permission
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.clicks.model import Bots
from jmpy.domains.choice import DomainChoice, UrlType
from jmpy.formats import csv_file
from jmpy.formats.deleted import DeletedResponse, Message
from jmpy.formats.envelope import Success
from jmpy.formats.time_range import ReversedRange
from jmpy.formats.times import iso, seconds
from jmpy.gateway import base_url, deployment_names
from jmpy.gateway.own_names import OwnNames
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
from jmpy.links import codes, listing
from jmpy.links import export as link_export
from jmpy.links.alias_schema import AliasAvailability, HeldAlias, HeldAliasPage
from jmpy.links.changes import LinkChanges
from jmpy.links.domain_schema import WithDomain
from jmpy.links.errors import (
    AliasNotHeld,
    AliasTaken,
    AmbiguousCode,
    ChangeOfTakenDown,
    ExpiryPassed,
    InvalidAlias,
    InvalidCursor,
    InvalidDestination,
    InvalidPassword,
    LinkChanged,
    LinkConflict,
    LinkNotFound,
    NothingToChange,
    PageTooDeep,
    UnknownDomain,
)
from jmpy.links.fields import Destination
from jmpy.links.held import HeldAliases
from jmpy.links.held_store import HeldCodeStore
from jmpy.links.model import FIRST_VERSION, Link, LinkStatus
from jmpy.links.query import (
    BrandedDomainOfLink,
    CampaignId,
    CountedBots,
    CreatedFrom,
    CreatedUntil,
    Cursor,
    DomainOfCode,
    DomainOfHeld,
    FileCursor,
    HeldCursor,
    QrFormat,
    QrFormatOfPage,
    Reference,
    Release,
    Safety,
    Search,
    Source,
    Status,
    SubdomainOfLink,
    Tags,
    UrlTypeOfLink,
    WithQrCode,
)
from jmpy.links.request_schema import CreateLink, UpdateLink
from jmpy.links.safety import SafetyStatus
from jmpy.links.schema import (
    LinkBody,
    LinkList,
    LinkPage,
    LinkPageResponse,
    Pagination,
)
from jmpy.links.service import LinkService
from jmpy.links.short_url import short_url
from jmpy.links.store import LinkStore
from jmpy.links.tags import wanted
from jmpy.qr.store import QrCodeStore
from jmpy.qr.with_links import QrCodesOfLinks, ShownQrCode, image_of, shown
from jmpy.settings import ReadWriteTable, WriteTable
from jmpy.transaction import TransactionItem
from jmpy.uuid7 import uuid7

SHORT_URLS = "/api/v1/short-urls"
ONE = f"{SHORT_URLS}/<id>"
HELD_ALIASES = "/api/v1/held-aliases"
FIELDS = (
    *WITH_BODY,
    AliasTaken,
    ExpiryPassed,
    InvalidAlias,
    InvalidDestination,
    InvalidPassword,
    UnknownDomain,
)
CHANGE = (*FIELDS, NothingToChange, ChangeOfTakenDown)
IDEMPOTENCY = (InvalidIdempotencyKey, IdempotencyMismatch)
FOUND = (LinkNotFound, AmbiguousCode, InvalidEntityTag, LinkChanged, LinkConflict)


@dataclass(frozen=True)
class Settings(ResourceSettings):
    links_table: ReadWriteTable
    usage_table: ReadWriteTable
    idempotency_table: ReadWriteTable
    audit_table: WriteTable


class ShortUrls(Resource):
    tag = "Links"
    description = "Create, find, update and delete short URLs."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        audit = AuditLog(dynamodb, settings.audit_table)
        store = LinkStore(dynamodb, settings.links_table)
        self.links = LinkService(store)
        self.qr_codes = QrCodesOfLinks(QrCodeStore(dynamodb, settings.links_table))
        self.changes = LinkChanges(self.links, store, audit)
        self.held = HeldAliases(HeldCodeStore(dynamodb, settings.links_table), audit)
        self.idempotency = Idempotency(ResponseStore(dynamodb, settings.idempotency_table))

    @operation(
        "POST",
        SHORT_URLS,
        permission=Permission.WRITE,
        limit=LimitClass.URL_CREATION,
        summary="Create a short URL",
        status=201,
        errors=(*FIELDS, *IDEMPOTENCY),
        headers=("ETag",),
    )
    def create_short_url(
        self, body: CreateLink, idempotency_key: IdempotencyKey = None
    ) -> Success[LinkBody]:
        """Without `custom_alias`, a random code of seven characters is generated. With an
        `Idempotency-Key`, the request can be retried for a day: it creates one short URL, and each
        retry gets the original response."""

        qr_id = uuid7(self.now) if body.qrCode else None

        def create(store: StoreResponse | None) -> Success[LinkBody]:
            responses: list[Success[LinkBody]] = []
            """One for each attempt: its QR code is drawn once, to be stored and sent."""

            def records(link: Link) -> list[TransactionItem]:
                qr_code = self._created_qr_code(link, body.qrFormat)
                responses.append(Success(data=self._body(link, qr_code)))
                stored = [store(responses[-1].model_dump(mode="json"))] if store else []
                return [*self.qr_codes.created(link, self._base_url()), *stored]

            with body.at_its_field():
                host = self.links.host_of_new(self.account_id, body.host(self._own()))
                new = body.new_link(host, qr_id)
                self.links.create(self.account_id, new, self._own(), also=records)
            return responses[-1]

        sent = body.model_dump(mode="json", exclude_unset=True)
        scope = f"{self.account_id} POST {SHORT_URLS}"
        response: Success[LinkBody] = self.idempotency.once(idempotency_key, scope, sent, create)
        self.set_header("ETag", entity_tag.for_version(FIRST_VERSION))  # of a stored response, too
        return response

    @operation(
        "GET",
        SHORT_URLS,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="List short URLs",
        errors=(InvalidCursor, PageTooDeep, UnknownDomain, ReversedRange),
    )
    def list_short_urls(  # noqa: PLR0917 - the parameters of the public contract
        self,
        page: Annotated[
            int, Query(ge=1, le=1_000_000, description="Page number, starting at 1")
        ] = 1,
        limit: Annotated[int, Query(ge=1, le=100, description="Short URLs per page")] = 20,
        sort: Annotated[listing.Sort, Query(description="Sort by")] = listing.Sort.CREATED_AT,
        order: Annotated[Literal["asc", "desc"], Query(description="Sort order")] = "desc",
        cursor: Cursor = None,
        bots: CountedBots = Bots.INCLUDE,
        search: Search = None,
        status: Status = None,
        safety_status: Safety = None,
        campaign_id: CampaignId = None,
        tags: Tags = "",
        source: Source = None,
        start_date: CreatedFrom = None,
        end_date: CreatedUntil = None,
        url_type: UrlTypeOfLink = None,
        subdomain: SubdomainOfLink = None,
        branded_domain: BrandedDomainOfLink = None,
        qr_code: WithQrCode = False,
        qr_format: QrFormatOfPage = QrFormat.IMAGE,
    ) -> LinkPageResponse:
        """Newest first, unless `sort` and `order` are set. Parameter names in camelCase are
        accepted, too."""
        matching = _filter(
            search, status, safety_status, campaign_id, tags, source, start_date, end_date,
            url_type, self._host(subdomain, branded_domain),
        )  # fmt: skip
        request = listing.Request(
            page=page,
            limit=limit,
            sort=sort,
            descending=order == "desc",
            filter=matching,
            cursor=cursor,
            bots=bots,
        )
        found = self.links.page(self.account_id, request)
        pagination = Pagination.from_page(found, request)
        bodies = self._bodies(found.links, qr_format if qr_code else None)
        data = LinkPage(shortUrls=bodies, pagination=pagination)
        return LinkPageResponse(data=data, pagination=pagination)

    @operation(
        "GET",
        f"{SHORT_URLS}/check-alias",
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Check whether an alias is available",
        errors=(UnknownDomain,),
    )
    def check_alias(
        self,
        alias: Annotated[str, Query(max_length=2048, description="The alias to check")],
        url_type: UrlTypeOfLink = None,
        subdomain: SubdomainOfLink = None,
        branded_domain: BrandedDomainOfLink = None,
    ) -> Success[AliasAvailability]:
        """On your primary domain unless another one is named. If the alias is not available,
        `message` explains why. An alias whose link was deleted or moved is held for that link's
        account for 90 days, unless it is released."""
        named = _named_domain(url_type=url_type, subdomain=subdomain, branded_domain=branded_domain)
        with named.at_its_field():
            host = self.links.host_of_new(self.account_id, named.host(self._own()))
            domain = self.links.domain(self.account_id, host)
        alias = alias.strip()
        full_url = short_url(self._base_url(), alias, host)
        try:
            found = self.links.availability(self.account_id, alias, domain)
        except InvalidAlias as error:
            return Success(data=AliasAvailability.invalid(alias, full_url, domain, str(error)))
        return Success(data=AliasAvailability.from_availability(found, alias, full_url, domain))

    @operation(
        "GET",
        f"{SHORT_URLS}/lookup",
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Find short URLs by destination",
        errors=(InvalidDestination,),
    )
    def find_short_urls(
        self,
        url: Annotated[Destination, Query(description="The destination URL, as sent on creation")],
    ) -> Success[LinkList]:
        """Searches the account's short URLs only."""
        found = self.links.lookup(self.account_id, url)
        return Success(data=LinkList(shortUrls=[self._body(link) for link in found]))

    @operation(
        "GET",
        f"{SHORT_URLS}/export",
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Export short URLs as CSV",
        errors=(InvalidCursor, UnknownDomain, ReversedRange),
        media_type=csv_file.MEDIA_TYPE,
        headers=(*csv_file.HEADERS, "Link"),
    )
    def export_short_urls(  # noqa: PLR0917 - the filters of the list
        self,
        cursor: FileCursor = None,
        search: Search = None,
        status: Status = None,
        safety_status: Safety = None,
        campaign_id: CampaignId = None,
        tags: Tags = "",
        source: Source = None,
        start_date: CreatedFrom = None,
        end_date: CreatedUntil = None,
        url_type: UrlTypeOfLink = None,
        subdomain: SubdomainOfLink = None,
        branded_domain: BrandedDomainOfLink = None,
    ) -> Response[str]:
        """The newest first. A file has those that match among 10,000 short URLs; if the account has
        more, the `Link` header points to the next file."""
        matching = _filter(
            search, status, safety_status, campaign_id, tags, source, start_date, end_date,
            url_type, self._host(subdomain, branded_domain),
        )  # fmt: skip
        found = self.links.exported(self.account_id, matching, csv_file.MAX_ROWS + 1, cursor)
        file, following = link_export.part(found, self._base_url(), self.now)
        return csv_file.response(file, "links", following, self.sent_parameters)

    @operation(
        "GET",
        ONE,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="Get a short URL",
        errors=(LinkNotFound, AmbiguousCode),
        headers=("ETag",),
    )
    def get_short_url(self, reference: Reference, domain: DomainOfCode = None) -> Success[LinkBody]:
        return self._respond(self.links.get(self.account_id, reference, self._named(domain)))

    @operation(
        "PUT",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Update a short URL",
        errors=(*FOUND, *CHANGE),
        headers=("ETag",),
    )
    @operation(
        "PATCH",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Update a short URL",
        errors=(*FOUND, *CHANGE),
        headers=("ETag",),
    )
    def update_short_url(
        self,
        reference: Reference,
        body: UpdateLink,
        domain: DomainOfCode = None,
        if_match: IfMatch = None,
    ) -> Success[LinkBody]:
        """Only the fields that are sent are changed; send at least one. `null` clears a field.
        PUT and PATCH behave the same. The audit log records the previous values. A short URL that
        moves to another domain stops working on the previous one; its QR code goes on working."""
        version = entity_tag.expected_version(if_match)
        own = self._own()
        with body.at_its_field():
            updated = self.changes.change(
                self.account_id,
                reference,
                body.update(body.host(own)),
                by=self.origin,
                host=self._named(domain),
                version=version,
                own=own,
            )
        return self._respond(updated)

    @operation(
        "DELETE",
        ONE,
        permission=Permission.DELETE,
        limit=LimitClass.URL_READS,
        summary="Delete a short URL",
        errors=FOUND,
    )
    def delete_short_url(
        self,
        reference: Reference,
        domain: DomainOfCode = None,
        release_alias: Release = False,
        if_match: IfMatch = None,
    ) -> DeletedResponse:
        """Permanently deletes the short URL and its analytics. Its code is held for your account
        for 90 days, unless you release it; the code of a short URL that the operator took down
        cannot be released."""
        version = entity_tag.expected_version(if_match)
        self.changes.remove(
            self.account_id,
            reference,
            by=self.origin,
            host=self._named(domain),
            version=version,
            release=release_alias,
        )
        # As it was sent: to delete is not to read.
        message = Message(message=f"The short URL {reference} was deleted")
        return DeletedResponse(data=message, timestamp=iso(int(self.now)))

    @operation(
        "GET",
        HELD_ALIASES,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="List the account's held aliases",
        errors=(InvalidCursor,),
    )
    def list_held_aliases(
        self,
        limit: Annotated[int, Query(ge=1, le=100, description="Aliases per page")] = 100,
        cursor: HeldCursor = None,
    ) -> Success[HeldAliasPage]:
        """Their links were deleted or moved, and no other account can use them for 90 days. To
        reuse one, create a short URL with it, or change an existing one to it. A page may
        contain fewer than `limit` aliases."""
        if cursor is not None and not codes.is_address(cursor):
            raise InvalidCursor
        found, following = self.held.page(self.account_id, limit, cursor)
        aliases = [HeldAlias.from_code(one) for one in found]
        return Success(data=HeldAliasPage(aliases=aliases, next_cursor=following))

    @operation(
        "DELETE",
        f"{HELD_ALIASES}/<id>",
        permission=Permission.DELETE,
        limit=LimitClass.URL_READS,
        summary="Release a held alias",
        errors=(AliasNotHeld,),
    )
    def release_held_alias(
        self,
        alias: Annotated[str, Path(alias="id", description="The alias, as listed")],
        domain: DomainOfHeld = None,
    ) -> Success[Message]:
        """Afterwards, any account that has links on the domain can use the alias."""
        self.held.release(self.account_id, alias, self._named(domain) or "", by=self.origin)
        return Success(data=Message(message=f"The alias {alias} was released"))

    def _base_url(self) -> str:
        return base_url.from_event(self.current_event.raw_event)

    def _own(self) -> OwnNames:
        return deployment_names.from_event(self.current_event.raw_event)

    def _named(self, domain: str | None) -> str | None:
        return deployment_names.named_host(self.current_event.raw_event, domain)

    def _host(self, subdomain: str | None, branded_domain: str | None) -> str | None:
        """Of the domain that a filter names; None without one. Raises UnknownDomain."""
        if subdomain is None and branded_domain is None:
            return None
        return DomainChoice(subdomain, branded_domain).host(self._own())

    def _created_qr_code(self, link: Link, qr_format: QrFormat) -> ShownQrCode | None:
        if link.qr_id is None:
            return None
        image = image_of(link, self._base_url())
        return shown(image, with_image=qr_format is QrFormat.IMAGE)

    def _body(self, link: Link, qr: ShownQrCode | None = None) -> LinkBody:
        content, image = (None, None) if qr is None else qr
        return LinkBody.from_link(
            link, self._base_url(), self.now, qr_code=image, qr_content=content
        )

    def _bodies(self, links: list[Link], qr_format: QrFormat | None) -> list[LinkBody]:
        """`qr_format`: None without QR codes."""
        if qr_format is None:
            return [self._body(link) for link in links]
        with_image = qr_format is QrFormat.IMAGE
        found = self.qr_codes.find(links, self._base_url(), with_image=with_image)
        return [self._body(link, found[link.id]) for link in links]

    def _respond(self, link: Link) -> Success[LinkBody]:
        self.set_header("ETag", entity_tag.for_version(link.version))
        return Success(data=self._body(link))


def _filter(  # noqa: PLR0917 - the parameters of the list and its export
    search: str | None,
    status: LinkStatus | None,
    safety_status: SafetyStatus | None,
    campaign_id: str | None,
    tags: str,
    source: str | None,
    start_date: datetime | None,
    end_date: datetime | None,
    url_type: UrlType | None,
    host: str | None,
) -> listing.Filter:
    """Raises ReversedRange."""
    return listing.Filter(
        search=search,
        status=status,
        safety=None if safety_status is None else {safety_status},
        campaign_id=campaign_id,
        tags=wanted(tags),
        source=source,
        url_type=url_type,
        host=host,
        created_from=seconds(start_date),
        created_until=seconds(end_date),
    )


def _named_domain(**sent: str | None) -> WithDomain:
    """By query parameters, whose rules are those of a body. Raises RequestValidationError."""
    try:
        return WithDomain.model_validate(sent)
    except ValidationError as invalid:
        raise RequestValidationError(
            [{**error, "loc": ("query", *error["loc"])} for error in invalid.errors()]
        ) from None


dynamodb = clients.dynamodb()
resource = ShortUrls(Settings.from_environment(), dynamodb)
handler = resource.handle
