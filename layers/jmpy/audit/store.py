"""The audit log in DynamoDB: entries are put and read, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from jmpy.audit.item import bounds, from_item, partition, primary_key, target, to_item
from jmpy.dynamodb import SCANNED, filled, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.audit.model import Action, Entry
    from jmpy.dynamodb import Write

TARGET_INDEX = "entries-by-target"
"""Local secondary index: partition `pk`, sort `target`; all attributes."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What an entry has to match; None matches all. Times are seconds since the epoch."""

    key_id: str | None = None
    action: Action | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    """The latest first."""
    cursor: str | None
    """Where to go on; None at the end."""


class AuditLog:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def put(self, entry: Entry) -> Write:
        """What adds the entry, for the transaction of the change that it is about: neither is
        written without the other. It never replaces an entry."""
        return {
            "Put": {
                "TableName": self._table,
                "Item": to_item(entry),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def page(self, account_id: str, wanted: Filter, limit: int, cursor: str | None = None) -> Page:
        """Reads on until the page is full, or it has read ten thousand entries."""

        def query(after: str | None) -> Any:
            start = {} if after is None else _start(account_id, wanted, after)
            return self._client.query(**_query(account_id, wanted, limit), **self._of, **start)

        items, goes_on_after = filled(query, limit, cursor)
        return Page([from_item(item) for item in items], goes_on_after)

    def all(self, account_id: str, wanted: Filter, limit: int) -> Iterator[Entry]:
        """Up to `limit`, the latest first."""
        found = pages(self._client.query, **_query(account_id, wanted, limit), **self._of)
        return islice((from_item(item) for page in found for item in page), limit)

    @property
    def _of(self) -> dict[str, Any]:
        return {"TableName": self._table}


def _query(account_id: str, wanted: Filter, limit: int) -> dict[str, Any]:
    """From the latest down: by the target's own index where it is asked for, so that the history
    of a key costs no more than its entries. Consistent: a change that was answered is seen."""
    first, last = bounds(wanted.start, wanted.end)
    query: dict[str, Any] = {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": partition(account_id),
            ":first": {"S": first},
            ":last": {"S": last},
        },
        "ScanIndexForward": False,
        "ConsistentRead": True,
        # One more than there is room for, to know whether there are more.
        "Limit": min(limit + 1, SCANNED),
    }
    if wanted.key_id is not None:
        query["IndexName"] = TARGET_INDEX
        query["KeyConditionExpression"] = "pk = :pk AND target BETWEEN :first AND :last"
        query["ExpressionAttributeValues"] |= {
            ":first": target(wanted.key_id, first),
            ":last": target(wanted.key_id, last),
        }
    if wanted.action is not None:
        query["FilterExpression"] = "#action = :action"
        query["ExpressionAttributeNames"] = {"#action": "action"}
        query["ExpressionAttributeValues"][":action"] = {"S": wanted.action.value}
        query["Limit"] = SCANNED
    return query


def _start(account_id: str, wanted: Filter, name: str) -> dict[str, Any]:
    start = primary_key(account_id, name)
    if wanted.key_id is not None:
        start["target"] = target(wanted.key_id, name)
    return {"ExclusiveStartKey": start}
