"""Uploads of many links as the API represents them: request and response bodies.

The rules of one item are the same for a CSV row and for a JSON item. Each item is checked on its
own; its errors name the fields of a JSON item.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    ValidationError,
    model_validator,
)

from jmpy.domains.choice import DomainChoice
from jmpy.formats.envelope import Success
from jmpy.formats.reasons import reason
from jmpy.formats.request_body import RequestBody
from jmpy.links import bulk_csv
from jmpy.links.bulk import MAX_ROWS, Failure, Row
from jmpy.links.bulk_errors import InvalidField, InvalidUpload
from jmpy.links.destination import MAX_LENGTH
from jmpy.links.domain_schema import Host
from jmpy.links.fields import CampaignReference, Name, Tags, names_elsewhere
from jmpy.links.model import Source
from jmpy.links.new_link import NewLink, ProcessedLink
from jmpy.links.schema import LinkBody
from jmpy.links.utm_schema import UtmFields

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self


MAX_FIELDS = 20
"""More would each be reported as unknown, which takes far more memory than the upload."""


class _Sent(RequestBody):
    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and len(sent) > MAX_FIELDS:
            raise ValueError(f"The fields are {', '.join(cls.model_fields)}; {len(sent)} were sent")
        return sent


class BulkItem(_Sent, UtmFields):
    """A row of an upload: one of `valid_urls` in the response to a validation, and one of
    `validated_urls` when links are created."""

    also_called = names_elsewhere(url="original_url")

    row: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None
    original_url: str = Field(examples=["https://example.com/autumn"])
    custom_alias: Annotated[str, AfterValidator(str.strip)] | None = Field(
        default=None, examples=["autumn-sale"]
    )
    name: Name | None = Field(default=None, examples=["Autumn sale"])
    domain: Host | None = Field(
        default=None,
        description="The host of one of your domains; your primary domain if omitted",
        examples=[None],
    )
    tags: Tags | None = Field(default=None, examples=[["sale"]])
    campaign_id: CampaignReference | None = Field(default=None, examples=[None])

    @property
    def choice(self) -> DomainChoice | None:
        """None: it names no domain."""
        return None if self.domain is None else DomainChoice(branded_domain=self.domain)

    def new_link(self) -> NewLink:
        return NewLink(
            self.original_url,
            self.custom_alias,
            name=self.name,
            tags=tuple(self.tags or ()),
            campaign_id=self.campaign_id,
            utm=self.set_utm(),
            source=Source.BULK_IMPORT,
        )

    @classmethod
    def from_row(cls, row: Row[ProcessedLink]) -> BulkItem:
        return cls(
            row=row.number,
            original_url=row.link.url,
            custom_alias=row.link.custom_alias,
            name=row.link.name,
            domain=None if row.domain is None else row.domain.branded_domain,
            tags=list(row.link.tags),
            campaign_id=row.link.campaign_id,
            **row.link.utm,
        )


_UPLOADED = ("file", "csv_content", "validated_urls")
"""Fields with the rows."""


class BulkValidateUpload(_Sent):
    """CSV text: the part `file` of a form, or `csv_content`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"csv_content": "url,name\nhttps://example.com/,Example\n"}]
        }
    )

    file: str | None = Field(default=None, description="CSV text, as in the part `file` of a form")
    csv_content: str | None = Field(
        default=None,
        description="CSV text with a header, such as `url,name`; send exactly one of the fields",
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        names = [name for name in _UPLOADED if name in type(self).model_fields]
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise ValueError(f"Send exactly one of {', '.join(names)}")
        return self

    def items(self) -> Iterable[Any]:
        return bulk_csv.rows(self.file or self.csv_content or "")

    def rows(self) -> list[Row[NewLink] | Failure]:
        """Raises UploadTooLarge, InvalidUpload."""
        items = list(islice(self.items(), MAX_ROWS + 1))
        if not items:
            raise InvalidUpload("The upload has no rows")
        if len(items) > MAX_ROWS:
            raise InvalidUpload(f"An upload has at most {MAX_ROWS:,} rows; split it")
        return [parsed(number, item) for number, item in enumerate(items, 1)]


class BulkCreateUpload(BulkValidateUpload):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"validated_urls": [{"row": 1, "original_url": "https://example.com/"}]},
                {"csv_content": "url,name\nhttps://example.com/,Example\n"},
            ]
        }
    )

    validated_urls: list[Any] | None = Field(
        default=None, description="The `valid_urls` of a validation"
    )
    qrCode: bool = Field(
        default=False,
        description="Creates a QR code for each short URL, whose image is at `qr_code_url`",
    )
    qrFormat: Literal["image", "json"] = Field(
        default="json", description="Without effect: the response contains no images"
    )

    def items(self) -> Iterable[Any]:
        return super().items() if self.validated_urls is None else self.validated_urls


def parsed(number: int, item: Any, model: type[BulkItem] = BulkItem) -> Row[NewLink] | Failure:
    if isinstance(item, Failure):
        return item
    try:
        checked = model.model_validate(item)
    except ValidationError as error:
        sent = item if isinstance(item, dict) else {}
        url, errors = sent.get("original_url"), tuple(map(_field_error, error.errors()))
        return Failure(number, url if isinstance(url, str) else None, errors)
    return Row(checked.row or number, checked.new_link(), checked.choice)


def _field_error(entry: Any) -> InvalidField:
    return InvalidField(".".join(map(str, entry["loc"])) or "row", reason(entry, BulkItem))


class FieldProblem(BaseModel):
    field: str = Field(examples=["url"])
    reason: str = Field(examples=["A destination is an http or https URL"])


class FailedRow(BaseModel):
    row: int = Field(description="Number of the row, starting at 1", examples=[2])
    original_url: str | None = Field(examples=["ftp://example.com/"])
    code: str = Field(description="Error code", examples=["INVALID_URL"])
    errors: list[FieldProblem]

    @classmethod
    def from_failure(cls, failure: Failure, code: str) -> FailedRow:
        url = failure.original_url
        return cls(
            row=failure.number,
            # As sent, but short, and without the lone surrogates that JSON text can smuggle in.
            original_url=url and url[:MAX_LENGTH].encode(errors="replace").decode(),
            code=code,
            errors=[
                FieldProblem(field=getattr(error, "field", "row"), reason=str(error))
                for error in failure.errors
            ],
        )


class BulkValidation(BaseModel):
    total: int = Field(examples=[2])
    valid: int
    invalid: int


class BulkPreview(BaseModel):
    will_create: int = Field(description="Number of valid rows")
    will_skip: int = Field(description="Number of invalid rows")
    available_limit: int | None = Field(
        default=None,
        description="Links that can still be created today, by the account and by this key",
        examples=[49],
    )
    valid_urls: list[BulkItem] = Field(description="To be sent as `validated_urls`")
    invalid_urls: list[FailedRow]


class BulkValidateResult(BaseModel):
    validation: BulkValidation
    preview: BulkPreview


class BulkValidateResponse(Success[BulkValidateResult]):
    message: str = Field(examples=["1 of 2 rows can be created"])


class BulkResults(BaseModel):
    total: int = Field(examples=[2])
    created: int
    failed: int


class BulkCreateResult(BaseModel):
    results: BulkResults
    created: list[LinkBody]
    failed: list[FailedRow]


class BulkCreateResponse(Success[BulkCreateResult]):
    message: str = Field(examples=["1 of 2 links were created"])
