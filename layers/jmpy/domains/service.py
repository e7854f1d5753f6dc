"""Finds and lists an account's domains; `changes` has the rest."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.domains import listing, subdomain_name
from jmpy.domains.model import Described, Numbers
from jmpy.domains.store import to_numbers

if TYPE_CHECKING:
    from jmpy.clock import Clock
    from jmpy.domains.model import Domain, DomainKind
    from jmpy.domains.store import DomainStore


class SubdomainState(StrEnum):
    AVAILABLE = "available"
    TAKEN = "taken"
    YOURS = "yours"
    HELD = "held"
    """It was deleted, and is held for the account that had it."""


class Domains:
    def __init__(self, store: DomainStore, now: Clock = system_clock) -> None:
        self._store = store
        self._now = now

    def get(self, account_id: str, domain_id: str, kind: DomainKind | None = None) -> Described:
        """Raises DomainNotFound."""
        return self.described(self._store.find(account_id, domain_id, kind))

    def page(self, account_id: str, request: listing.Request) -> tuple[list[Described], int]:
        """The page, and how many such domains the account has. Raises DomainPageTooDeep."""
        page = listing.read(self._store, account_id, request)
        if not page.domains:
            return [], page.total
        oldest, newest = page.domains[-1].id, page.domains[0].id
        found = self._store.numbers(account_id, oldest, newest)
        described = [Described(one, found.get(one.id, Numbers())) for one in page.domains]
        return described, page.total

    def described(self, domain: Domain) -> Described:
        """One query more than the domain."""
        counts = self._store.counts(domain.account_id, domain.id)
        return Described(domain, to_numbers(counts))

    def availability(self, account_id: str, subdomain: str, zone: str) -> SubdomainState:
        """Of a name in the operator's zone, for the account. Raises SubdomainsUnavailable,
        InvalidSubdomain."""
        host = subdomain_name.host(subdomain_name.checked(subdomain), zone)
        record = self._store.host(host)
        if record is None:
            return SubdomainState.AVAILABLE
        is_own = record.account_id == account_id
        if record.held_until is None:
            return SubdomainState.YOURS if is_own else SubdomainState.TAKEN
        is_free = is_own or record.held_until <= self._now()
        return SubdomainState.AVAILABLE if is_free else SubdomainState.HELD
