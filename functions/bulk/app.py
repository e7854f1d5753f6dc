"""The resource `/api/v1/bulk-urls`: links from a CSV file or a list."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import json
from dataclasses import dataclass
from functools import partial

from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from jmpy.access.permission import Permission
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.gateway import base_url, deployment_names
from jmpy.http import errors, upload
from jmpy.http.body import MalformedBody
from jmpy.http.errors import UnsupportedMediaType
from jmpy.http.operation import operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.idempotency.header import IdempotencyKey, UnusedIdempotencyKey
from jmpy.idempotency.service import IdempotencyUnsupported
from jmpy.limits.plan import LimitClass
from jmpy.links.bulk import BulkService, Failure, Plan
from jmpy.links.bulk_errors import InvalidUpload, NothingCreated, UploadTooLarge
from jmpy.links.bulk_schema import (
    BulkCreateResponse,
    BulkCreateResult,
    BulkCreateUpload,
    BulkItem,
    BulkPreview,
    BulkResults,
    BulkValidateResponse,
    BulkValidateResult,
    BulkValidateUpload,
    BulkValidation,
    FailedRow,
)
from jmpy.links.processing import Rules
from jmpy.links.schema import LinkBody
from jmpy.links.store import LinkStore
from jmpy.qr.store import QrCodeStore
from jmpy.qr.with_links import QrCodesOfLinks
from jmpy.settings import ReadWriteTable

BULK_URLS = "/api/v1/bulk-urls"

MAX_RESPONSE = 6 * 1024 * 1024
"""Bytes of a response that Lambda accepts."""

LINK_SIZE = 1024
"""Bytes by which a link in a response is larger than its row, at most."""

UPLOAD = (
    MalformedBody,
    UploadTooLarge,
    UnsupportedMediaType,
    RequestValidationError,
    InvalidUpload,
)


@dataclass(frozen=True)
class Settings(ResourceSettings):
    links_table: ReadWriteTable
    usage_table: ReadWriteTable


class BulkUrls(Resource):
    tag = "Bulk"
    description = "Create many short URLs at once, from CSV or a list."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        self.bulk = BulkService(LinkStore(dynamodb, settings.links_table))
        self.qr_codes = QrCodesOfLinks(QrCodeStore(dynamodb, settings.links_table))

    @operation(
        "POST",
        f"{BULK_URLS}/validate",
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Validate a bulk upload without creating it",
        errors=UPLOAD,
        upload=BulkValidateUpload,
    )
    def validate_short_urls(
        self, _idempotency_key: UnusedIdempotencyKey = None
    ) -> BulkValidateResponse:
        """Nothing is created. The response contains the valid rows, ready to be sent to `create`
        as `validated_urls`, the rows that would be rejected, and how many short URLs can
        still be created today, by the account and by this key."""
        sent = upload.checked(BulkValidateUpload, self.current_event)
        preview = _sendable(self.bulk.preview(self.account_id, self._plan(sent)))
        preview.available_limit = self.quota(LimitClass.URL_CREATION).remaining
        valid, invalid = preview.will_create, preview.will_skip
        validation = BulkValidation(total=valid + invalid, valid=valid, invalid=invalid)
        return BulkValidateResponse(
            data=BulkValidateResult(validation=validation, preview=preview),
            message=f"{valid} of {valid + invalid} rows can be created",
        )

    @operation(
        "POST",
        f"{BULK_URLS}/create",
        permission=Permission.WRITE,
        limit=LimitClass.URL_CREATION,
        cost=None,
        summary="Create short URLs in bulk",
        status=201,
        errors=(*UPLOAD, NothingCreated, IdempotencyUnsupported),
        upload=BulkCreateUpload,
    )
    def create_short_urls(self, idempotency_key: IdempotencyKey = None) -> BulkCreateResponse:
        """Up to a thousand rows. Rows that fail do not affect the others; if all fail, the
        response is 422. `Idempotency-Key` is not supported: give each row a `custom_alias` to
        make retries safe."""
        if idempotency_key is not None:
            raise IdempotencyUnsupported(
                "give each row a custom_alias instead, so that retries create no second link"
            )
        sent = upload.checked(BulkCreateUpload, self.current_event)
        plan = self._plan(sent)
        if sent.qrCode:
            plan.add_qr_codes(self.now)
        _sendable(plan)
        # Every row that can become a link; an upload without one still is a request.
        self.consume(LimitClass.URL_CREATION, max(1, len(plan.rows)))
        base = self._base_url()
        qr_code = partial(self.qr_codes.created, base_url=base)
        links, failures = self.bulk.create(self.account_id, plan, qr_code)
        failed = _failed(failures)
        if not links:
            raise NothingCreated({"failed": [row.model_dump() for row in failed]})
        results = BulkResults(
            total=len(links) + len(failed), created=len(links), failed=len(failed)
        )
        created = [LinkBody.from_link(link, base, self.now) for link in links]
        return BulkCreateResponse(
            data=BulkCreateResult(results=results, created=created, failed=failed),
            message=f"{results.created} of {results.total} links were created",
        )

    def _plan(self, sent: BulkValidateUpload) -> Plan:
        own = deployment_names.from_event(self.current_event.raw_event)
        return self.bulk.plan(self.account_id, sent.rows(), Rules(own))

    def _base_url(self) -> str:
        return base_url.from_event(self.current_event.raw_event)


def _sendable(plan: Plan) -> BulkPreview:
    """Raises UploadTooLarge when a response that repeats the upload, with or without the created
    links, would be too large for Lambda."""
    preview = BulkPreview(
        will_create=len(plan.rows),
        will_skip=len(plan.failures),
        valid_urls=[BulkItem.from_row(row) for row in plan.rows],
        invalid_urls=_failed(plan.failures),
    )
    # Twice JSON: Lambda puts the body, as text, into a response of its own.
    size = len(json.dumps(preview.model_dump_json())) + LINK_SIZE * len(plan.rows)
    if size > MAX_RESPONSE:
        raise UploadTooLarge("The response to this upload would be too large; split it")
    return preview


def _failed(failures: list[Failure]) -> list[FailedRow]:
    """In the order of the rows, each with the code that its first error has elsewhere."""
    return [
        FailedRow.from_failure(failure, errors.from_exception(failure.errors[0]).code)
        for failure in sorted(failures, key=lambda failure: failure.number)
    ]


dynamodb = clients.dynamodb()
resource = BulkUrls(Settings.from_environment(), dynamodb)
handler = resource.handle
