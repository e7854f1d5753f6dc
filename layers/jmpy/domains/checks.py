"""Checks once a day that the DNS records of branded domains are still there, and every few minutes
whether a new one has its certificate.

One lookup decides nothing, nor does a resolver that fails: a domain fails after its records were
missing on three days. Its links are never deleted, and work on: whoever decides about its DNS
decides where requests go.
"""

from __future__ import annotations

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from jmpy.audit.model import Action
from jmpy.aws import clients
from jmpy.clock import DAY, system_clock
from jmpy.domains import item
from jmpy.domains.claims import is_expired
from jmpy.domains.model import DomainState
from jmpy.domains.verification import HEALTHY, failing_entry, service
from jmpy.domains.writes import StaleDomain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.changes import DomainChanges
    from jmpy.domains.model import Domain
    from jmpy.domains.ownership import Proof
    from jmpy.domains.ownership_store import OwnershipStore
    from jmpy.domains.store import DomainStore
    from jmpy.domains.verification import Verification

MISSES = 3
"""Days in a row on which a record was missing, after which a domain fails."""

MAIL_DAYS = (1, 7, 14)
"""Of failing, on which its owner gets a mail; the first is the day on which it fails."""

AT_ONCE = 16
"""Domains whose DNS is looked up at the same time."""

_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    HEALTHY = "healthy"
    MISSED = "missed"
    """A record is missing, and the domain works."""
    FAILED = "failed"
    """It is failing since now."""
    FAILING = "failing"
    """It has been failing."""
    RECOVERED = "recovered"
    UNKNOWN = "unknown"
    """The resolvers said nothing, or differed: nothing changes."""
    EXPIRED = "expired"
    """A claim, which was deleted."""
    FAULT = "fault"
    """A fault of AWS; the domain is checked again the next day."""
    UNCHECKED = "unchecked"
    """It is in a state in which its DNS does not matter, or has just changed."""


class DomainChecks:
    def __init__(
        self,
        *,
        store: DomainStore,
        owners: OwnershipStore,
        verification: Verification,
        changes: DomainChanges,
        audit: AuditLog,
        now: Clock = system_clock,
    ) -> None:
        self._store = store
        self._owners = owners
        self._verification = verification
        self._changes = changes
        self._audit = audit
        self._now = now

    def run_hour(self, hour: int) -> Counter[Outcome]:
        """Checks the domains of an hour of the day, and counts what was found."""
        return self._run(item.hour_partition(hour))

    def run_verifying(self) -> Counter[Outcome]:
        """Checks the domains whose certificate is being issued, and counts what was found."""
        return self._run(item.VERIFYING_PARTITION)

    def _run(self, partition: str) -> Counter[Outcome]:
        """A fault of one does not prevent the others from being checked."""
        outcomes: Counter[Outcome] = Counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for domains in _chunks(self._owners.due(partition)):
                examined = [one for one in domains if one.state in _EXAMINED]
                proofs = dict(
                    zip(
                        (one.id for one in examined),
                        pool.map(self._verification.examine, examined),
                        strict=True,
                    )
                )
                outcomes.update(self._check(one, proofs.get(one.id)) for one in domains)
        return outcomes

    def _check(self, domain: Domain, proof: Proof | None) -> Outcome:
        try:
            if is_expired(domain, self._now()):
                return self._expired(domain)
            if domain.state is DomainState.VERIFYING:
                return self._served(domain)
            return Outcome.UNCHECKED if proof is None else self._compared(domain, proof)
        except StaleDomain:
            return Outcome.UNCHECKED
        except clients.faults():
            _log.exception("domain not checked", extra={"domain_id": domain.id})
            return Outcome.FAULT

    def _expired(self, claim: Domain) -> Outcome:
        """Raises StaleDomain, `aws.faults()`."""
        entry = self._changes.entry(Action.DOMAIN_DELETED, claim, None, service(claim.host))
        self._audit.commit(partial(self._store.remove, claim, [], int(self._now())), entry)
        return Outcome.EXPIRED

    def _compared(self, domain: Domain, proof: Proof) -> Outcome:
        """Raises StaleDomain, `aws.faults()`."""
        if proof.is_complete:
            if domain.state is DomainState.FAILING:
                return self._served(domain)
            self._owners.note(domain, {**HEALTHY, "checked_at": int(self._now())})
            return Outcome.HEALTHY
        if not proof.is_missing:
            return Outcome.UNKNOWN
        return self._missed(domain, str(proof.problem(self._verification.records(domain))))

    def _served(self, domain: Domain) -> Outcome:
        """Its records are there. Raises StaleDomain, `aws.faults()`."""
        served = self._verification.serve(domain, service(domain.host))
        if served.state is not DomainState.FAILING:
            is_back = domain.state is DomainState.FAILING
            return Outcome.RECOVERED if is_back else Outcome.HEALTHY
        if domain.state is not DomainState.FAILING:
            return Outcome.FAILED
        self._remind(served, {})
        return Outcome.FAILING

    def _missed(self, domain: Domain, reason: str) -> Outcome:
        """Raises StaleDomain, `aws.faults()`."""
        now = int(self._now())
        if domain.missed_at is not None and _day(domain.missed_at) == _day(now):
            return Outcome.MISSED
        noted = {"misses": domain.misses + 1, "missed_at": now}
        if domain.state is DomainState.FAILING:
            self._remind(domain, {**noted, "checked_at": now, "reason": reason})
            return Outcome.FAILING
        if noted["misses"] >= MISSES:
            self._verification.fail(domain, reason, **noted)
            return Outcome.FAILED
        self._owners.note(domain, {**noted, "checked_at": now, "reason": reason})
        return Outcome.MISSED

    def _remind(self, domain: Domain, noted: dict[str, Any]) -> None:
        """Sends the next mail if its day has come, by an entry of the audit log (`notices`), and
        notes what was found. Raises StaleDomain, `aws.faults()`."""
        now = self._now()
        days = _day(now) - _day(domain.failing_since or now) + 1
        if domain.mails >= len(MAIL_DAYS) or days < MAIL_DAYS[domain.mails]:
            if noted:
                self._owners.note(domain, noted)
            return
        entry = failing_entry(now, domain, noted.get("reason", domain.reason))
        noted = {**noted, "mails": domain.mails + 1}
        self._audit.commit(lambda *records: self._owners.note(domain, noted, *records), entry)


_EXAMINED = (DomainState.ACTIVE, DomainState.FAILING)


def _day(at: float) -> int:
    return int(at) // DAY


def _chunks(domains: Iterable[Domain]) -> Iterator[list[Domain]]:
    rest = iter(domains)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
