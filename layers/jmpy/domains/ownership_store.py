"""The ownership of hosts in DynamoDB, and which branded domains are to be checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER
from jmpy.aws.dynamodb import pages, read, transact_recorded
from jmpy.domains.errors import DomainNotFound
from jmpy.domains.item import DOMAIN, domain_key, from_item
from jmpy.domains.model import Domain, DomainKind, DomainState
from jmpy.domains.ownership_writes import OwnershipWrites
from jmpy.domains.writes import StaleDomain
from jmpy.links.store import DESTINATION_INDEX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.domains.store import DomainStore
    from jmpy.transaction import TransactionItem


class OwnershipStore:
    def __init__(self, client: DynamoDBOperations, table: str, domains: DomainStore) -> None:
        self._client = client
        self._table = table
        self._domains = domains

    def holder(self, host: str) -> Domain | None:
        """The domain that has the host, over all accounts."""
        record = self._domains.host(host)
        if record is None:
            return None
        try:
            return self._domains.find(record.account_id, record.domain_id)
        except DomainNotFound:  # deleted between the two reads
            return None

    def take(
        self,
        domain: Domain,
        changes: dict[str, Any],
        holder: Domain | None,
        *records: TransactionItem,
    ) -> Domain:
        """Gives the host to the domain, with `changes` to it; `holder` has it now, and loses it
        with all of its short URLs. Raises StaleDomain if any of that is no longer as it was read,
        RecordRejected."""
        changes = {**changes, "version": domain.version + 1}
        writes = OwnershipWrites(self._table)
        writes.own(domain, changes, holder)
        if holder is not None:
            lost = {
                "state": DomainState.LOST,
                "is_primary": False,
                "updated_at": changes["updated_at"],
                "version": holder.version + 1,
            }
            writes.lose(holder, lost, self._domains.holdings(holder.account_id))
        if failed := transact_recorded(self._client, writes.items, records):
            raise writes.failure(failed)
        return replace(domain, **changes)

    def note(self, domain: Domain, noted: dict[str, Any], *records: TransactionItem) -> Domain:
        """Sets what a check found (None removes it), which is no change of the domain: it stays the
        version that its owner has read. Raises StaleDomain, RecordRejected."""
        attributes = DOMAIN.encode_changes(noted)
        values = {name: value for name, value in attributes.items() if value is not None}
        update = " ".join(
            f"{word} {', '.join(parts)}"
            for word, parts in (
                ("SET", [f"#{name} = :{name}" for name in values]),
                ("REMOVE", [f"#{name}" for name in attributes if name not in values]),
            )
            if parts
        )
        write = {
            "TableName": self._table,
            "Key": domain_key(domain.account_id, domain.id),
            "ConditionExpression": "version = :read",
            "UpdateExpression": update,
            "ExpressionAttributeNames": {f"#{name}": name for name in attributes},
            "ExpressionAttributeValues": {
                ":read": NUMBER.encode(domain.version),
                **{f":{name}": value for name, value in values.items()},
            },
        }
        if records:
            is_stale = bool(transact_recorded(self._client, [{"Update": write}], records))
        else:
            is_stale = not self._update(write)
        if is_stale:
            raise StaleDomain
        return replace(domain, **noted)

    def _update(self, write: dict[str, Any]) -> bool:
        """Alone, which costs half of a transaction; whether its condition was met."""
        try:
            self._client.update_item(**write)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def due(self, partition: str) -> Iterator[Domain]:
        """The branded domains that are checked together (`item.check_partition`), in whatever
        state; the index lags by moments."""
        found = pages(
            self._client.query,
            TableName=self._table,
            IndexName=DESTINATION_INDEX,
            KeyConditionExpression="destination = :due",
            ExpressionAttributeValues={":due": {"S": partition}},
        )
        for page in found:
            yield from self._read(page)

    def _read(self, found: Sequence[dict[str, Any]]) -> Iterator[Domain]:
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in found]
        items = read(self._client, self._table, keys, ConsistentRead=True)
        domains = map(from_item, items)
        return (domain for domain in domains if domain.kind is DomainKind.BRANDED)
