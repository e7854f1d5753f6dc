"""Stacks of the tests, as far as backups and restores know them."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jmpy.audit.store import AuditLog
from jmpy.keys.store import KeyStore
from ops import backup, backup_tables
from project import template
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, CLICKS, LINKS, SALTS, SESSIONS, USAGE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.audit.model import Origin

OLD = {
    "AccountsTable": ACCOUNTS, "LinksTable": LINKS, "ClicksTable": CLICKS, "UsageTable": USAGE,
    "ActivityTable": ACTIVITY, "AuditTable": AUDIT, "SaltsTable": SALTS, "SessionsTable": SESSIONS,
}  # fmt: skip


@dataclass
class Stack:
    """What a deployment is to a backup."""

    tables: dict[str, str]
    dynamodb: DynamoDBClient
    usage_plan_keys: UsagePlanKeys
    id: str = "arn:aws:cloudformation:eu-west-1:123456789012:stack/jmpy/1"
    operator: Origin = SOMEBODY

    @property
    def audit_log(self) -> AuditLog:
        return AuditLog(self.dynamodb, self.tables["AuditTable"])

    @property
    def keys(self) -> KeyStore:
        return KeyStore(self.dynamodb, self.tables["AccountsTable"])


def deployed(dynamodb: DynamoDBClient, edge: UsagePlanKeys) -> Stack:
    """The stack of the other tests."""
    return Stack(OLD, dynamodb, edge)


def empty(dynamodb: DynamoDBClient, edge: UsagePlanKeys) -> Stack:
    """Another one, which has nothing yet."""
    tables = {name: f"restored-{table}" for name, table in OLD.items()}
    for name, table in tables.items():
        dynamodb.create_table(TableName=table, **template.table(name))
    return Stack(tables, dynamodb, replace(edge, stack_id="stack-2"))


def key_file(path: Path) -> Path:
    """Of all backups in one folder."""
    return path.with_name("backup.key")


def taken(stack: Stack, path: Path, *, force: bool = False) -> None:
    options = argparse.Namespace(file=path, force=force, key_file=key_file(path))
    backup.create(stack, options)  # type: ignore[arg-type]


def put(
    stack: Stack,
    path: Path,
    *,
    force: bool = False,
    yes: bool = True,
    report: Path | None = None,
    unverified: bool = False,
) -> None:
    options = argparse.Namespace(
        file=path, force=force, yes=yes, report=report, key_file=key_file(path),
        unverified=unverified,
    )  # fmt: skip
    backup.restore(stack, options)  # type: ignore[arg-type]


def contents(stack: Stack) -> dict[str, list[Any]]:
    """All items, in an order of their own."""
    found: dict[str, list[Any]] = {name: [] for name in stack.tables}
    for name, item in backup_tables.scanned(stack.dynamodb, stack.tables):
        found[name].append(item)
    return {
        name: sorted(items, key=lambda item: (item["pk"]["S"], str(item.get("sk"))))
        for name, items in found.items()
    }
