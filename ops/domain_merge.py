"""Merges a backup's domains into a table that has links: restoring over a stack.

Domains that the stack has stay as they are there. Missing ones come back, unless another domain has
the host now, or its name is held for another account.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.domains.errors import DomainNotFound
from jmpy.domains.item import from_item
from jmpy.domains.model import DomainState
from jmpy.domains.store import DomainStore
from jmpy.domains.writes import AccountHasHost, HostTaken
from ops.backup_tables import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.domains.model import Domain
    from ops.backup_file import Item

_NO_LIMIT = 1_000_000
"""Domains of an account: what it had before may be more than its plan includes now."""

_COMES_BACK_AS = {
    DomainState.VERIFYING: DomainState.PENDING,
    DomainState.LOST: DomainState.PENDING,
    DomainState.SUSPENDED: DomainState.ACTIVE,
}
"""In which state a domain is added: its owner verifies it again; it is suspended after that."""


def is_domain(item: Item) -> bool:
    return bool(item["sk"]["S"].startswith("domain#"))


def is_file(item: Item) -> bool:
    """Whether it is a well-known file of a host."""
    return bool(item["pk"]["S"].startswith("domain#") and item["sk"]["S"].startswith("file#"))


def is_derived(item: Item) -> bool:
    """Whether it follows from domains and links: who has a host, what an account has of domains,
    which links are on a domain, and how many. Those that come back are counted as new ones are."""
    sort_key = item["sk"]["S"]
    return sort_key in {"domain", "domains"} or sort_key.startswith(
        ("domain-host#", "domain-link#", "domain-count#")
    )


class DomainMerge:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table
        self._store = DomainStore(client, table)
        self._restored: dict[str, Domain] = {}
        """By id."""
        self.taken = 0
        """Left out: another domain has the host."""

    @property
    def added(self) -> int:
        return len(self._restored)

    def run(self, items: Iterable[Item]) -> None:
        """Before the links are merged: they need their domains. One that was being deleted is left
        out, and none is the primary domain again."""
        for domain in map(from_item, items):
            if domain.state is DomainState.DELETING or self._is_there(domain):
                continue
            try:
                self._add(domain)
            except (AccountHasHost, HostTaken):
                self.taken += 1
            else:
                self._restored[domain.id] = domain

    def put_files(self, items: Iterable[Item]) -> None:
        """Those of the hosts that came back."""
        hosts = {f"domain#{one.host}" for one in self._restored.values() if one.state.serves}
        pairs = (("LinksTable", item) for item in items if item["pk"]["S"] in hosts)
        written(self._client, {"LinksTable": self._table}, pairs)

    def _is_there(self, domain: Domain) -> bool:
        try:
            self._store.find(domain.account_id, domain.id)
        except DomainNotFound:
            return False
        return True

    def _add(self, domain: Domain) -> None:
        """Raises AccountHasHost, HostTaken."""
        state = _COMES_BACK_AS.get(domain.state, domain.state)
        added = replace(domain, state=state, is_primary=False)
        self._store.add(added, _NO_LIMIT)
        if domain.state is DomainState.SUSPENDED:
            self._store.close(added, {"state": domain.state, "reason": domain.reason})
