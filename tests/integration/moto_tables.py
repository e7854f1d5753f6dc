"""All of moto's tables at once, past its API: thousands of times, which the API would take minutes
for."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from project import template
from project.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb import DynamoDBClient

Items = dict[tuple[str, ...], dict[str, Any]]
"""Items by table and key."""


def _tables() -> dict[str, Any]:
    found: dict[str, Any] = dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].tables
    return found


def create(client: DynamoDBClient) -> None:
    """All tables of the template, empty."""
    if not _empty:
        for name, logical_id in TABLES.items():
            client.create_table(TableName=name, **template.table(logical_id))
        _empty.update(deepcopy({name: _tables()[name] for name in TABLES}))
    _tables().update(deepcopy(_empty))


_empty: dict[str, Any] = {}
"""Of `create`; empty until the first."""


def kept() -> dict[str, Any]:
    """For `restore`."""
    return {name: deepcopy(table.items) for name, table in _tables().items()}


def restore(kept: dict[str, Any]) -> None:
    for name, table in _tables().items():
        table.items = deepcopy(kept[name])


def put(name: str, items: Iterable[dict[str, Any]]) -> None:
    table = _tables()[name]
    for item in items:
        table.put_item(item)


def items() -> Items:
    found = {}
    for name, table in _tables().items():
        for stored in table.all_items():
            item = stored.to_json()["Attributes"]
            keys = (table.hash_key_attr, table.range_key_attr)
            found[name, *(item[key]["S"] for key in keys if key)] = item
    return found
