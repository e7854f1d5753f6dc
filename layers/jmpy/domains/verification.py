"""Verifies that a host is an account's, and takes it into service.

The first account that proves a host by DNS has it. A later proof by another account wins only if
the record that proved it before is gone: whoever decides about the domain's DNS decides about that.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from jmpy.audit.model import (
    Action,
    Actor,
    ActorType,
    Change,
    Channel,
    Origin,
    Source,
    entry_at,
)
from jmpy.clock import system_clock
from jmpy.domains import ownership
from jmpy.domains.branded_errors import BrandedDomainsUnavailable
from jmpy.domains.dns import Finding
from jmpy.domains.errors import DomainConflict, DomainIsDeleted, DomainIsSuspended
from jmpy.domains.model import Domain, DomainKind, DomainState
from jmpy.domains.ownership import ProofRecords
from jmpy.domains.serving import ServingState
from jmpy.domains.writes import StaleDomain
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from jmpy.audit.model import Entry
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.changes import DomainChanges
    from jmpy.domains.dns import Resolvers
    from jmpy.domains.ownership import Proof
    from jmpy.domains.ownership_store import OwnershipStore
    from jmpy.domains.serving import Hosting
    from jmpy.domains.store import DomainStore

UNPROVEN = (DomainState.PENDING, DomainState.LOST)

HEALTHY: dict[str, Any] = {
    "misses": 0,
    "missed_at": None,
    "failing_since": None,
    "mails": 0,
    "reason": None,
}
"""Of a domain whose records are there."""


class Verification:
    def __init__(
        self,
        *,
        store: DomainStore,
        owners: OwnershipStore,
        changes: DomainChanges,
        audit: AuditLog,
        resolvers: Resolvers,
        hosting: Hosting | None,
        zone: str,
        now: Clock = system_clock,
    ) -> None:
        """`zone`: that of the targets. Without `hosting`, there are no branded domains."""
        self._store = store
        self._owners = owners
        self._changes = changes
        self._audit = audit
        self._resolvers = resolvers
        self._hosting = hosting
        self._zone = zone
        self._now = now

    def records(self, domain: Domain) -> ProofRecords:
        """What its owner has to add to DNS."""
        return ProofRecords.of_claim(domain.host, domain.id, str(domain.token), self._zone)

    def examine(self, domain: Domain, holder: Domain | None = None) -> Proof:
        """Looks its records up; `holder`: the domain of another account that has the host."""
        token = holder.token if holder else None
        return ownership.examine(self._resolvers, self.records(domain), token)

    def verify(self, account_id: str, domain_id: str, *, by: Origin) -> Domain:
        """Whatever was found, the domain is returned, with the reason if it does not work. Nothing
        that a resolver says makes a domain fail here: that takes days (`checks`).

        Raises BrandedDomainsUnavailable, DomainNotFound, DomainIsDeleted, DomainIsSuspended,
        DomainConflict, `aws.faults()`.
        """
        if self._hosting is None:
            raise BrandedDomainsUnavailable
        for _ in CONTENTION.numbers():
            domain = self._store.find(account_id, domain_id, DomainKind.BRANDED)
            if domain.state is DomainState.DELETING:
                raise DomainIsDeleted
            if domain.state is DomainState.SUSPENDED:
                raise DomainIsSuspended
            try:
                return self._verified(domain, by)
            except StaleDomain:
                continue
        raise DomainConflict

    def serve(self, domain: Domain, by: Origin) -> Domain:
        """Brings a domain whose records are there one step closer to being served. Raises
        StaleDomain, `aws.faults()`."""
        assert self._hosting is not None, "only with branded domains is one verified"
        serving, now = self._hosting.serve(domain.host), int(self._now())
        match serving.state:
            case ServingState.ACTIVE if domain.state is DomainState.ACTIVE:
                return self._owners.note(domain, {**HEALTHY, "checked_at": now})
            case ServingState.ACTIVE:
                action = (
                    Action.DOMAIN_RECOVERED
                    if domain.state is DomainState.FAILING
                    else Action.DOMAIN_CHANGED
                )
                active = {**HEALTHY, "state": DomainState.ACTIVE, "checked_at": now}
                return self._changes.commit(domain, active, action, by=by)
            case ServingState.FAILED if domain.state is not DomainState.FAILING:
                return self.fail(domain, str(serving.reason))
        return self.note(domain, serving.reason)

    def fail(self, domain: Domain, reason: str, **noted: Any) -> Domain:
        """Its links work on, wherever DNS leads. `noted`: what else changes. Raises StaleDomain."""
        now = int(self._now())
        changes = {
            "state": DomainState.FAILING,
            "failing_since": now,
            "checked_at": now,
            "updated_at": now,
            "mails": 1,
            "reason": reason,
            **noted,
        }
        fail = partial(self._store.change, domain, changes)
        return self._audit.commit(fail, failing_entry(now, domain, reason, DomainState.FAILING))

    def note(self, domain: Domain, reason: str | None) -> Domain:
        """That it was checked, and why it does not work. Raises StaleDomain."""
        return self._owners.note(domain, {"checked_at": int(self._now()), "reason": reason})

    def _verified(self, domain: Domain, by: Origin) -> Domain:
        """Raises StaleDomain, `aws.faults()`."""
        holder = self._owners.holder(domain.host)
        holder = None if holder is None or holder.id == domain.id else holder
        proof, records = self.examine(domain, holder), self.records(domain)
        reason = proof.problem(records)
        if reason is None and holder is not None:
            reason = _reason_against(holder, proof, records)
        if reason is not None:
            return self.note(domain, reason)
        if domain.state in UNPROVEN:
            domain = self._take(domain, holder, by)
        return self.serve(domain, by)

    def _take(self, domain: Domain, holder: Domain | None, by: Origin) -> Domain:
        """Raises StaleDomain."""
        now = int(self._now())
        changes = {
            **HEALTHY,
            "state": DomainState.VERIFYING,
            "verified_at": domain.verified_at or now,
            "checked_at": now,
            "updated_at": now,
        }
        owned = replace(domain, **changes)
        entries = [self._changes.entry(Action.DOMAIN_VERIFIED, domain, owned, by)]
        if holder is not None:
            lost = replace(holder, state=DomainState.LOST, is_primary=False)
            entries.append(
                self._changes.entry(Action.DOMAIN_LOST, holder, lost, service(holder.host))
            )
        take = partial(self._owners.take, domain, changes, holder)
        return self._audit.commit(take, *entries)


def service(host: str) -> Origin:
    """Of changes that no person of the account made. Who else proved a host is not disclosed."""
    return Origin(Actor(ActorType.SERVICE, host, "Check of DNS"), Source(Channel.SERVICE))


def failing_entry(
    now: float, domain: Domain, reason: str | None, state: DomainState | None = None
) -> Entry:
    """Of the audit log, about which the owner gets a mail: with the state if that changes."""
    changes = {"reason": Change(None, reason)}
    if state is not None:
        changes["state"] = Change(domain.state.value, state.value)
    return entry_at(
        now,
        domain.account_id,
        Action.DOMAIN_FAILING,
        service(domain.host),
        target_id=domain.id,
        target_name=domain.host,
        changes=changes,
    )


def _reason_against(holder: Domain, proof: Proof, records: ProofRecords) -> str | None:
    """Why the other account keeps the host although the proof is complete; None if it does not."""
    if holder.state is DomainState.DELETING:
        return f"Another account is deleting {records.host}; verify again in some minutes."
    if holder.state is DomainState.SUSPENDED:
        return f"The operator of this service has suspended {records.host}."
    if holder.kind is not DomainKind.BRANDED:
        return f"{records.host} is in use."
    match proof.holder_txt:
        case Finding.MISSING:
            return None
        case Finding.FOUND:
            return (
                f"Another account has proven {records.host}, and its TXT record is still there; "
                f"remove every other jmpy-verify value of {records.txt_name}, then verify again."
            )
        case Finding.UNKNOWN:
            return (
                f"Another account has proven {records.host}, and its TXT record at "
                f"{records.txt_name} is not gone everywhere yet."
            )
