"""Lists of an account's domains, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from jmpy.domains.errors import DomainPageTooDeep

if TYPE_CHECKING:
    from jmpy.domains.model import Domain, DomainKind
    from jmpy.domains.store import DomainStore

DEEPEST = 10_000
"""Domains that may precede a page: a page number is a position, which only reading up to it can
find."""


@dataclass(frozen=True, slots=True)
class Request:
    page: int = 1
    limit: int = 20
    kind: DomainKind | None = None
    """None for all."""


@dataclass(frozen=True, slots=True)
class Page:
    domains: list[Domain]
    total: int
    """Of the account's domains of the kind."""


def read(store: DomainStore, account_id: str, request: Request) -> Page:
    """Raises DomainPageTooDeep."""
    skip = (request.page - 1) * request.limit
    if skip > DEEPEST:
        raise DomainPageTooDeep(DEEPEST)
    total = store.holdings(account_id).number(request.kind)
    if skip >= total:
        return Page([], total)
    found = store.newest(account_id, skip + request.limit, request.kind)
    return Page(list(islice(found, skip, None)), total)
