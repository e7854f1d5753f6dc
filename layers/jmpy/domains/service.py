"""Finds and lists an account's domains; `changes` has the rest."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.domains import listing, subdomain_name
from jmpy.domains.model import Described, Numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    def get(self, account_id: str, domain_id: str, kind: DomainKind | None = None) -> Domain:
        """Raises DomainNotFound."""
        return self._store.find(account_id, domain_id, kind)

    def page(self, account_id: str, request: listing.Request) -> listing.Page:
        """Raises DomainPageTooDeep."""
        return listing.read(self._store, account_id, request)

    def described(self, domains: Sequence[Domain]) -> list[Described]:
        """Domains of one account, the newest first, with their numbers; one query."""
        if not domains:
            return []
        found = self._store.numbers(domains[0].account_id, domains[-1].id, domains[0].id)
        return [Described(domain, found.get(domain.id, Numbers())) for domain in domains]

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
