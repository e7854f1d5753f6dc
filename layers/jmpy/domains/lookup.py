"""Finds the domains that links may be on, in the table of the links."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from jmpy.aws.dynamodb import pages, read
from jmpy.domains.holdings import Holdings
from jmpy.domains.item import account_host_key, domain_key, from_item, host_key, to_host_record
from jmpy.domains.model import DomainName, DomainState
from jmpy.links import account_items, hosts
from jmpy.links.errors import UnknownDomain

if TYPE_CHECKING:
    from collections.abc import Collection

    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.domains.model import HostRecord
    from jmpy.gateway.own_names import OwnNames

_PROBLEMS = {
    DomainState.PENDING: "is not verified yet; add its DNS records and verify it first",
    DomainState.VERIFYING: "is not active yet; wait for its certificate",
    DomainState.SUSPENDED: "was suspended by the operator of this service; use another domain",
    DomainState.DELETING: "is being deleted; use another domain",
    DomainState.LOST: "was verified by another account; verify it again, or use another domain",
}
"""Why an account cannot have links on a domain of its own, and what to do next."""


class DomainLookup:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def usable(self, account_id: str, host: str) -> DomainName:
        """The account's domain with this host, if new links may be on it. Raises UnknownDomain."""
        found = self.usable_all(account_id, [host])
        if host not in found:
            raise self.problems(account_id, [host])[host]
        return found[host]

    def primary(self, account_id: str) -> str | None:
        """The host of the domain that new links of the account are on unless they name another one;
        None: the default domain. One read if the account has no such domain."""
        for held in self._read([Holdings.key(account_id)]):
            if (domain_id := Holdings.from_item(held).primary_id) is not None:
                for item in self._read([domain_key(account_id, domain_id)]):
                    return from_item(item).host
        return None

    def usable_all(self, account_id: str, names: Collection[str]) -> dict[str, DomainName]:
        """Those that new links may be on, by host. One read of up to 100 host records."""
        return {
            host: DomainName(record.domain_id, host, record.kind)
            for host, record in self.records(names).items()
            if record.account_id == account_id and record.state.serves
        }

    def problems(self, account_id: str, names: Collection[str]) -> dict[str, UnknownDomain]:
        """Why the account cannot use the hosts, by host. Two reads, since few requests need it."""
        named = self._read([account_host_key(account_id, host) for host in names])
        keys = [domain_key(account_id, item["domain_id"]["S"]) for item in named]
        states = {domain.host: domain.state for domain in map(from_item, self._read(keys))}
        return {host: _problem(host, states.get(host)) for host in names}

    def records(self, names: Collection[str]) -> dict[str, HostRecord]:
        """Of the hosts that some account has, by host. No call without a host."""
        items = self._read([host_key(host) for host in names])
        return {item["pk"]["S"].removeprefix("domain#"): to_host_record(item) for item in items}

    def hosts(self, account_id: str) -> list[str]:
        """Of all domains that the account has or claims. One query of small items."""
        prefix = "domain-host#"
        send = partial(account_items.query, self._client, self._table, account_id, prefix)
        return [item["sk"]["S"].removeprefix(prefix) for items in pages(send) for item in items]

    def leading_here(self, urls: Collection[str], own: OwnNames) -> set[str]:
        """Those of the stored destinations that lead to hosts of customers, where there may be any:
        one read of up to 100 host records."""
        by_host = defaultdict[str, set[str]](set)
        for url in urls if own.have_others else ():
            by_host[hosts.host_of(url)].add(url)
        return {url for host in self.records(by_host) for url in by_host[host]}

    def id_of(self, account_id: str, host: str) -> str | None:
        """Of the account's domain with this host, whatever its state."""
        for item in self._read([account_host_key(account_id, host)]):
            return str(item["domain_id"]["S"])
        return None

    def _read(self, keys: list[Item]) -> list[Item]:
        return list(read(self._client, self._table, keys, ConsistentRead=True))


def _problem(host: str, state: DomainState | None) -> UnknownDomain:
    return UnknownDomain(host, _PROBLEMS[state]) if state in _PROBLEMS else UnknownDomain(host)
