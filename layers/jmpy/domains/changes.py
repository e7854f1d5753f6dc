"""Creates and changes domains. Each change is written together with its entry of the audit
log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from jmpy.audit.model import Action
from jmpy.clock import system_clock
from jmpy.domains import subdomain_name
from jmpy.domains.audited import URLS, entry_of
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
from jmpy.links.blocklist import Blocklist
from jmpy.links.errors import InvalidDestination
from jmpy.retry import CONTENTION
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmpy.audit.model import Entry, Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.store import DomainStore
    from jmpy.gateway.own_names import OwnNames
    from jmpy.transaction import TransactionItem


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
        self._blocklist = Blocklist(store.blocked_hosts, now)

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
        nothing. No URL may lead to one of the `own` names, to a customer's
        domain or to a blocked host.

        Raises DomainNotFound, NothingToChangeOfDomain, InvalidDomainUrl, DomainDoesNotServe,
        DomainIsDeleted, DomainChanged, DomainConflict.
        """
        if not update:
            raise NothingToChangeOfDomain
        wanted: dict[str, Any] = {**update, **self._checked_urls(update, own)}
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

    def entry(
        self, action: Action, before: Domain | None, after: Domain | None, by: Origin
    ) -> Entry:
        """As `entry_of`, now."""
        return entry_of(action, before, after, by, self._now())

    def _checked_urls(self, update: DomainUpdate, own: OwnNames) -> dict[str, str]:
        """As they will be stored. Raises InvalidDomainUrl."""
        checked: dict[str, str] = {}
        for field in URLS:
            url = update.get(field)
            if isinstance(url, str):
                try:
                    checked[field] = self._blocklist.admitted(destination.checked(url, own))
                except InvalidDestination as error:
                    raise InvalidDomainUrl(field, str(error)) from None
        looping = self._store.lookup.leading_here(checked.values(), own)
        for field, url in checked.items():
            if url in looping:
                raise InvalidDomainUrl(field, destination.LEADS_HERE)
        return checked

    def _read(
        self, account_id: str, domain_id: str, kind: DomainKind | None, version: int | None
    ) -> Domain:
        domain = self._store.find(account_id, domain_id, kind)
        if version is not None and domain.version != version:
            raise DomainChanged
        return domain
