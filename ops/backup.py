"""Takes a stack's data into a file, and puts it into the tables of a stack.

For moving to another region, account or name, and as a copy outside AWS. Against mistakes there is
point-in-time recovery, which needs no file (docs/operations.md, "Recovery").
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ops import backup_file
from ops.backup_file import BackupExists, BackupRefused, Item
from ops.command import Commands
from ops.deployment import Deployment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORGETTING = frozenset({"SaltsTable", "SessionsTable", "IdempotencyTable"})
"""Tables that forget everything within days, and are better forgotten: nobody is signed in, and no
visitor is recognized, on a stack that was restored."""

APPENDING = frozenset({"AuditTable"})
"""Tables whose own policy denies batches, since these can delete."""

_AT_ONCE = 25
"""Items that DynamoDB writes in one batch."""
_PROGRESS = 2.0
"""Seconds between two lines about it."""
_LONGEST_PAUSE = 10.0


class NotEmpty(BackupRefused):
    def __init__(self, table: str) -> None:
        super().__init__(
            f"{table} has items already, which a restore could overwrite; restore into a new "
            "stack, or say FORCE=1 (items of the backup win, others stay)"
        )


class UnknownTable(BackupRefused):
    def __init__(self, table: str) -> None:
        super().__init__(
            f"The stack has no {table}, which the backup has items of; deploy the version that the "
            "backup was made with, or a later one"
        )


class StillFull(BackupRefused):
    def __init__(self) -> None:
        super().__init__(
            "DynamoDB did not take all items; wait until its throttling ends, and run the restore "
            "again with FORCE=1: what was written is written again"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.backup", __doc__)
    creation = commands.add("create", create, "Write the stack's data into a file")
    restoring = commands.add("restore", restore, "Write a file's data into the stack's tables")
    for command in (creation, restoring):
        command.add_argument("file", type=Path)
        command.add_argument("--force", action="store_true", help="overwrite what is there")
    return commands.main(arguments)


def create(target: Deployment, options: argparse.Namespace) -> None:
    path: Path = options.file
    if path.exists() and not options.force:
        raise BackupExists(path)
    made_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    client, tables = target.dynamodb, kept(target.tables)
    items = reported(scanned(client, tables), "read")
    made = backup_file.write(path, target.id.split("/")[1], made_at, items)
    _tell(made)
    print(f"Wrote {path}. Keep it as you keep passwords: it holds addresses of people, and what "
          "links and webhooks are protected with.")  # fmt: skip


def restore(target: Deployment, options: argparse.Namespace) -> None:
    path: Path = options.file
    print(f"- Checking {path} ...", file=sys.stderr)
    found = backup_file.check(path)
    client, tables = target.dynamodb, kept(target.tables)
    for table in found.counts:
        if table not in tables:
            raise UnknownTable(table)
    if not options.force:
        require_empty(client, tables)
    written(client, tables, reported(backup_file.read(path), "written"))
    _tell(found)
    print(f"Restored the backup of {found.stack} from {found.made_at}.")
    print(
        "Now put every account on its plan at API Gateway, or its keys are answered 503: make plans"
    )


def kept(tables: Mapping[str, str]) -> dict[str, str]:
    """Those that a backup has, by logical id."""
    return {name: table for name, table in tables.items() if name not in FORGETTING}


def scanned(client: DynamoDBClient, tables: Mapping[str, str]) -> Iterator[tuple[str, Item]]:
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


def written(
    client: DynamoDBClient, tables: Mapping[str, str], items: Iterable[tuple[str, Item]]
) -> None:
    """Puts every item; the same item again changes nothing. Raises StillFull."""
    batch: dict[str, list[Any]] = {}
    for name, item in items:
        if name in APPENDING:
            client.put_item(TableName=tables[name], Item=item)
            continue
        batch.setdefault(tables[name], []).append({"PutRequest": {"Item": item}})
        if sum(map(len, batch.values())) == _AT_ONCE:
            _put(client, batch)
            batch = {}
    _put(client, batch)


def _put(client: DynamoDBClient, batch: dict[str, Any]) -> None:
    pause = 0.1
    while batch:
        batch = dict(client.batch_write_item(RequestItems=batch)["UnprocessedItems"])
        if batch:
            if pause > _LONGEST_PAUSE:
                raise StillFull
            time.sleep(random.uniform(0, pause))  # noqa: S311 - a pause
            pause *= 2


def reported(items: Iterable[tuple[str, Item]], done: str) -> Iterator[tuple[str, Item]]:
    """The same items, with a line about how many there were every two seconds."""
    last = time.monotonic()
    for number, pair in enumerate(items, 1):
        yield pair
        if time.monotonic() - last > _PROGRESS:
            last = time.monotonic()
            print(f"- {number:,} items {done}, at {pair[0]} ...", file=sys.stderr, flush=True)


def _tell(backup: backup_file.Backup) -> None:
    for name, count in sorted(backup.counts.items()):
        print(f"{count:10,}  {name}")
    if not backup.counts:
        print("There was nothing to take.")


if __name__ == "__main__":
    sys.exit(main())
