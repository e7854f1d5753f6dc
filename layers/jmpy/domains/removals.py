"""Deletes domains: at once while no link is on them, else with their links, which a job removes.

From the request on, no short URL on the domain works and none can be created on it: its host record
says so, and its counts are closed. The job (`run`) removes what is left, and can be repeated after
an interruption at any point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from jmpy.audit.model import Action
from jmpy.clock import system_clock
from jmpy.domains.audited import entry_of
from jmpy.domains.errors import (
    DomainChanged,
    DomainConflict,
    DomainHasLinks,
    DomainIsSuspended,
    DomainNotFound,
)
from jmpy.domains.model import DomainState
from jmpy.domains.store import to_numbers
from jmpy.domains.writes import StaleDomain
from jmpy.links.writes import StaleLink
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.model import Domain, DomainKind
    from jmpy.domains.store import DomainStore
    from jmpy.links.domain_links import DomainLinks
    from jmpy.transaction import TransactionItem


@dataclass(frozen=True, slots=True)
class Removal:
    domain: Domain
    remaining: int
    """Links that the job will remove; 0 if the domain is deleted."""

    def message(self, noun: str) -> str:
        """For people; `noun` is what they know the domain as."""
        if not self.remaining:
            return f"The {noun} {self.domain.host} was deleted"
        return (
            f"The {noun} {self.domain.host} no longer works; its {self.remaining:,} short URLs are "
            "being deleted"
        )


class DomainRemovals:
    def __init__(
        self,
        store: DomainStore,
        audit: AuditLog,
        enqueue: Callable[[Domain], None],
        now: Clock = system_clock,
    ) -> None:
        """`enqueue` starts the job for a domain."""
        self._store = store
        self._audit = audit
        self._enqueue = enqueue
        self._now = now

    def remove(
        self,
        account_id: str,
        domain_id: str,
        *,
        by: Origin,
        kind: DomainKind | None = None,
        version: int | None = None,
        force: bool = False,
        also: Sequence[TransactionItem] = (),
    ) -> Removal:
        """Of the `kind`, if one is given, and of the `version`. With `force`, also with links. One
        that is being deleted already gets another job. `also` is written in the same transaction.

        Raises DomainNotFound, DomainHasLinks, DomainIsSuspended, DomainChanged, DomainConflict.
        """
        for _ in CONTENTION.numbers():
            domain = self._store.find(account_id, domain_id, kind)
            if version not in (None, domain.version):
                raise DomainChanged
            if domain.state is DomainState.SUSPENDED:
                raise DomainIsSuspended
            counts = self._store.counts(account_id, domain.id)
            numbers = to_numbers(counts)
            if domain.state is DomainState.DELETING:
                self._enqueue(domain)
                return Removal(domain, numbers.links)
            if not force and (numbers.links or numbers.qr_codes):
                raise DomainHasLinks(numbers.links, numbers.qr_codes)
            try:
                if numbers.links:
                    self._begin(domain, by, also)
                else:
                    self._remove(domain, counts, by, also)
            except StaleDomain:
                continue
            return Removal(domain, numbers.links)
        raise DomainConflict

    def _begin(self, domain: Domain, by: Origin, also: Sequence[TransactionItem]) -> None:
        """Raises StaleDomain."""
        now = self._now()
        changes: dict[str, Any] = {"state": DomainState.DELETING, "updated_at": int(now)}
        if domain.is_primary:
            changes["is_primary"] = False
        deleting = replace(domain, **changes)
        entry = entry_of(Action.DOMAIN_DELETED, domain, deleting, by, now)
        self._audit.commit(partial(self._store.close, domain, changes, *also), entry)
        self._enqueue(deleting)

    def _remove(
        self,
        domain: Domain,
        counts: list[dict[str, Any]],
        by: Origin,
        also: Sequence[TransactionItem],
    ) -> None:
        """Raises StaleDomain."""
        now = self._now()
        entry = entry_of(Action.DOMAIN_DELETED, domain, None, by, now)
        self._audit.commit(partial(self._store.remove, domain, counts, int(now), *also), entry)


class RemovalJob:
    """What the queue delivers: removes what is left of a domain that is being deleted."""

    def __init__(self, store: DomainStore, links: DomainLinks, now: Clock = system_clock) -> None:
        self._store = store
        self._links = links
        self._now = now

    def run(self, account_id: str, domain_id: str, has_time: Callable[[], bool]) -> bool:
        """Whether nothing is left; False when there is no more time. Raises StaleLink or
        DomainConflict if others kept changing what it removes, and `aws.faults()`."""
        while has_time():
            try:
                domain = self._store.find(account_id, domain_id)
            except DomainNotFound:
                return True
            if domain.state is not DomainState.DELETING:
                return True
            if link_ids := self._store.link_ids(account_id, domain.id, self._links.BATCH):
                self._remove_links(domain, link_ids)
            else:
                return self._finish(domain)
        return False

    def _remove_links(self, domain: Domain, link_ids: list[str]) -> None:
        for _ in CONTENTION.numbers():
            try:
                self._links.remove_on(domain, link_ids, int(self._now()))
            except StaleLink:
                continue
            self._store.forget_links(domain.account_id, domain.id, link_ids)
            return
        raise StaleLink

    def _finish(self, domain: Domain) -> bool:
        for _ in CONTENTION.numbers():
            counts = self._store.counts(domain.account_id, domain.id)
            try:
                self._store.remove(domain, counts, int(self._now()))
            except StaleDomain:
                continue
            return True
        raise DomainConflict
