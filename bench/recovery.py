"""How long a restore of many accounts takes, and how many requests of API Gateway it makes.

On the emulator of the running local stack (`make start`), in tables and usage plans of its own. AWS
allows ten management requests a second; the emulator answers as fast as this machine can.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jmpy.accounts.edge import EdgeKeys
from jmpy.accounts.edge_bulk import BulkEdgeKeys, Holder
from jmpy.accounts.item import to_account_item
from jmpy.accounts.model import Account, Subscription
from jmpy.audit.store import AuditLog
from jmpy.keys.item import to_item, to_reference_item
from local import stack_env
from ops import backup, backup_file
from tests import template
from tests.origins import SOMEBODY
from tests.unit.keys import issued

if TYPE_CHECKING:
    from collections.abc import Iterator

    import boto3
    from mypy_boto3_dynamodb import DynamoDBClient

    from ops.backup_tables import Pair

RESULTS = Path(__file__).resolve().parent / "results" / "recovery.json"
KEYS_EACH = 2
MADE_AT = "2026-11-26T03:00:00Z"


@dataclass
class Target:
    """A stack, as far as a restore knows one."""

    session: boto3.Session
    endpoint: str
    id: str = field(default_factory=lambda: f"bench/{secrets.token_hex(4)}/1")
    operator: Any = SOMEBODY
    asked: Counter[str] = field(default_factory=Counter)
    """Requests of API Gateway, by operation."""

    def __post_init__(self) -> None:
        name = self.id.replace("/", "-")
        self.dynamodb: DynamoDBClient = self.session.client("dynamodb", endpoint_url=self.endpoint)
        self.tables = {"AccountsTable": f"{name}-accounts", "AuditTable": f"{name}-audit"}
        for logical_id, table in self.tables.items():
            self.dynamodb.create_table(TableName=table, **template.table(logical_id))
        gateway = self.session.client("apigateway", endpoint_url=self.endpoint)
        self._plan = gateway.create_usage_plan(name=name)["id"]
        gateway.meta.events.register("before-call", self._count)
        plans = json.dumps({"free": self._plan})
        self.edge_keys = EdgeKeys(lambda: gateway, self.id, lambda: plans)

    @property
    def audit_log(self) -> AuditLog:
        return AuditLog(self.dynamodb, self.tables["AuditTable"])

    def _count(self, model: Any, **_: Any) -> None:
        self.asked[model.name] += 1

    def remove(self, holders: list[Holder]) -> None:
        for table in self.tables.values():
            self.dynamodb.delete_table(TableName=table)
        ours = {self.edge_keys.identifier(*holder) for holder in holders}
        pages = self.edge_keys.client.get_paginator("get_api_keys").paginate()
        for key in [key for page in pages for key in page["items"] if key["name"] in ours]:
            self.edge_keys.client.delete_api_key(apiKey=key["id"])
        self.edge_keys.client.delete_usage_plan(usagePlanId=self._plan)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.recovery", description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=10_000, help="default: %(default)s")
    count = parser.parse_args().accounts
    env = stack_env.read()
    target = Target(env.session(), env.endpoint)
    holders = [Holder("free", f"account-{number}") for number in range(count)]
    try:
        figures = _measured(target, holders)
    finally:
        target.remove(holders)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))
    return 0


def _measured(target: Target, holders: list[Holder]) -> dict[str, Any]:
    count = len(holders)
    began = time.perf_counter()
    BulkEdgeKeys(target.edge_keys).admit(holders)
    at_the_edge = time.perf_counter() - began
    asked = dict(target.asked)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "backup.jsonl"
        backup_file.write(path, "bench", MADE_AT, _items(count), b"key")
        options = argparse.Namespace(file=path, force=False, yes=True, report=None, unverified=True)
        began = time.perf_counter()
        backup.restore(target, options)  # type: ignore[arg-type]
        restored = time.perf_counter() - began
    return {
        "accounts": count,
        "keys": count * KEYS_EACH,
        "seconds until API Gateway had its keys": round(at_the_edge, 1),
        "requests of API Gateway for that": asked,
        "seconds for the rest of the restore": round(restored, 1),
    }


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
