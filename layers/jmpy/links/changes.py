"""What may be changed of links. Each change is written together with its entry of the audit log, so
that the owner of a link can see where it led before, and who changed that."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from jmpy.audit.model import Action, Change, Entry, differences, entry_at
from jmpy.clock import system_clock
from jmpy.gateway.own_names import NOWHERE
from jmpy.links import codes, destination, password, utm
from jmpy.links.errors import (
    AliasTaken,
    ChangeOfTakenDown,
    LinkChanged,
    LinkConflict,
    NothingToChange,
)
from jmpy.links.processing import check_expiry
from jmpy.links.writes import CodeTaken, StaleLink
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.model import Link
    from jmpy.links.service import LinkService
    from jmpy.links.store import LinkStore
    from jmpy.transaction import TransactionItem


class LinkUpdate(TypedDict, total=False):
    """What to change of a link; what is absent stays, and None clears a field."""

    url: str
    custom_alias: str | None
    """None for a random code."""
    host: str
    """Of the domain that it is to be on; empty: the default domain."""
    name: str | None
    tags: tuple[str, ...]
    expires_at: int | None
    """Seconds since the Unix epoch, UTC."""
    password: str | None
    is_dynamic: bool
    forward_query: bool
    utm: Mapping[str, str | None]
    """By name, those to change: an empty one is removed from the destination, and None leaves the
    destination's."""
    disabled: bool
    tracking_enabled: bool
    campaign_id: str | None
    """UUID or name."""


class LinkChanges:
    def __init__(
        self,
        links: LinkService,
        store: LinkStore,
        audit: AuditLog,
        now: Clock = system_clock,
        random_code: Callable[[], str] = codes.random_code,
    ) -> None:
        self._links = links
        self._store = store
        self._audit = audit
        self._now = now
        self._random_code = random_code

    def change(
        self,
        account_id: str,
        reference: str,
        update: LinkUpdate,
        *,
        by: Origin,
        host: str | None = None,
        version: int | None = None,
        own: OwnNames = NOWHERE,
        also: Sequence[TransactionItem] = (),
    ) -> Link:
        """`host`: of the domain that a code in `reference` is on, as in `LinkService.stored`.
        Without `version`, a lost race is retried on what the other request left; with it, the
        link has to be that version. `also` is written in the same transaction as a change.

        Raises LinkNotFound, AmbiguousCode, NothingToChange, LinkChanged, LinkConflict,
        InvalidDestination, InvalidAlias, InvalidPassword, ExpiryPassed, UnknownCampaign,
        UnknownDomain, AliasTaken; ChangeOfTakenDown where a link that was taken down would lead
        elsewhere, or move.
        """
        if not update:
            raise NothingToChange
        processed = _processed(update, own)
        occupied = set[str]()
        for _ in CONTENTION.numbers():
            link = self._read(account_id, reference, host, version)
            changes = processed | _destination(link, update, processed.get("url"))
            if update.get("host", link.host) != link.host:
                changes["domain"] = self._links.domain(account_id, update["host"])
            if link.taken_down and _leads_elsewhere(link, changes):
                raise ChangeOfTakenDown
            if changes.get("expires_at") != link.expires_at:
                check_expiry(changes.get("expires_at"), self._now())
            if changes.get("url", link.url) != link.url:
                self._links.blocklist.admitted(changes["url"])
                self._links.check_loop(changes["url"], own)
            campaign = self._links.campaign(account_id, changes.get("campaign_id"))
            if campaign is not None:
                changes["campaign_id"] = campaign.id
            changed = {**changes, **self._moved(link, changes, occupied)}
            try:
                (shown,) = self._links.shown(
                    account_id, [self._store_changed(link, changed, by, also)]
                )
                return shown
            except CodeTaken as taken:
                if (alias := changes.get("custom_alias", link.custom_alias)) is not None:
                    raise AliasTaken(alias) from None
                occupied.add(taken.address)
            except StaleLink:
                continue
        raise LinkConflict

    def remove(
        self,
        account_id: str,
        reference: str,
        *,
        by: Origin,
        host: str | None = None,
        version: int | None = None,
        release: bool = False,
        also: Sequence[TransactionItem] = (),
    ) -> Link:
        """Deletes a link permanently. Its code is held for the account, unless it is to be
        released. `also` is written in the same transaction.

        Raises LinkNotFound, AmbiguousCode, LinkChanged, LinkConflict.
        """
        for _ in CONTENTION.numbers():
            link, now = self._read(account_id, reference, host, version), self._now()
            was = {name: value for name, value in _audited(link).items() if value not in (None, [])}
            entry = _entry(link, Action.LINK_DELETED, differences(was, {}), by, now)
            remove = partial(self._store.remove, link, int(now), *also, release=release)
            try:
                self._audit.commit(remove, entry)
            except StaleLink:
                continue
            return link
        raise LinkConflict

    def _read(self, account_id: str, reference: str, host: str | None, version: int | None) -> Link:
        link = self._links.stored(account_id, reference, host)
        if version is not None and link.version != version:
            raise LinkChanged
        return link

    def _store_changed(
        self, link: Link, changes: dict[str, Any], by: Origin, also: Sequence[TransactionItem]
    ) -> Link:
        """What changes nothing writes nothing. Raises StaleLink, CodeTaken."""
        changed = {name: new for name, new in changes.items() if getattr(link, name) != new}
        if not changed:
            return link
        return store_change(
            self._store, self._audit, link, changed, by=by, now=self._now(), also=also
        )

    def _moved(
        self, link: Link, changes: dict[str, Any], occupied: Collection[str]
    ) -> dict[str, str]:
        """The short code that a changed alias brings: itself, or a random one when cleared. A
        random one stays on another domain, unless its address there is `occupied`."""
        if changes.get("custom_alias", link.custom_alias) != link.custom_alias:
            return {"short_code": changes["custom_alias"] or self._random_code()}
        if replace(link, domain=changes.get("domain", link.domain)).address in occupied:
            return {"short_code": self._random_code()}
        return {}


def _processed(update: LinkUpdate, own: OwnNames) -> dict[str, Any]:
    """The changed fields of `Link`. Raises InvalidDestination, InvalidAlias, InvalidPassword."""
    fields: dict[str, Any] = {
        name: value for name, value in update.items() if name not in {"utm", "host"}
    }
    if "url" in update:
        fields["url"] = destination.checked(update["url"], own)
    if (alias := update.get("custom_alias")) is not None:
        fields["custom_alias"] = codes.checked_alias(alias)
    if "password" in update:
        secret = fields.pop("password")
        fields["password_hash"] = None if secret is None else password.hashed(secret)
    return fields


def _destination(link: Link, update: LinkUpdate, url: str | None) -> dict[str, Any]:
    """The parameters that the link sets from now on, and its destination with them; `url` is the
    new one as it was checked. Raises InvalidDestination."""
    if not {"url", "utm"} & update.keys():
        return {}
    wanted = {**link.utm, **update.get("utm", {})}
    written = {name: value for name, value in wanted.items() if value is not None}
    return {
        "utm": utm.without_empty(written),
        "url": destination.with_utm(url or link.url, written),
    }


def change_entry(before: Link, after: Link, by: Origin, now: float) -> Entry:
    """The entry of the audit log about a change. `now` in seconds since the Unix epoch."""
    return _entry(before, Action.LINK_CHANGED, _differences(before, after), by, now)


def store_change(
    store: LinkStore,
    audit: AuditLog,
    link: Link,
    changed: Mapping[str, Any],
    *,
    by: Origin,
    now: float,
    also: Sequence[TransactionItem] = (),
) -> Link:
    """Writes fields that differ from the link's, with the entry of the audit log, if the link is as
    it was read. `now` in seconds since the Unix epoch. Raises StaleLink, CodeTaken,
    UnknownCampaign, UnknownDomain."""
    entry = change_entry(link, replace(link, **changed), by, now)
    fields = {**changed, "updated_at": int(now)}
    return audit.commit(partial(store.change, link, fields, *also), entry)


def _entry(
    link: Link, action: Action, changes: Mapping[str, Change], by: Origin, now: float
) -> Entry:
    return entry_at(
        now,
        link.account_id,
        action,
        by,
        target_id=link.id,
        target_name=link.address,
        changes=changes,
    )


def _leads_elsewhere(link: Link, changes: dict[str, Any]) -> bool:
    now = {"url": link.url, "custom_alias": link.custom_alias, "domain": link.domain}
    return any(changes.get(name, value) != value for name, value in now.items())


def _audited(link: Link) -> dict[str, Any]:
    """What the audit log records of a link: all that its owner sets; of a password only whether
    there is one."""
    return {
        "url": link.url,
        "domain": link.host or None,
        "short_code": link.short_code,
        "custom_alias": link.custom_alias,
        "status": "disabled" if link.disabled else "active",
        "password": None if link.password_hash is None else "set",
        "expires_at": link.expires_at,
        "is_dynamic": link.is_dynamic,
        "forward_query": link.forward_query,
        **{name: link.utm.get(name) for name in utm.NAMES},
        "tracking_enabled": link.tracking_enabled,
        "name": link.name,
        "tags": list(link.tags),
        "campaign_id": link.campaign_id,
    }


def _differences(before: Link, after: Link) -> dict[str, Change]:
    changes = differences(_audited(before), _audited(after))
    both = before.password_hash is not None and after.password_hash is not None
    if both and before.password_hash != after.password_hash:
        changes["password"] = Change("set", "changed")
    return changes
