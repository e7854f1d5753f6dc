"""Lists of an account's QR codes.

The default list (by time of creation, no filter) reads one page of the table and the account's
count. Every other sort or filter reads the account's newest `SEARCHED` QR codes, whatever the size
of the account (docs/listing.md).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.clock import DAY
from jmpy.formats.caseless import folded
from jmpy.qr.errors import QrPageTooDeep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmpy.qr.model import QrCode
    from jmpy.qr.store import QrCodeStore

SEARCHED = 10_000
"""QR codes that a sort or a filter examines, the newest first."""


class QrSort(StrEnum):
    CREATED_AT = "created_at"
    NAME = "name"
    SCANS = "scans"


class QrType(StrEnum):
    ALL = "all"
    STATIC = "static"
    """It contains its content itself."""
    DYNAMIC = "dynamic"
    """Its content can change."""
    TRACKED = "tracked"
    """Its scans are counted."""


class DateRange(StrEnum):
    LAST_HOUR = "last_hour"
    LAST_24_HOURS = "last_24_hours"
    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    LAST_YEAR = "last_year"
    ALL_TIME = "all_time"


_SECONDS = {
    DateRange.LAST_HOUR: 3600,
    DateRange.LAST_24_HOURS: DAY,
    DateRange.LAST_7_DAYS: 7 * DAY,
    DateRange.LAST_30_DAYS: 30 * DAY,
    DateRange.LAST_YEAR: 365 * DAY,
}

_SORT_VALUES: dict[QrSort, Callable[[QrCode], int | str]] = {
    QrSort.CREATED_AT: lambda qr_code: qr_code.id,
    QrSort.NAME: lambda qr_code: folded(qr_code.name or ""),
    QrSort.SCANS: lambda qr_code: qr_code.scan_count,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a QR code has to match."""

    search: str | None = None
    """A part of its name or content; None matches all."""
    type: QrType = QrType.ALL
    source: str | None = None
    created: DateRange = DateRange.ALL_TIME

    def matches(self, qr_code: QrCode, now: float) -> bool:
        """`now` in seconds since the Unix epoch."""
        is_recent = (
            self.created is DateRange.ALL_TIME or qr_code.created_at > now - _SECONDS[self.created]
        )
        return (
            is_recent
            and (self.source is None or qr_code.source == self.source)
            and self._has_type(qr_code)
            and (not self.search or _contains(qr_code, folded(self.search)))
        )

    def _has_type(self, qr_code: QrCode) -> bool:
        match self.type:
            case QrType.STATIC:
                return qr_code.is_static
            case QrType.DYNAMIC:
                return qr_code.is_dynamic
            case QrType.TRACKED:
                return qr_code.tracking_enabled
        return True


def _contains(qr_code: QrCode, wanted: str) -> bool:
    values = json.loads(qr_code.content_data).values()
    texts = (qr_code.name, qr_code.code, *(value for value in values if isinstance(value, str)))
    return any(text and wanted in folded(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Request:
    page: int = 1
    limit: int = 50
    sort: QrSort = QrSort.CREATED_AT
    descending: bool = True
    filter: Filter = Filter()


@dataclass(frozen=True, slots=True)
class Page:
    qr_codes: list[QrCode]
    total: int


def read(store: QrCodeStore, account_id: str, request: Request, now: float) -> Page:
    """Raises QrPageTooDeep."""
    skip = (request.page - 1) * request.limit
    if request.sort is QrSort.CREATED_AT and request.filter == Filter():
        return _by_creation(store, account_id, request, skip)
    newest = store.pages(account_id, SEARCHED)
    found = [qr_code for qr_code in newest if request.filter.matches(qr_code, now)]
    found.sort(
        key=lambda qr_code: (_SORT_VALUES[request.sort](qr_code), qr_code.id),
        reverse=request.descending,
    )
    return Page(found[skip : skip + request.limit], len(found))


def _by_creation(store: QrCodeStore, account_id: str, request: Request, skip: int) -> Page:
    total = store.count(account_id)
    if skip > SEARCHED:
        raise QrPageTooDeep(SEARCHED)
    if skip >= max(total, 1):
        return Page([], total)
    found = _skipped(
        store.pages(account_id, skip + request.limit, newest_first=request.descending), skip
    )
    return Page(found, total)


def _skipped(qr_codes: Iterator[QrCode], skip: int) -> list[QrCode]:
    """A page number is a position, which only reading up to it can find."""
    return [qr_code for number, qr_code in enumerate(qr_codes) if number >= skip]
