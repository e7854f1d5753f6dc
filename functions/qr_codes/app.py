"""The resource `/api/v1/qr-codes`."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import ValidationError

from jmpy.access.permission import Permission
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.formats import csv_file
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
from jmpy.links.changes import LinkChanges
from jmpy.links.errors import (
    ExpiryPassed,
    InvalidCursor,
    InvalidDestination,
    InvalidPassword,
    LinkConflict,
    UnknownDomain,
)
from jmpy.links.query import FileCursor
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.qr import export, listing
from jmpy.qr.changes import QrCodeChanges, QrCodeUpdate
from jmpy.qr.creation import Place, QrCodeCreation
from jmpy.qr.drawing import ImageFormat
from jmpy.qr.errors import (
    ContentTooLong,
    InvalidContent,
    InvalidLook,
    LinkDeleted,
    NothingToChangeOfQrCode,
    NotOfALink,
    QrCodeChanged,
    QrCodeConflict,
    QrCodeExists,
    QrCodeNotFound,
    QrPageTooDeep,
    SetOnTheLink,
    StaticContent,
)
from jmpy.qr.listing import DateRange, QrSort, QrType
from jmpy.qr.logo_source import LogoSource
from jmpy.qr.model import Described, QrCode
from jmpy.qr.query import Created, Format, QrId, Search, Source, TypeOfQrCode
from jmpy.qr.request_schema import GenerateQrCode, UpdateQrCode
from jmpy.qr.schema import OneQrCode, QrCodeBody, QrCodePage
from jmpy.qr.service import QrCodes
from jmpy.qr.store import QrCodeStore
from jmpy.settings import ReadWriteTable, WriteTable
from jmpy.transaction import TransactionItem

QR_CODES = "/api/v1/qr-codes"
ONE = f"{QR_CODES}/<id>"
LOOKS = (InvalidContent, ContentTooLong, InvalidLook)
LINKS = (InvalidDestination, InvalidPassword, ExpiryPassed, StaticContent)
CHANGE = (*WITH_BODY, *LOOKS, *LINKS, NothingToChangeOfQrCode, LinkDeleted, LinkConflict)
VERSION = (QrCodeNotFound, InvalidEntityTag, QrCodeChanged, QrCodeConflict)


@dataclass(frozen=True)
class Settings(ResourceSettings):
    links_table: ReadWriteTable
    usage_table: ReadWriteTable
    idempotency_table: ReadWriteTable
    audit_table: WriteTable


class QrCodesApi(Resource):
    tag = "QR codes"
    description = "Create, find, update and delete QR codes."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        audit = AuditLog(dynamodb, settings.audit_table)
        link_store = LinkStore(dynamodb, settings.links_table)
        links = LinkService(link_store)
        store = QrCodeStore(dynamodb, settings.links_table)
        self.qr_codes = QrCodes(store)
        self.creation = QrCodeCreation(store, links, link_store)
        self.changes = QrCodeChanges(
            self.qr_codes, store, links, link_store, LinkChanges(links, link_store, audit), audit
        )
        self.logos = LogoSource()
        self.idempotency = Idempotency(ResponseStore(dynamodb, settings.idempotency_table))

    @operation(
        "POST",
        f"{QR_CODES}/generate",
        permission=Permission.WRITE,
        limit=LimitClass.QR_GENERATION,
        summary="Create a QR code",
        status=201,
        errors=(
            *WITH_BODY, *LOOKS, *LINKS, UnknownDomain, NotOfALink, SetOnTheLink, QrCodeExists,
            QrCodeConflict,
            InvalidIdempotencyKey, IdempotencyMismatch,
        ),
        headers=("ETag",),
    )  # fmt: skip
    def generate_qr_code(
        self, body: GenerateQrCode, idempotency_key: IdempotencyKey = None
    ) -> Success[QrCodeBody]:
        """A static code contains its content. A dynamic or tracked one contains a short URL of its
        own: it can be changed after it was printed, and its scans are counted apart from the clicks
        on the short URL. A code for one of your short URLs leads to that."""
        event = self.current_event.raw_event
        place = Place(base_url.from_event(event), deployment_names.from_event(event))

        def create(store: StoreResponse | None) -> Success[QrCodeBody]:
            responses: list[Success[QrCodeBody]] = []
            """One for each attempt: it is drawn once, to be stored and sent."""

            def stored(created: Described) -> list[TransactionItem]:
                responses.append(Success(data=self._body(created, body.output_format)))
                return [store(responses[-1].model_dump(mode="json"))] if store else []

            with body.at_its_field():
                host = body.host(place.own)
                new = body.new_qr_code(self._logo(body.logo_url), host)
                self.creation.create(self.account_id, new, place, also=stored)
            return responses[-1]

        sent = body.model_dump(mode="json", exclude_unset=True)
        scope = f"{self.account_id} POST {QR_CODES}/generate"
        response: Success[QrCodeBody] = self.idempotency.once(idempotency_key, scope, sent, create)
        self.set_header("ETag", entity_tag.for_version(1))  # of a stored response, too
        return response

    @operation(
        "GET",
        QR_CODES,
        permission=Permission.READ,
        limit=LimitClass.QR_READS,
        summary="List QR codes",
        errors=(QrPageTooDeep,),
    )
    def list_qr_codes(  # noqa: PLR0917 - the parameters of the public contract
        self,
        page: Annotated[
            int, Query(ge=1, le=1_000_000, description="Page number, starting at 1")
        ] = 1,
        limit: Annotated[int, Query(ge=1, le=100, description="QR codes per page")] = 50,
        source: Source = None,
        qr_type: TypeOfQrCode = QrType.ALL,
        search: Search = None,
        date_range: Created = DateRange.ALL_TIME,
        sort_by: Annotated[QrSort, Query(description="Sort by")] = QrSort.CREATED_AT,
        sort_order: Annotated[Literal["asc", "desc"], Query(description="Sort order")] = "desc",
    ) -> Success[QrCodePage]:
        """Newest first, unless sorted otherwise. Parameter names in camelCase are accepted, too."""
        request = listing.Request(
            page=page,
            limit=limit,
            sort=sort_by,
            descending=sort_order == "desc",
            filter=listing.Filter(search=search, type=qr_type, source=source, created=date_range),
        )
        found, total = self.qr_codes.page(self.account_id, request)
        return Success(data=QrCodePage.from_page(found, total, request, self._base_url()))

    @operation(
        "GET",
        f"{QR_CODES}/export",
        permission=Permission.READ,
        limit=LimitClass.QR_READS,
        summary="Export QR codes as CSV",
        errors=(InvalidCursor,),
        media_type=csv_file.MEDIA_TYPE,
        headers=(*csv_file.HEADERS, "Link"),
    )
    def export_qr_codes(
        self,
        cursor: FileCursor = None,
        source: Source = None,
        qr_type: TypeOfQrCode = QrType.ALL,
        search: Search = None,
        date_range: Created = DateRange.ALL_TIME,
    ) -> Response[str]:
        """The newest first. A file has those that match among 10,000 QR codes, or as many as fit
        into 4 MB; if the account has more, the `Link` header points to the next file. `content` and
        `content_data` are complete, including the password of a network."""
        matching = listing.Filter(search=search, type=qr_type, source=source, created=date_range)
        found = self.qr_codes.exported(self.account_id, matching, csv_file.MAX_ROWS + 1, cursor)
        file, following = export.part(found, self._base_url())
        return csv_file.response(file, "qr-codes", following, self.sent_parameters)

    @operation(
        "GET",
        ONE,
        permission=Permission.READ,
        limit=LimitClass.QR_READS,
        summary="Get a QR code",
        errors=(QrCodeNotFound,),
        headers=("ETag",),
    )
    def get_qr_code(
        self, qr_id: QrId, output_format: Format = ImageFormat.PNG
    ) -> Success[OneQrCode]:
        return self._respond(self.qr_codes.get(self.account_id, qr_id), output_format)

    @operation(
        "PUT",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.QR_READS,
        summary="Update a QR code",
        errors=(*VERSION, *CHANGE),
        headers=("ETag",),
    )
    @operation(
        "PATCH",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.QR_READS,
        summary="Update a QR code",
        errors=(*VERSION, *CHANGE),
        headers=("ETag",),
    )
    def update_qr_code(
        self, qr_id: QrId, body: UpdateQrCode, if_match: IfMatch = None
    ) -> Success[OneQrCode]:
        """Only the fields that are sent are changed; `null` clears a field. What the image
        contains never changes, because it may be printed. PUT and PATCH behave the same."""
        version = entity_tag.expected_version(if_match)
        own = deployment_names.from_event(self.current_event.raw_event)
        changed = self.changes.change(
            self.account_id, qr_id, partial(_update, body), by=self.origin, own=own, version=version
        )
        return self._respond(changed)

    @operation(
        "DELETE",
        ONE,
        permission=Permission.DELETE,
        limit=LimitClass.QR_READS,
        summary="Delete a QR code",
        errors=VERSION,
    )
    def delete_qr_code(self, qr_id: QrId, if_match: IfMatch = None) -> DeletedResponse:
        """Permanently deletes the QR code and its analytics. Scans lead nowhere from then on; the
        short URL that it led to remains."""
        version = entity_tag.expected_version(if_match)
        self.changes.remove(self.account_id, qr_id, by=self.origin, version=version)
        message = Message(message=f"The QR code {qr_id} was deleted")
        return DeletedResponse(data=message, timestamp=iso(int(self.now)))

    def _logo(self, url: str | None) -> bytes | None:
        """Raises UnusableLogo."""
        return None if url is None else self.logos.read(url)

    def _base_url(self) -> str:
        return base_url.from_event(self.current_event.raw_event)

    def _body(self, described: Described, image_format: ImageFormat) -> QrCodeBody:
        return QrCodeBody.from_described(described, self._base_url(), image_format)

    def _respond(
        self, described: Described, image_format: ImageFormat = ImageFormat.PNG
    ) -> Success[OneQrCode]:
        self.set_header("ETag", entity_tag.for_version(described.qr_code.version))
        return Success(data=OneQrCode(qrCode=self._body(described, image_format)))


def _update(body: UpdateQrCode, qr_code: QrCode) -> QrCodeUpdate:
    """Raises RequestValidationError, if the content is not of the code's type."""
    try:
        return body.update(qr_code)
    except ValidationError as invalid:
        raise RequestValidationError(
            [
                {**error, "loc": ("body", "content_data", *error["loc"])}
                for error in invalid.errors()
            ]
        ) from None


dynamodb = clients.dynamodb()
resource = QrCodesApi(Settings.from_environment(), dynamodb)
handler = resource.handle
