"""Creates, changes and deletes domains. Each change is written together with its entry of the audit
log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from jmpy.audit.model import Action, Change, Entry, differences, entry_at
from jmpy.clock import system_clock
from jmpy.domains import subdomain_name
from jmpy.domains.errors import (
    DomainChanged,
    DomainConflict,
    DomainDoesNotServe,
    DomainExists,
    DomainIsDeleted,
    InvalidDomainUrl,
    NothingToChangeOfDomain,
    SubdomainTaken,
    TooManyDomains,
)
from jmpy.domains.model import Domain, DomainKind, DomainState
from jmpy.domains.writes import AccountHasHost, HostTaken, LimitReached, StaleDomain
from jmpy.gateway.own_names import NOWHERE
from jmpy.links import destination
from jmpy.links.errors import InvalidDestination
from jmpy.retry import CONTENTION
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.store import DomainStore
    from jmpy.gateway.own_names import OwnNames
    from jmpy.transaction import TransactionItem

URLS = ("root_url", "not_found_url", "expired_url")
"""Fields with where requests to the domain are redirected to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubdomain:
    """As requested; the texts have the form that the schema demands."""

    subdomain: str
    name: str | None = None
    """None: as the subdomain."""
    description: str | None = None


class DomainUpdate(TypedDict, total=False):
    """What to change; what is absent stays, and None clears a field."""

    name: str
    description: str | None
    root_url: str | None
    not_found_url: str | None
    expired_url: str | None
    is_primary: bool


class DomainChanges:
    def __init__(self, store: DomainStore, audit: AuditLog, now: Clock = system_clock) -> None:
        self._store = store
        self._audit = audit
        self._now = now

    def create_subdomain(
        self,
        account_id: str,
        new: NewSubdomain,
        *,
        zone: str,
        limit: int,
        by: Origin,
        also: Callable[[Domain], Sequence[TransactionItem]] = lambda _domain: (),
    ) -> Domain:
        """In the operator's `zone`, for an account that may have `limit` domains; links on it work
        at once. What `also` returns is written in the same transaction.

        Raises SubdomainsUnavailable, InvalidSubdomain, SubdomainTaken, DomainExists,
        TooManyDomains, RecordRejected.
        """
        label = subdomain_name.checked(new.subdomain)
        now = self._now()
        domain = Domain(
            id=uuid7(now),
            account_id=account_id,
            host=subdomain_name.host(label, zone),
            kind=DomainKind.SUBDOMAIN,
            state=DomainState.ACTIVE,
            name=new.name or label,
            description=new.description,
            created_at=int(now),
            updated_at=int(now),
            verified_at=int(now),
        )
        entry = self.entry(Action.DOMAIN_CREATED, None, domain, by)
        try:
            self._audit.commit(partial(self._store.add, domain, limit, *also(domain)), entry)
        except HostTaken:
            raise SubdomainTaken(label) from None
        except AccountHasHost:
            raise DomainExists(domain.host) from None
        except LimitReached:
            raise TooManyDomains(limit) from None
        return domain

    def change(
        self,
        account_id: str,
        domain_id: str,
        update: DomainUpdate,
        *,
        by: Origin,
        kind: DomainKind | None = None,
        version: int | None = None,
        own: OwnNames = NOWHERE,
        also: Sequence[TransactionItem] = (),
    ) -> Domain:
        """Of the `kind`, if one is given. Without `version`, a lost race is retried on what the
        other request left; with it, the domain has to be that version. What changes nothing writes
        nothing. No URL may lead to one of the `own` names.

        Raises DomainNotFound, NothingToChangeOfDomain, InvalidDomainUrl, DomainDoesNotServe,
        DomainIsDeleted, DomainChanged, DomainConflict.
        """
        if not update:
            raise NothingToChangeOfDomain
        wanted: dict[str, Any] = {**update, **_checked_urls(update, own)}
        for _ in CONTENTION.numbers():
            domain = self._read(account_id, domain_id, kind, version)
            if domain.state is DomainState.DELETING:
                raise DomainIsDeleted
            changes = {name: new for name, new in wanted.items() if getattr(domain, name) != new}
            if not changes:
                return domain
            if changes.get("is_primary") and not domain.state.serves:
                raise DomainDoesNotServe
            try:
                return self.commit(domain, changes, Action.DOMAIN_CHANGED, by=by, also=also)
            except StaleDomain:
                continue
        raise DomainConflict

    def commit(
        self,
        domain: Domain,
        changes: dict[str, Any],
        action: Action,
        *,
        by: Origin,
        also: Sequence[TransactionItem] = (),
    ) -> Domain:
        """Sets the fields of the domain as it was read. Raises StaleDomain."""
        now = int(self._now())
        changed = replace(domain, **changes)
        store = partial(self._store.change, domain, {**changes, "updated_at": now}, *also)
        return self._audit.commit(store, self.entry(action, domain, changed, by))

    def _read(
        self, account_id: str, domain_id: str, kind: DomainKind | None, version: int | None
    ) -> Domain:
        domain = self._store.find(account_id, domain_id, kind)
        if version is not None and domain.version != version:
            raise DomainChanged
        return domain

    def entry(
        self, action: Action, before: Domain | None, after: Domain | None, by: Origin
    ) -> Entry:
        """Of the audit log, about the change from one to the other; None where there is none."""
        domain = before or after
        assert domain is not None
        return entry_at(
            self._now(),
            domain.account_id,
            action,
            by,
            target_id=domain.id,
            target_name=domain.host,
            changes=_differences(before, after),
        )


def _checked_urls(update: DomainUpdate, own: OwnNames) -> dict[str, str]:
    """As they will be stored. Raises InvalidDomainUrl."""
    checked = {}
    for field in URLS:
        url = update.get(field)
        if isinstance(url, str):
            try:
                checked[field] = destination.checked(url, own)
            except InvalidDestination as error:
                raise InvalidDomainUrl(field, str(error)) from None
    return checked


def _differences(before: Domain | None, after: Domain | None) -> dict[str, Change]:
    was, becomes = (_audited(one) if one else {} for one in (before, after))
    return differences(was, becomes)


def _audited(domain: Domain) -> dict[str, Any]:
    """What its owner sets, and its state; what is not set is absent."""
    fields = {
        "name": domain.name,
        "description": domain.description,
        **{field: getattr(domain, field) for field in URLS},
        "is_primary": domain.is_primary,
        "state": domain.state.value,
    }
    return {name: value for name, value in fields.items() if value not in (None, False)}
