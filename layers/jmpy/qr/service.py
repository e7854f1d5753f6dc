"""Finds and lists an account's QR codes; `creation` and `changes` have the rest."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.links import codes
from jmpy.links.errors import InvalidCursor
from jmpy.qr import listing
from jmpy.qr.errors import QrCodeNotFound
from jmpy.qr.model import Described

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from jmpy.clock import Clock
    from jmpy.qr.model import QrCode
    from jmpy.qr.store import QrCodeStore

DESCRIBED_AT_ONCE = 50
"""QR codes whose images and links one BatchGetItem reads."""


class QrCodes:
    def __init__(self, store: QrCodeStore, now: Clock = system_clock) -> None:
        self._store = store
        self._now = now

    def get(self, account_id: str, qr_id: str) -> Described:
        """Raises QrCodeNotFound."""
        return self.detail(self.stored(account_id, qr_id))

    def page(self, account_id: str, request: listing.Request) -> tuple[list[Described], int]:
        """The page, and how many QR codes match. Raises QrPageTooDeep."""
        page = listing.read(self._store, account_id, request, self._now())
        return self.described(account_id, page.qr_codes), page.total

    def newest(self, account_id: str, most: int) -> Iterator[Described]:
        """Page after page."""
        for _, described in self.exported(account_id, listing.Filter(), most):
            if described is not None:
                yield described

    def exported(
        self, account_id: str, wanted: listing.Filter, most: int, cursor: str | None = None
    ) -> Iterator[tuple[str, Described | None]]:
        """The ids of up to `most` QR codes, from behind the one whose id is `cursor`, each with the
        QR code if the filter matches it. Raises InvalidCursor."""
        if cursor is not None and not codes.is_link_id(cursor):
            raise InvalidCursor
        found, now = self._store.pages(account_id, most, cursor), self._now()
        while batch := list(islice(found, DESCRIBED_AT_ONCE)):
            matching = [qr_code for qr_code in batch if wanted.matches(qr_code, now)]
            described = {one.qr_code.id: one for one in self.described(account_id, matching)}
            yield from ((qr_code.id, described.get(qr_code.id)) for qr_code in batch)

    def find_all(self, account_id: str, qr_ids: Collection[str]) -> dict[str, Described]:
        """Those of the QR codes that exist, by id. May lag by moments behind a change."""
        found = self._store.find_all(account_id, qr_ids)
        return {one.qr_code.id: one for one in self.described(account_id, found.values())}

    def stored(self, account_id: str, qr_id: str) -> QrCode:
        """As it is stored, to be changed. Raises QrCodeNotFound."""
        qr_code = self._store.find(account_id, qr_id.lower()) if codes.is_link_id(qr_id) else None
        if qr_code is None:
            raise QrCodeNotFound
        return qr_code

    def detail(self, qr_code: QrCode) -> Described:
        """Raises QrCodeNotFound if it was deleted since it was read."""
        for described in self.described(qr_code.account_id, [qr_code]):
            return described
        raise QrCodeNotFound

    def described(self, account_id: str, qr_codes: Collection[QrCode]) -> list[Described]:
        """With their images and links, by one read for up to `DESCRIBED_AT_ONCE` of them."""
        images, links = self._store.belongings(account_id, qr_codes)
        return [
            Described(qr_code, images[qr_code.id], links.get(qr_code.link_id or ""))
            for qr_code in qr_codes
            if qr_code.id in images
        ]
