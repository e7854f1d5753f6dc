"""What every store needs beyond DynamoDB's operations: transactions that are retried after losing a
race, and batches that lose no item."""

from __future__ import annotations

import random
import secrets
import time
from typing import TYPE_CHECKING, Any, cast

from jmpy.aws.errors import AwsUnavailable
from jmpy.retry import CONTENTION
from jmpy.transaction import RecordRejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem

_PASSING = frozenset({
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "ThrottlingError",
    "TransactionConflict",
})  # fmt: skip
"""Reasons of a cancelled transaction for which another attempt may succeed: another transaction
holds one of its items, or it was throttled. Clients do not retry these."""

_SETTLING = 1.0
"""Seconds, at most, to wait for a transaction of ours that is still in progress: AWS completes or
cancels it after five (TransactionInProgressException, API reference)."""

MAX_READ = 100
"""Items that DynamoDB reads in one batch."""

MAX_WRITE = 25
"""Items that it writes in one."""


class WritesRejected(AwsUnavailable):
    """A transaction was cancelled by some of its writes, but not for a failed condition."""

    def __init__(self, writes: list[TransactionItem], codes: list[str]) -> None:
        super().__init__(f"DynamoDB cancelled a transaction: {', '.join(codes)}")
        self.writes = writes
        self.codes = codes


class BatchLeft(AwsUnavailable):
    """DynamoDB processed only a part of a batch, in all attempts."""

    def __init__(self) -> None:
        super().__init__("DynamoDB left a part of a batch every time")


def transact(client: DynamoDBOperations, writes: list[TransactionItem]) -> list[int]:
    """Makes all writes or none; returns the positions of the writes whose condition failed, none
    if the transaction succeeded. Raises one of `aws.faults()`.

    It is retried if it was cancelled for a transient reason.
    """
    fault: Exception = AssertionError("no attempt was made")
    token = secrets.token_hex(16)
    for _ in CONTENTION.numbers():
        try:
            # With the token, DynamoDB recognizes a repeat whose first response was lost.
            client.transact_write_items(TransactItems=writes, ClientRequestToken=token)  # type: ignore[arg-type]
        except client.exceptions.TransactionCanceledException as error:
            codes = _codes(error)
            if failed := [i for i, code in enumerate(codes) if code == "ConditionalCheckFailed"]:
                return failed
            fault = _rejected(writes, codes)
            if not _PASSING.issuperset(fault.codes):
                raise fault from error
            token = secrets.token_hex(16)
        except client.exceptions.TransactionInProgressException as error:
            # An attempt whose response was lost: with its token, it is finished and not repeated.
            fault = error
            time.sleep(random.uniform(0, _SETTLING))  # noqa: S311 - a pause
        else:
            return []
    raise fault


def _codes(cancelled: Any) -> list[str]:
    """Why, in the order of the writes; "None" for those that were not the cause."""
    reasons = cancelled.response.get("CancellationReasons", ())
    return [str(reason.get("Code")) for reason in reasons]


def _rejected(writes: list[TransactionItem], codes: list[str]) -> WritesRejected:
    causes = [position for position, code in enumerate(codes) if code != "None"]
    return WritesRejected([writes[i] for i in causes], [codes[i] for i in causes])


def transact_recorded(
    client: DynamoDBOperations, writes: list[TransactionItem], records: Iterable[TransactionItem]
) -> list[int]:
    """As `transact`, for writes and the records that belong to them; returns positions among the
    writes. Raises RecordRejected if only conditions of records failed."""
    failed = transact(client, [*writes, *records])
    theirs = [position for position in failed if position < len(writes)]
    if failed and not theirs:
        raise RecordRejected
    return theirs


def read(
    client: DynamoDBOperations, table: str, keys: list[dict[str, Any]], **options: Any
) -> Iterator[dict[str, Any]]:
    """The items with these keys that exist, in no particular order. Raises BatchLeft."""
    while keys:
        batch, keys = keys[:MAX_READ], keys[MAX_READ:]
        found = read_batch(client, {table: {"Keys": batch, **options}})
        yield from found.get(table, ())


def read_batch(
    client: DynamoDBOperations, request: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """One BatchGetItem, and more for unprocessed keys, by table. Raises BatchLeft."""
    found: dict[str, list[dict[str, Any]]] = {}
    for _ in CONTENTION.numbers():
        response: Any = client.batch_get_item(RequestItems=request)
        for table, items in response["Responses"].items():
            found.setdefault(table, []).extend(items)
        request = response["UnprocessedKeys"]
        if not request:
            return found
    raise BatchLeft


def delete(client: DynamoDBOperations, table: str, keys: list[dict[str, Any]]) -> None:
    """Deletes the items with these keys. Raises BatchLeft; then some may remain."""
    writes: list[Any] = [{"DeleteRequest": {"Key": key}} for key in keys]
    for start in range(0, len(writes), MAX_WRITE):
        _write_batch(client, {table: writes[start : start + MAX_WRITE]})


def _write_batch(client: DynamoDBOperations, request: dict[str, Any]) -> None:
    for _ in CONTENTION.numbers():
        request = client.batch_write_item(RequestItems=request)["UnprocessedItems"]
        if not request:
            return
    raise BatchLeft


def pages(send: Callable[..., Any], **request: Any) -> Iterator[list[dict[str, Any]]]:
    """The items of each response to a Query or Scan, which `send` sends, until the last page."""
    start: dict[str, Any] = {}
    while True:
        response = send(**request, **start)
        yield response["Items"]
        if "LastEvaluatedKey" not in response:
            return
        start = {"ExclusiveStartKey": response["LastEvaluatedKey"]}


def whole_table(client: DynamoDBOperations, **request: Any) -> Iterator[list[dict[str, Any]]]:
    """Every item, by page, for operators' commands, which use boto3's client: that of functions
    has no Scan, and their roles do not allow it."""
    return pages(cast("DynamoDBClient", client).scan, **request)
