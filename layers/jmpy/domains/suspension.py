"""Suspends domains for the operator, such as for phishing: requests to all short URLs on them are
responded to with 410 within seconds, and no other account can prove the host meanwhile."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from jmpy.audit.model import Action, Change
from jmpy.clock import system_clock
from jmpy.domains.errors import DomainConflict, DomainIsDeleted, DomainNotFound
from jmpy.domains.model import DomainState
from jmpy.domains.verification import HEALTHY
from jmpy.domains.writes import StaleDomain
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.changes import DomainChanges
    from jmpy.domains.model import Domain
    from jmpy.domains.store import DomainStore


class Suspensions:
    def __init__(
        self,
        store: DomainStore,
        changes: DomainChanges,
        audit: AuditLog,
        now: Clock = system_clock,
    ) -> None:
        self._store = store
        self._changes = changes
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
        suspended = {"state": DomainState.SUSPENDED, "reason": reason}
        return self._change(host, suspended, Action.DOMAIN_SUSPENDED, by)

    def restore(self, host: str, *, by: Origin) -> Domain:
        """Its short URLs work again. One that is not suspended stays as it is.

        Raises DomainNotFound, DomainIsDeleted, DomainConflict.
        """
        active = {**HEALTHY, "state": DomainState.ACTIVE}
        return self._change(host, active, Action.DOMAIN_RESTORED, by)

    def _change(self, host: str, fields: dict[str, Any], action: Action, by: Origin) -> Domain:
        for _ in CONTENTION.numbers():
            domain = self._find(host)
            if action is Action.DOMAIN_RESTORED and domain.state is not DomainState.SUSPENDED:
                return domain
            changes = {**fields, "updated_at": int(self._now())}
            if domain.is_primary:
                changes["is_primary"] = False
            try:
                return self._commit(domain, changes, action, by)
            except StaleDomain:
                continue
        raise DomainConflict

    def _find(self, host: str) -> Domain:
        domain = self.find(host)
        if domain.state is DomainState.DELETING:
            raise DomainIsDeleted
        return domain

    def _commit(
        self, domain: Domain, changes: dict[str, Any], action: Action, by: Origin
    ) -> Domain:
        """Raises StaleDomain."""
        entry = self._changes.entry(action, domain, replace(domain, **changes), by)
        reason = Change(domain.reason, changes["reason"])
        recorded = replace(entry, changes={**entry.changes, "reason": reason})
        return self._audit.commit(partial(self._store.change, domain, changes), recorded)
