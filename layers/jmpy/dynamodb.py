"""What every store needs of DynamoDB beyond the SDK: transactions that survive losing a race, reads
of many items that lose none, and pages that a filter leaves full."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 8

MAX_READ = 100
"""Items that DynamoDB reads in one batch."""

SCANNED = 1000
"""Items that are read at a time while looking for those that match a filter."""

_READS = 10
"""How often; a filter that matches next to nothing answers with a shorter page and a cursor."""

Write = dict[str, Any]
"""One of the writes of a transaction. What a store says is to be written with a change, services
hand to the store that makes the change."""


def transact(client: DynamoDBClient, writes: list[Write]) -> list[int]:
    """Makes all writes or none; answers with the positions of the writes whose condition
    failed, none when the transaction was made. A fault raises the SDK's ClientError.

    The SDK does not retry a transaction that was cancelled because another one held an item; here
    it is tried again, with jittered pauses that end well before the function's timeout.
    """
    for attempt in range(_ATTEMPTS):
        try:
            client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]
        except client.exceptions.TransactionCanceledException as error:
            codes = [reason.get("Code") for reason in error.response["CancellationReasons"]]
            if failed := [i for i, code in enumerate(codes) if code == "ConditionalCheckFailed"]:
                return failed
            if "TransactionConflict" not in codes or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(random.uniform(0, min(0.4, 0.02 * 2**attempt)))  # noqa: S311 - a pause
        else:
            return []
    raise AssertionError("the last attempt returns or raises")


def read(
    client: DynamoDBClient, table: str, keys: list[dict[str, Any]], **options: Any
) -> Iterator[dict[str, Any]]:
    """The items with these keys that exist, in no particular order."""
    while keys:
        batch, keys = keys[:MAX_READ], keys[MAX_READ:]
        request: Any = {table: {"Keys": batch, **options}}
        answer: Any = client.batch_get_item(RequestItems=request)
        yield from answer["Responses"][table]
        # What one answer had no room for; DynamoDB reads at least one item or raises.
        keys += answer["UnprocessedKeys"].get(table, {"Keys": []})["Keys"]


def filled(
    query: Callable[[str | None], Any], limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Up to `limit` items of a partition, and the sort key `sk` to go on after, None at the end.
    `query` answers with what comes after a sort key. Reads on until there are `limit` items, or it
    has asked ten times."""
    found: list[dict[str, Any]] = []
    for _ in range(_READS):
        answer = query(cursor)
        items = answer["Items"]
        room = limit - len(found)
        found += items[:room]
        if len(items) > room or (len(items) == room and "LastEvaluatedKey" in answer):
            return found, found[-1]["sk"]["S"]
        if "LastEvaluatedKey" not in answer:
            return found, None
        cursor = answer["LastEvaluatedKey"]["sk"]["S"]
    return found, cursor
