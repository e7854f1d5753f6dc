"""Domains in DynamoDB, in the table of the links: a domain, its host and what the account counts of
them change together or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.aws import dynamodb
from jmpy.aws.dynamodb import transact_recorded
from jmpy.domains.errors import DomainNotFound
from jmpy.domains.holdings import Holdings
from jmpy.domains.item import (
    domain_key,
    file_key,
    from_item,
    host_key,
    to_file_content,
    to_host_record,
)
from jmpy.domains.lookup import DomainLookup
from jmpy.domains.model import Numbers
from jmpy.domains.writes import DomainWrites
from jmpy.links import account_items, codes, membership
from jmpy.links.item import blocklist_key, to_hosts
from jmpy.links.members import Members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.domains.model import Domain, DomainKind, HostRecord, WellKnownFile
    from jmpy.transaction import TransactionItem


class DomainStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table
        self.lookup = DomainLookup(client, table)
        self._links = Members(client, table, membership.DOMAIN)

    def blocked_hosts(self) -> frozenset[str]:
        """As `LinkStore.blocked_hosts`."""
        return to_hosts(self._get(blocklist_key()))

    def find(self, account_id: str, domain_id: str, kind: DomainKind | None = None) -> Domain:
        """In whatever state, and of the kind if one is given. Raises DomainNotFound."""
        is_id = codes.is_link_id(domain_id)
        item = self._get(domain_key(account_id, domain_id.lower())) if is_id else None
        domain = from_item(item) if item else None
        if domain is None or kind not in (None, domain.kind):
            raise DomainNotFound
        return domain

    def host(self, host: str) -> HostRecord | None:
        """Who has the host, over all accounts, or had it until recently."""
        item = self._get(host_key(host))
        return to_host_record(item) if item else None

    def newest(
        self, account_id: str, most: int, kind: DomainKind | None = None
    ) -> Iterator[Domain]:
        """Up to `most` domains, of the kind if there is one; page after page of up to one
        megabyte."""
        start: dict[str, Any] = {}
        while most > 0:
            response = self._query(
                account_id, "domain#", ScanIndexForward=False, Limit=most, **start
            )
            domains = map(from_item, response["Items"])
            found = [domain for domain in domains if kind in (None, domain.kind)]
            yield from found
            most -= len(found)
            if "LastEvaluatedKey" not in response:
                return
            start = {"ExclusiveStartKey": response["LastEvaluatedKey"]}

    def holdings(self, account_id: str) -> Holdings:
        """How many domains the account has, and which of them is primary."""
        return Holdings.from_item(self._get(Holdings.key(account_id)))

    def add(self, domain: Domain, limit: int, *records: TransactionItem) -> None:
        """If the account has fewer than `limit` domains. One that serves takes its host, if nobody
        has it and it is held for nobody else.

        Raises HostTaken, AccountHasHost, LimitReached, RecordRejected.
        """
        writes = DomainWrites(self._table)
        writes.add(domain, limit)
        self._commit(writes, records)

    def change(self, domain: Domain, changes: dict[str, Any], *records: TransactionItem) -> Domain:
        """Sets the changed fields (None removes one) of the record, and of its host if it has it.
        One that becomes the primary domain takes the place of the one that is.

        Raises StaleDomain, RecordRejected.
        """
        changed = replace(domain, version=domain.version + 1, **changes)
        writes = DomainWrites(self._table)
        writes.change(domain, {**changes, "version": changed.version})
        if "is_primary" in changes:
            writes.move_primary(changed, self.holdings(domain.account_id))
        self._commit(writes, records)
        return changed

    def file(self, domain: Domain, name: WellKnownFile) -> str | None:
        """JSON text; None if the domain has no such file."""
        return to_file_content(self._get(file_key(domain.host, name)), domain.id)

    def put_file(
        self,
        domain: Domain,
        name: WellKnownFile,
        content: str | None,
        now: int,
        *records: TransactionItem,
    ) -> None:
        """`content`: JSON text; None removes the file. Counts as a change of the domain, as it was
        read. Raises StaleDomain, RecordRejected."""
        writes = DomainWrites(self._table)
        writes.change(domain, {"updated_at": now, "version": domain.version + 1})
        writes.put_file(domain, name, content)
        self._commit(writes, records)

    def counts(self, account_id: str, domain_id: str) -> list[Item]:
        """Of links and QR codes on the domain, in parts (`Members.counts`). None of a domain that
        never served."""
        return self._links.counts(account_id, domain_id)

    def numbers(self, account_id: str, oldest: str, newest: str) -> dict[str, Numbers]:
        """Of the domains from the id `oldest` to `newest`, by id (`Members.counts_of_all`)."""
        found = self._links.counts_of_all(account_id, oldest, newest)
        return {domain_id: to_numbers(items) for domain_id, items in found.items()}

    def link_ids(self, account_id: str, domain_id: str, limit: int) -> list[str]:
        """Of up to `limit` links on the domain, the oldest first."""
        found, _ = self._links.ids(account_id, domain_id, limit, newest_first=False)
        return found

    def forget_links(self, account_id: str, domain_id: str, link_ids: Iterable[str]) -> None:
        """That they were on the domain; they are deleted."""
        key = membership.DOMAIN.key
        keys = [key(account_id, domain_id, link_id) for link_id in link_ids]
        dynamodb.delete(self._client, self._table, keys)

    def close(self, domain: Domain, changes: dict[str, Any], *records: TransactionItem) -> Domain:
        """Sets the changed fields; no link can join the domain from now on. Raises StaleDomain,
        RecordRejected."""
        changed = replace(domain, version=domain.version + 1, **changes)
        writes = DomainWrites(self._table)
        writes.close(domain, {**changes, "version": changed.version})
        self._commit(writes, records)
        return changed

    def reopen(self, domain: Domain, changes: dict[str, Any], *records: TransactionItem) -> Domain:
        """Sets the changed fields; links can join the domain again. Raises StaleDomain,
        RecordRejected."""
        changed = replace(domain, version=domain.version + 1, **changes)
        writes = DomainWrites(self._table)
        writes.reopen(domain, {**changes, "version": changed.version})
        self._commit(writes, records)
        return changed

    def remove(
        self, domain: Domain, counts: list[Item], now: int, *records: TransactionItem
    ) -> None:
        """With its files, and the `counts`, which have to be as they were read. The name of a
        subdomain is held for its account. Raises StaleDomain, RecordRejected."""
        writes = DomainWrites(self._table)
        writes.remove(domain, counts, now)
        self._commit(writes, records)

    def _commit(self, writes: DomainWrites, records: tuple[TransactionItem, ...]) -> None:
        """Raises what the failed conditions mean, RecordRejected."""
        if failed := transact_recorded(self._client, writes.items, records):
            raise writes.failure(failed)

    def _get(self, key: Item) -> Item | None:
        response = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return response.get("Item")

    def _query(self, account_id: str, prefix: str, **options: Any) -> Any:
        return account_items.query(self._client, self._table, account_id, prefix, **options)


def to_numbers(counts: list[Item]) -> Numbers:
    """Of the counts of one domain."""
    return Numbers(membership.total(counts), membership.total(counts, "qr_codes"))
