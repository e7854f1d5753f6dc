"""A stack's tables, as backups read and restores write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

from jmpy.retry import Retry
from ops.backup_file import BackupRejected, Item
from ops.progress import Progress

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Pair = tuple[str, Item]
"""An item with the logical id of its table."""

FORGETTING = frozenset({"SaltsTable", "SessionsTable", "IdempotencyTable"})
"""Tables whose items expire within days, and need no backup: after a restore, nobody is signed in,
and no visitor is recognized."""

AT_ONCE = 16
"""Concurrent writes with a condition, which DynamoDB accepts only one by one."""

_BATCH = 25
"""Items that DynamoDB writes in one batch."""
_CHUNK = 1000
_THROTTLED = Retry(attempts=8, pause=0.05)
"""For what DynamoDB leaves of a batch: some 13 seconds at most."""


class NotEmpty(BackupRejected):
    def __init__(self, table: str) -> None:
        super().__init__(
            f"{table} has items already, which a restore could overwrite; restore into a new "
            "stack, or say FORCE=1 (what that does: docs/operations.md, 'Recovery')"
        )


class UnknownTable(BackupRejected):
    def __init__(self, table: str) -> None:
        super().__init__(
            f"The stack has no {table}, which the backup has items of; deploy the version that the "
            "backup was made with, or a later one"
        )


class StillFull(BackupRejected):
    def __init__(self) -> None:
        super().__init__(
            "DynamoDB did not take all items; wait until its throttling ends, and run the restore "
            "again with FORCE=1: it goes on where it stopped"
        )


def backed_up(tables: Mapping[str, str]) -> dict[str, str]:
    """Those that a backup has, by logical id."""
    return {name: table for name, table in tables.items() if name not in FORGETTING}


def scanned(client: DynamoDBClient, tables: Mapping[str, str]) -> Iterator[Pair]:
    """Every item as it is when it is read; the tables go on being written to meanwhile."""
    for name, table in sorted(tables.items()):
        pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        for page in pages:
            for item in page["Items"]:
                yield name, item


def require_empty(client: DynamoDBClient, tables: Mapping[str, str]) -> None:
    """Raises NotEmpty."""
    for name, table in tables.items():
        if client.scan(TableName=table, Limit=1, ConsistentRead=True)["Items"]:
            raise NotEmpty(name)


def written(client: DynamoDBClient, tables: Mapping[str, str], items: Iterable[Pair]) -> None:
    """Puts every item; the same item again changes nothing. Raises StillFull."""
    for chunk in chunks(items, _BATCH):
        batch: dict[str, list[Any]] = {}
        for name, item in chunk:
            batch.setdefault(tables[name], []).append({"PutRequest": {"Item": item}})
        _put(client, batch)


def filled(client: DynamoDBClient, tables: Mapping[str, str], items: Iterable[Pair]) -> None:
    """Puts the items that do not exist; existing ones stay as they are."""

    def put(pair: Pair) -> None:
        name, item = pair
        try:
            client.put_item(
                TableName=tables[name], Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        except client.exceptions.ConditionalCheckFailedException:
            return

    side_by_side(put, items)


def side_by_side(work: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Calls `work` on each item, some concurrently, in no particular order. Raises its errors."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for chunk in chunks(items, _CHUNK):
            for _ in pool.map(work, chunk):
                pass


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := [*islice(iterator, size)]:
        yield chunk


def reported(items: Iterable[Pair], done: str) -> Iterator[Pair]:
    """The same items, with a line about how many there were every two seconds."""
    progress = Progress(f"items {done}")
    for number, pair in enumerate(items, 1):
        yield pair
        progress(number)


def _put(client: DynamoDBClient, batch: dict[str, Any]) -> None:
    for _ in _THROTTLED.numbers():
        batch = dict(client.batch_write_item(RequestItems=batch)["UnprocessedItems"])
        if not batch:
            return
    raise StillFull
