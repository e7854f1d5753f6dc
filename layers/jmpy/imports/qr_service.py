"""Imports QR codes of our own export. A printed code leads to the link of its row again, or that
row is rejected. QR codes that the account has are recognized, so that an import can be repeated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property, partial
from sys import maxsize
from typing import TYPE_CHECKING, Any

from jmpy.clock import system_clock
from jmpy.errors import Problem
from jmpy.imports.service import ImportOutcome, Result, rejected
from jmpy.links import codes
from jmpy.links.bulk import Failure
from jmpy.links.bulk_errors import InvalidField, PrintedCodeTaken
from jmpy.links.errors import LinkNotFound
from jmpy.links.model import Source
from jmpy.links.service import LinkService
from jmpy.links.writes import CodeTaken, StaleLink
from jmpy.qr import drawing
from jmpy.qr.errors import QrCodeConflict, QrCodeExists
from jmpy.qr.look import Level, Look
from jmpy.qr.model import QrCode, QrImage
from jmpy.qr.service import QrCodes
from jmpy.qr.store import StaleQrCode
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from jmpy.clock import Clock
    from jmpy.domains.model import DomainName
    from jmpy.imports.qr_rows import Printed, QrRow
    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore
    from jmpy.qr.creation import Place
    from jmpy.qr.model import Described
    from jmpy.qr.store import QrCodeStore

    _Write = Callable[[], object]


class QrImportService:
    """Of one account."""

    def __init__(
        self,
        account_id: str,
        store: QrCodeStore,
        link_store: LinkStore,
        place: Place,
        now: Clock = system_clock,
    ) -> None:
        self._account_id = account_id
        self._qr_codes = QrCodes(store)
        self._store = store
        self._links = LinkService(link_store)
        self._link_store = link_store
        self._place = place
        self._now = now
        self._used: set[str] = set()
        """Printed codes and links of rows so far."""

    def run(
        self, rows: Iterable[QrRow | Failure], *, dry_run: bool = False
    ) -> Iterator[ImportOutcome]:
        """What becomes of each row, or would. An instance runs once."""
        for row in rows:
            if isinstance(row, Failure):
                yield rejected(row)
                continue
            try:
                write = self._planned(row)
                if write is not None and not dry_run:
                    write()
            except Problem as problem:
                yield rejected(Failure(row.number, row.sent, (problem,)))
            else:
                result = Result.PRESENT if write is None else Result.NEW
                printed = row.printed
                code = None if printed is None else printed.code
                host = "" if printed is None else self._known_host(printed.qr_host)
                yield ImportOutcome(row.number, result, row.sent, code, host)

    def _planned(self, row: QrRow) -> _Write | None:
        """What creates the QR code; None if the account has it. Raises the Problem with the row."""
        if row.printed is not None:
            return self._leading(row, row.printed)
        image = _image(row, row.content.payload())
        qr_code = self._record(row)
        known = _appearance(qr_code, image)
        if self._static_codes[known]:
            self._static_codes[known] -= 1
            return None
        return partial(self._store.add, qr_code, image)

    @cached_property
    def _static_codes(self) -> Counter[Hashable]:
        found = self._qr_codes.newest(self._account_id, maxsize)
        return Counter(
            _appearance(one.qr_code, one.image) for one in found if one.qr_code.is_static
        )

    def _leading(self, row: QrRow, printed: Printed) -> _Write | None:
        try:
            host = self._known_host(printed.host)
            link = self._links.stored(self._account_id, printed.short_code, host)
        except LinkNotFound:
            raise InvalidField(
                "short_url",
                f"The account has no link {printed.short_code!r}; import the file of links first",
            ) from None
        qr_host = self._known_host(printed.qr_host)
        address = codes.address(printed.code, qr_host)
        if not self._used.isdisjoint((address, link.id)):
            raise InvalidField("content", "An earlier row has this code, or one for the same link")
        self._used |= {address, link.id}
        own = bool(qr_host) or self._place.own.include(printed.url)
        image = _image(row, printed.url if own else f"{self._place.base_url}/{printed.code}")
        if link.qr_id is None:
            return self._attached(row, printed, link, image)
        if link.qr_address != address:
            raise QrCodeExists(link.qr_id)
        return self._completed(row, self._qr_codes.get(self._account_id, link.qr_id), image)

    def _known_host(self, host: str) -> str:
        """That of one of the account's domains; empty for any other: in the file of another
        deployment it is the default domain's."""
        return host if host in self._hosts else ""

    @cached_property
    def _hosts(self) -> frozenset[str]:
        return frozenset(self._link_store.domains.hosts(self._account_id))

    def _attached(self, row: QrRow, printed: Printed, link: Link, image: QrImage) -> _Write:
        host = self._known_host(printed.qr_host)
        domain = self._links.domain(self._account_id, host)
        target = self._link_store.target(codes.address(printed.code, host))
        is_known = target is not None and target.is_on(domain)
        if target and is_known and not target.is_available_to(self._account_id, self._now()):
            raise PrintedCodeTaken(printed.code)
        qr_code = replace(
            self._record(row),
            link_id=link.id,
            code=printed.code,
            is_dynamic=row.is_dynamic,
            tracking_enabled=link.tracking_enabled,
        )
        return partial(self._attach, link, qr_code, domain, image)

    def _attach(
        self, link: Link, qr_code: QrCode, domain: DomainName | None, image: QrImage
    ) -> None:
        changes = {"qr_id": qr_code.id, "qr_code": qr_code.code, "qr_domain": domain}
        try:
            self._link_store.change(link, changes, *self._store.added_alone(qr_code, image))
        except CodeTaken:
            raise PrintedCodeTaken(qr_code.code or "") from None
        except StaleLink:
            raise QrCodeConflict from None

    def _completed(self, row: QrRow, existing: Described, image: QrImage) -> _Write | None:
        """The file of links created it with the look of all new ones. Once it has another one, or
        was changed, it stays as it is."""
        qr_code = existing.qr_code
        wanted: dict[str, Any] = {
            "name": row.name,
            "content_type": row.content_type.value,
            "content_data": row.content.to_json(),
            "is_dynamic": row.is_dynamic,
        }
        changes = {name: value for name, value in wanted.items() if getattr(qr_code, name) != value}
        is_new = qr_code.version == 1 and qr_code.source == Source.BULK_IMPORT
        is_plain = existing.image == QrImage(existing.image.payload, Look())
        if not is_new or not is_plain or (existing.image == image and not changes):
            return None
        return partial(self._complete, qr_code, changes, image)

    def _complete(self, qr_code: QrCode, changes: dict[str, Any], image: QrImage) -> None:
        try:
            self._store.change(qr_code, changes, self._store.redrawn(qr_code.id, image))
        except StaleQrCode:
            raise QrCodeConflict from None

    def _record(self, row: QrRow) -> QrCode:
        now = self._now()
        return QrCode(
            id=uuid7(now),
            account_id=self._account_id,
            content_type=row.content_type.value,
            content_data=row.content.to_json(),
            created_at=int(now),
            updated_at=int(now),
            name=row.name,
            source=Source.BULK_IMPORT.value,
        )


def _image(row: QrRow, payload: str) -> QrImage:
    """Raises ContentTooLong, InvalidLook."""
    drawing.encode(payload, row.look, has_logo=row.logo is not None)
    return QrImage(payload, row.look, row.logo)


def _appearance(qr_code: QrCode, image: QrImage) -> Hashable:
    """What a static code is recognized by. Not the level, which is the requested one in one file
    and that of the image in another; nor the logo, which is encoded anew when it is imported."""
    look = replace(image.look, level=Level.M)
    return qr_code.name, qr_code.content_type, qr_code.content_data, look, image.logo is not None
