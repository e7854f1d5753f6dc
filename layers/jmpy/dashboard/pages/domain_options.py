"""The domains that a form offers for short URLs, and a list filters by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmpy.domains.model import Domain
    from jmpy.domains.store import DomainStore

MOST = 100
"""An account that has more is offered the newest."""


@dataclass(frozen=True, slots=True)
class DomainOptions:
    domains: tuple[Domain, ...]

    @classmethod
    def read(cls, store: DomainStore, account_id: str) -> DomainOptions:
        return cls(tuple(store.newest(account_id, MOST)))

    @property
    def hosts(self) -> list[str]:
        """Of all of them."""
        return sorted(domain.host for domain in self.domains)

    @property
    def primary(self) -> str:
        """The host of new links; empty for the default domain."""
        return next((one.host for one in self.domains if one.is_primary), "")

    def usable(self, *further: str) -> list[str]:
        """The hosts that new links may be on, and `further` ones, such as that of the link at
        hand; empty ones are left out."""
        serving = {domain.host for domain in self.domains if domain.state.serves}
        return sorted(serving | set(filter(None, further)))
