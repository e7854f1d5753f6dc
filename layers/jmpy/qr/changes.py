"""What may be changed of QR codes. Each change is written together with its entry of the audit log,
and with the change of the link that the code leads to. What a code contains stays, because it may
be printed; how it looks may change."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, cast

from jmpy.audit.model import Action, Entry, differences, entry_at
from jmpy.clock import system_clock
from jmpy.links.errors import LinkChanged
from jmpy.links.writes import StaleLink
from jmpy.qr.errors import (
    LinkDeleted,
    NothingToChangeOfQrCode,
    QrCodeChanged,
    QrCodeConflict,
    StaticContent,
)
from jmpy.qr.redrawing import redrawn
from jmpy.qr.store import StaleQrCode
from jmpy.retry import CONTENTION
from jmpy.transaction import RecordRejected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jmpy.audit.model import Change, Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.changes import LinkChanges, LinkUpdate
    from jmpy.links.service import LinkService
    from jmpy.links.store import LinkStore
    from jmpy.qr.content import Content
    from jmpy.qr.model import Described, QrCode
    from jmpy.qr.redrawing import LookUpdate, Redrawn
    from jmpy.qr.service import QrCodes
    from jmpy.qr.store import QrCodeStore
    from jmpy.transaction import TransactionItem


class QrCodeUpdate(TypedDict, total=False):
    """What to change; what is absent stays, and None clears a field."""

    name: str | None
    content: Content
    tracking_enabled: bool
    password: str | None
    expires_at: int | None
    """Seconds since the Unix epoch, UTC."""
    look: LookUpdate
    logo: bytes | None
    """A PNG."""


class _Changes(NamedTuple):
    of_record: dict[str, Any]
    of_link: LinkUpdate
    image: Redrawn | None


class QrCodeChanges:
    def __init__(  # noqa: PLR0917 - what it writes to
        self,
        qr_codes: QrCodes,
        store: QrCodeStore,
        links: LinkService,
        link_store: LinkStore,
        link_changes: LinkChanges,
        audit: AuditLog,
        now: Clock = system_clock,
    ) -> None:
        self._qr_codes = qr_codes
        self._store = store
        self._links = links
        self._link_store = link_store
        self._link_changes = link_changes
        self._audit = audit
        self._now = now

    def change(
        self,
        account_id: str,
        qr_id: str,
        update: Callable[[QrCode], QrCodeUpdate],
        *,
        by: Origin,
        own: OwnNames,
        version: int | None = None,
        link_version: int | None = None,
        also: Sequence[TransactionItem] = (),
    ) -> Described:
        """Its settings, and those of its link: `update` returns what to change of the code as it
        is. Without `version`, a lost race is retried; with `link_version`, a link that is changed
        has to be that version, too. `also` is written in the same transaction as a change.

        Raises QrCodeNotFound, NothingToChangeOfQrCode, StaticContent, QrCodeChanged,
        QrCodeConflict, LinkDeleted, InvalidContent, InvalidLook, ContentTooLong, and what changing
        a link raises.
        """
        for _ in CONTENTION.numbers():
            qr_code = self._read(account_id, qr_id, version)
            wanted = update(qr_code)
            if not wanted:
                raise NothingToChangeOfQrCode
            changes = self._changes(qr_code, wanted)
            try:
                changed = self._store_change(qr_code, changes, by, own, link_version, also)
            except (StaleQrCode, LinkChanged, RecordRejected):
                continue
            return self._qr_codes.detail(changed)
        raise QrCodeConflict

    def _changes(self, qr_code: QrCode, wanted: QrCodeUpdate) -> _Changes:
        of_record, of_link = _changes(qr_code, wanted), _link_update(qr_code, wanted)
        image = None
        if "look" in wanted or "logo" in wanted:
            stored = self._qr_codes.detail(qr_code).image
            image = redrawn(stored, wanted.get("look", {}), wanted.get("logo", stored.logo))
        return _Changes(of_record, of_link, image)

    def _store_change(  # noqa: PLR0917
        self,
        qr_code: QrCode,
        changes: _Changes,
        by: Origin,
        own: OwnNames,
        link_version: int | None,
        also: Sequence[TransactionItem],
    ) -> QrCode:
        """What changes nothing writes nothing. Raises StaleQrCode, LinkChanged, RecordRejected."""
        fields = {**changes.of_record, "updated_at": int(self._now())}
        changed, write = self._store.changed(qr_code, fields)
        image = changes.image
        writes = [] if image is None else [self._store.redrawn(qr_code.id, image.image)]
        of_image = {} if image is None else image.differences
        entry = self._entry(Action.QR_CODE_CHANGED, qr_code, changed, by, of_image)
        if changes.of_link and qr_code.link_id is not None:
            link = self._links.stored(qr_code.account_id, qr_code.link_id)
            if link_version not in {None, link.version}:
                raise QrCodeChanged
            stored = self._link_changes.change(
                qr_code.account_id,
                link.id,
                changes.of_link,
                by=by,
                version=link.version,
                own=own,
                also=[write, *writes, self._audit.put(entry), *also],
            )
            if stored.version != link.version:
                return changed
        if not changes.of_record and image is None:
            return qr_code
        change = partial(self._store.change, qr_code, fields, *writes, *also)
        return self._audit.commit(change, entry)

    def remove(
        self,
        account_id: str,
        qr_id: str,
        *,
        by: Origin,
        version: int | None = None,
        also: Sequence[TransactionItem] = (),
    ) -> QrCode:
        """Its link remains, and its code is held for the account: scans lead nowhere. `also` is
        written in the same transaction.

        Raises QrCodeNotFound, QrCodeChanged, QrCodeConflict.
        """
        for _ in CONTENTION.numbers():
            qr_code = self._read(account_id, qr_id, version)
            entry = self._entry(Action.QR_CODE_DELETED, qr_code, None, by, {})
            try:
                self._audit.commit(self._removal(qr_code, also), entry)
            except (StaleQrCode, StaleLink, RecordRejected):
                continue
            return qr_code
        raise QrCodeConflict

    def _removal(self, qr_code: QrCode, also: Sequence[TransactionItem]) -> Callable[..., object]:
        link = None
        if qr_code.link_id is not None:
            link = self._link_store.find(qr_code.account_id, qr_code.link_id)
        if link is None:
            return partial(self._store.remove, qr_code, *also)
        detached = {"qr_id": None, "qr_code": None, "qr_domain": None}
        writes = [*self._store.removed(qr_code), *also]
        return partial(self._link_store.change, link, detached, *writes)

    def _read(self, account_id: str, qr_id: str, version: int | None) -> QrCode:
        qr_code = self._qr_codes.stored(account_id, qr_id)
        if version is not None and qr_code.version != version:
            raise QrCodeChanged
        return qr_code

    def _entry(
        self,
        action: Action,
        before: QrCode,
        after: QrCode | None,
        by: Origin,
        of_image: Mapping[str, Change],
    ) -> Entry:
        of_record = differences(_audited(before), {} if after is None else _audited(after))
        return entry_at(
            self._now(),
            before.account_id,
            action,
            by,
            target_id=before.id,
            target_name=before.name or before.code,
            changes={**of_record, **of_image},
        )


def _changes(qr_code: QrCode, update: QrCodeUpdate) -> dict[str, Any]:
    """The changed fields of the record. Raises StaticContent, InvalidContent."""
    if qr_code.is_static and (of_links := update.keys() - {"name", "look", "logo"}):
        raise StaticContent(min(of_links).replace("content", "content_data"))
    changes: dict[str, Any] = {
        name: update[name] for name in ("name", "tracking_enabled") if name in update
    }
    if "content" in update:
        if not qr_code.is_dynamic:
            raise StaticContent("content_data")
        changes["content_data"] = update["content"].to_json()
    return {name: value for name, value in changes.items() if getattr(qr_code, name) != value}


def _link_update(qr_code: QrCode, update: QrCodeUpdate) -> LinkUpdate:
    """Raises LinkDeleted, InvalidContent."""
    fields: dict[str, Any] = {
        name: update[name]
        for name in ("tracking_enabled", "password", "expires_at")
        if name in update
    }
    if "content" in update:
        fields["url"] = update["content"].payload()
    if fields and qr_code.link_id is None:
        raise LinkDeleted
    return cast("LinkUpdate", fields)


def _audited(qr_code: QrCode) -> dict[str, Any]:
    """What the audit log records: not the content, which may be a password of a network. Where a
    dynamic code leads is recorded of its link."""
    return {
        "name": qr_code.name,
        "content_type": qr_code.content_type,
        "short_code": qr_code.code,
        "tracking_enabled": qr_code.tracking_enabled,
    }
