"""The blocklist in DynamoDB, as operators change it.

- `blocklist` / `hosts`: all entries in one item, which a redirect reads together with its code.
- `blocklist` / `host#<host>`: an entry with why, when and by whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.aws.dynamodb import pages, transact
from jmpy.links.item import blocklist_key, to_hosts
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.aws.operations import DynamoDBOperations

MAX_BYTES = 128 * 1024
"""Of all entries together, some five thousand: every execution environment reads them every half
minute. Longer lists are what a provider of checks is for."""


class BlocklistFull(Exception):
    def __init__(self) -> None:
        super().__init__(
            f"The blocklist holds {MAX_BYTES // 1024} KB and is full; unblock what is no longer "
            "needed, or have destinations checked by a provider (docs/operations.md)"
        )


class BlocklistChanging(Exception):
    def __init__(self) -> None:
        super().__init__("Others kept changing the blocklist; try again")


@dataclass(frozen=True, slots=True)
class Entry:
    host: str
    """It and all that is within it."""
    reason: str
    since: int
    """Seconds since the Unix epoch, UTC."""
    by: str


class BlocklistStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, entry: Entry) -> bool:
        """False if it was there already; then its reason is replaced. Raises BlocklistFull,
        BlocklistChanging."""
        item = {
            **_entry_key(entry.host),
            "reason": {"S": entry.reason},
            "since": {"N": str(entry.since)},
            "by": {"S": entry.by},
        }
        return self._change(entry.host, {"Put": {"TableName": self._table, "Item": item}}, True)

    def remove(self, host: str) -> bool:
        """False if it was not there. Raises BlocklistChanging."""
        gone = {"Delete": {"TableName": self._table, "Key": _entry_key(host)}}
        return self._change(host, gone, False)

    def entries(self) -> Iterator[Entry]:
        """Those of the list: a restore may bring back what was said of another."""
        listed = to_hosts(self._list())
        found = pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :host)",
            ExpressionAttributeValues={":pk": blocklist_key()["pk"], ":host": {"S": "host#"}},
            ConsistentRead=True,
        )
        for page in found:
            yield from (entry for entry in map(_to_entry, page) if entry.host in listed)

    def _list(self) -> Any:
        response = self._client.get_item(
            TableName=self._table, Key=blocklist_key(), ConsistentRead=True
        )
        return response.get("Item")

    def _change(self, host: str, write: dict[str, Any], listed: bool) -> bool:
        """Writes the entry together with the list, if the list is as it was read."""
        for _ in CONTENTION.numbers():
            item = self._list()
            before = to_hosts(item)
            after = before | {host} if listed else before - {host}
            text = "\n".join(sorted(after))
            if listed and len(text) > MAX_BYTES:
                raise BlocklistFull
            version = int(item["version"]["N"]) if item else 0
            put = {
                "TableName": self._table,
                "Item": {
                    **blocklist_key(),
                    "hosts": {"S": text},
                    "version": {"N": str(version + 1)},
                },
                "ConditionExpression": "attribute_not_exists(pk) OR version = :read",
                "ExpressionAttributeValues": {":read": {"N": str(version)}},
            }
            if not transact(self._client, [{"Put": put}, write]):
                return before != after
        raise BlocklistChanging


def _entry_key(host: str) -> dict[str, Any]:
    return {**blocklist_key(), "sk": {"S": f"host#{host}"}}


def _to_entry(item: dict[str, Any]) -> Entry:
    return Entry(
        host=item["sk"]["S"].removeprefix("host#"),
        reason=item["reason"]["S"],
        since=int(item["since"]["N"]),
        by=item["by"]["S"],
    )
