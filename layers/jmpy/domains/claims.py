"""Claims of hosts by accounts. A claim blocks nobody: any number of accounts may claim the same
host, and only a proof gives it to one of them (`verification`)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jmpy.audit.model import Action
from jmpy.clock import DAY, system_clock
from jmpy.domains.errors import DomainExists, TooManyDomains
from jmpy.domains.model import Domain, DomainKind, DomainState
from jmpy.domains.writes import AccountHasHost, LimitReached
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.changes import DomainChanges
    from jmpy.domains.hostnames import HostRules
    from jmpy.domains.store import DomainStore
    from jmpy.transaction import TransactionItem

CLAIMED = 30 * DAY
"""Seconds after which a claim without a proof is deleted, by the check of that day."""


def random_token() -> str:
    """32 hexadecimal digits."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """As requested."""

    host: str
    """In any spelling."""
    name: str | None = None
    """None: as the host."""
    description: str | None = None


def is_expired(domain: Domain, now: float) -> bool:
    """Whether it is a claim that was not proven in time; `now` in seconds since the Unix epoch."""
    return domain.state is DomainState.PENDING and domain.created_at + CLAIMED <= now


class Claims:
    def __init__(
        self,
        store: DomainStore,
        changes: DomainChanges,
        audit: AuditLog,
        now: Clock = system_clock,
        token: Callable[[], str] = random_token,
    ) -> None:
        self._store = store
        self._changes = changes
        self._audit = audit
        self._now = now
        self._token = token

    def create(
        self,
        account_id: str,
        new: NewClaim,
        *,
        rules: HostRules,
        limit: int,
        by: Origin,
        also: Callable[[Domain], Sequence[TransactionItem]] = lambda _domain: (),
    ) -> Domain:
        """For an account that may have `limit` domains. What `also` returns is written in the same
        transaction.

        Raises InvalidHost, DomainExists, TooManyDomains, RecordRejected.
        """
        host, now = rules.check(new.host), self._now()
        domain = Domain(
            id=uuid7(now),
            account_id=account_id,
            host=host,
            kind=DomainKind.BRANDED,
            state=DomainState.PENDING,
            name=new.name or host,
            description=new.description,
            created_at=int(now),
            updated_at=int(now),
            token=self._token(),
        )
        entry = self._changes.entry(Action.DOMAIN_CREATED, None, domain, by)
        try:
            self._audit.commit(partial(self._store.add, domain, limit, *also(domain)), entry)
        except AccountHasHost:
            raise DomainExists(host) from None
        except LimitReached:
            raise TooManyDomains(limit) from None
        return domain
