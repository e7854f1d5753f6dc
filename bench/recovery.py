"""How long a restore of many accounts takes, and how many requests of API Gateway it makes.

The tables are on AWS's own DynamoDB Local. API Gateway is a stand-in that responds at once: what
takes its time on AWS is the number of requests, of which it allows ten a second.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from bench import committed
from jmpy.accounts.item import to_account_item
from jmpy.accounts.model import Account, Subscription
from jmpy.accounts.usage_plan_keys import UsagePlanKeys
from jmpy.audit.store import AuditLog
from jmpy.keys.item import to_item, to_reference_item
from local import dynamodb_local
from ops import backup, backup_file
from project import template
from project.keys import issued
from project.origins import SOMEBODY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from ops.backup_tables import Pair

RESULTS = Path(__file__).resolve().parent / "results" / "recovery.json"
KEYS_EACH = 2
PAGE = 500
CREATED_AT = "2026-11-26T03:00:00Z"
TABLES = {"AccountsTable": "accounts", "AuditTable": "audit"}


class Gateway:
    """As much of API Gateway as a restore asks, and how often."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.asked: Counter[str] = Counter()

    def import_api_keys(self, *, body: bytes, **_: Any) -> None:
        self.asked["ImportApiKeys"] += 1
        self.names += [row["name"] for row in csv.DictReader(io.StringIO(body.decode()))]

    def get_paginator(self, operation: str) -> Gateway:
        self._listed = operation
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        for start in range(0, len(self.names) or 1, PAGE):
            self.asked[self._listed] += 1
            page = self.names[start : start + PAGE]
            yield {"items": [{"name": name, "id": name} for name in page]}


@dataclass
class Target:
    """A stack, as far as a restore knows one."""

    dynamodb: DynamoDBClient
    usage_plan_keys: UsagePlanKeys
    id: str = "arn:aws:cloudformation:eu-west-1:123456789012:stack/bench/1"
    operator: Any = SOMEBODY
    tables: Any = None

    def __post_init__(self) -> None:
        self.tables = TABLES
        for logical_id, table in TABLES.items():
            self.dynamodb.create_table(TableName=table, **template.table(logical_id))

    @property
    def audit_log(self) -> AuditLog:
        return AuditLog(self.dynamodb, TABLES["AuditTable"])


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.recovery", description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000, help="default: %(default)s")
    options = parser.parse_args()
    with dynamodb_local.running() as endpoint:
        figures = _measured(_client(endpoint), options.accounts)
    committed.write(RESULTS, figures, trial=committed.is_trial(parser, options, "accounts"))
    print(json.dumps(figures, indent=2))
    return 0


def _client(endpoint: str) -> DynamoDBClient:
    session = boto3.Session("bench", "bench", region_name="eu-west-1")
    return session.client("dynamodb", endpoint_url=endpoint)


def _measured(client: DynamoDBClient, count: int) -> dict[str, Any]:
    gateway: Any = Gateway()
    edge = UsagePlanKeys(
        lambda: gateway, "bench", lambda: json.dumps({"free": "plan-1"}), "new-1", settling=0
    )
    with _backup(count) as path:
        options = argparse.Namespace(file=path, force=False, yes=True, report=None, unverified=True)
        began = time.perf_counter()
        backup.restore(Target(client, edge), options)  # type: ignore[arg-type]
        seconds = time.perf_counter() - began
    return {
        "accounts": count,
        "API keys": count * KEYS_EACH,
        "requests of API Gateway": dict(gateway.asked),
        "seconds, with an API Gateway that responds at once": round(seconds, 1),
    }


@contextmanager
def _backup(count: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "backup.jsonl"
        backup_file.write(path, "bench", CREATED_AT, _items(count), b"key")
        yield path


def _items(count: int) -> Iterator[Pair]:
    for number in range(count):
        account_id, sold = f"account-{number}", Subscription("free", "of-the-old-stack")
        account = Account(account_id, sold, 1_700_000_000, keys_added=KEYS_EACH)
        yield "AccountsTable", to_account_item(account)
        for place in range(KEYS_EACH):
            _, key = issued(id=f"{account_id}-{place}", account_id=account_id, subscription=sold)
            yield "AccountsTable", to_item(key)
            yield "AccountsTable", to_reference_item(key)


if __name__ == "__main__":
    sys.exit(main())
