"""The list of QR codes: its query, as the address holds it, and its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View
from jmpy.dashboard.views import qr_content
from jmpy.dashboard.views.list_query import FilterField, ListQuery, Order
from jmpy.links.model import Link
from jmpy.qr.listing import DateRange, QrSort, QrType
from jmpy.qr.model import Described, QrCode

_TYPES = {"": "Any", **{one.value: one.capitalize() for one in QrType if one is not QrType.ALL}}
_CREATED = {"": "Any time"} | {
    one.value: one.replace("_", " ").capitalize()
    for one in DateRange
    if one is not DateRange.ALL_TIME
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCodeQuery(ListQuery):
    path = "/dashboard/qr-codes"
    filters = (
        FilterField("type", "Type", _TYPES),
        FilterField("created", "Created", _CREATED),
        FilterField("source", "Source"),
    )
    orders: ClassVar = {
        "": Order(QrSort.CREATED_AT, True, "Newest first"),
        "created": Order(QrSort.CREATED_AT, False, "Oldest first"),
        "name": Order(QrSort.NAME, False, "Name, A to Z"),
        "-name": Order(QrSort.NAME, True, "Name, Z to A"),
        "-scans": Order(QrSort.SCANS, True, "Most scans"),
        "scans": Order(QrSort.SCANS, False, "Fewest scans"),
    }
    opposites: ClassVar = {"": "created", "created": "", "-scans": "scans", "scans": "-scans"}

    type: str = ""
    created: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedQrCode:
    qr_code: QrCode
    link: Link | None
    content: str
    """Where it leads, or the first field of its content."""

    @classmethod
    def from_described(cls, found: Described) -> ListedQrCode:
        return cls(
            qr_code=found.qr_code,
            link=found.link,
            content=qr_content.summary(found.content_data),
        )

    @property
    def is_counted(self) -> bool:
        """Whether its scans are, or were."""
        return (self.link or self.qr_code).tracking_enabled or self.qr_code.scan_count > 0

    @property
    def content_type(self) -> str:
        content_type = self.qr_code.content_type
        return qr_content.TYPES.get(content_type, content_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCodeList(View):
    template: ClassVar[str] = "qr_codes.html"
    qr_codes: Sequence[ListedQrCode]
    query: QrCodeQuery = QrCodeQuery()
    total: int = 0
    """Of all pages."""
    page_count: int = 1
