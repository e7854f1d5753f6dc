"""Suspends domains for the operator, such as for phishing: requests to all short URLs on them are
responded to with 410 within seconds, and no other account can prove the host meanwhile."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from jmpy.audit.model import Action, Change
from jmpy.clock import system_clock
from jmpy.domains.audited import entry_of
from jmpy.domains.errors import DomainConflict, DomainIsDeleted, DomainNotFound
from jmpy.domains.model import DomainState
from jmpy.domains.verification import HEALTHY
from jmpy.domains.writes import StaleDomain
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from jmpy.audit.model import Entry, Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.model import Domain
    from jmpy.domains.store import DomainStore


class Suspensions:
    def __init__(
        self,
        store: DomainStore,
        audit: AuditLog,
        now: Clock = system_clock,
    ) -> None:
        self._store = store
        self._audit = audit
        self._now = now

    def find(self, host: str) -> Domain:
        """The domain that has the host, of whichever account; a claim has none. Raises
        DomainNotFound."""
        record = self._store.host(host)
        if record is None or record.held_until is not None:
            raise DomainNotFound
        return self._store.find(record.account_id, record.domain_id)

    def suspend(self, host: str, reason: str, *, by: Origin) -> Domain:
        """`reason`: a sentence for its owner. The domain is no longer the account's primary one. If
        it is suspended already, it gets the new reason.

        Raises DomainNotFound, DomainIsDeleted, DomainConflict.
        """
        for _ in CONTENTION.numbers():
            domain = self._living(host)
            changes = {
                "state": DomainState.SUSPENDED,
                "reason": reason,
                "updated_at": int(self._now()),
                **({"is_primary": False} if domain.is_primary else {}),
            }
            suspend = partial(self._store.close, domain, changes)
            entry = self._entry(Action.DOMAIN_SUSPENDED, domain, changes, by)
            with suppress(StaleDomain):
                return self._audit.commit(suspend, entry)
        raise DomainConflict

    def restore(self, host: str, *, by: Origin) -> Domain:
        """Its short URLs work again. One that is not suspended stays as it is.

        Raises DomainNotFound, DomainIsDeleted, DomainConflict.
        """
        for _ in CONTENTION.numbers():
            domain = self._living(host)
            if domain.state is not DomainState.SUSPENDED:
                return domain
            changes = {**HEALTHY, "state": DomainState.ACTIVE, "updated_at": int(self._now())}
            restore = partial(self._store.reopen, domain, changes)
            entry = self._entry(Action.DOMAIN_RESTORED, domain, changes, by)
            with suppress(StaleDomain):
                return self._audit.commit(restore, entry)
        raise DomainConflict

    def _living(self, host: str) -> Domain:
        domain = self.find(host)
        if domain.state is DomainState.DELETING:
            raise DomainIsDeleted
        return domain

    def _entry(self, action: Action, domain: Domain, changes: dict[str, Any], by: Origin) -> Entry:
        """With the reason, which other changes of a domain do not record."""
        entry = entry_of(action, domain, replace(domain, **changes), by, self._now())
        reason = Change(domain.reason, changes["reason"])
        return replace(entry, changes={**entry.changes, "reason": reason})
