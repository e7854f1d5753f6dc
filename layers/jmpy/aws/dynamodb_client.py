"""DynamoDB, with the part of boto3's client that our stores use: names, parameters and responses
are the same, so a store works with either.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference
"""

from __future__ import annotations

from base64 import b64decode
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jmpy.aws.client import SignedClient
from jmpy.aws.errors import AwsRejected

if TYPE_CHECKING:
    from collections.abc import Callable


class ConditionalCheckFailedException(AwsRejected):
    """`response` contains the item, if the request asked for it."""


class TransactionCanceledException(AwsRejected):
    """`response` contains the CancellationReasons, in the order of the writes."""


class TransactionInProgressException(AwsRejected):
    """A transaction with the same token is still in progress."""


_CAUGHT = (
    ConditionalCheckFailedException,
    TransactionCanceledException,
    TransactionInProgressException,
)
_BY_CODE = {kind.__name__: kind for kind in _CAUGHT}


def _operation(name: str) -> Callable[..., Any]:
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"DynamoDB_20120810.{name}",
    }

    def operation(self: DynamoDb, **parameters: Any) -> Any:
        try:
            return self._client.post("/", headers, parameters).document
        except AwsRejected as rejection:
            kind = _BY_CODE.get(rejection.code, AwsRejected)
            raise kind(rejection.code, rejection.response) from None

    return operation


class DynamoDb:
    """Every operation raises AwsRejected or one of its `exceptions`, and AwsUnavailable."""

    def __init__(self, client: SignedClient | None = None) -> None:
        self._client = client or SignedClient("dynamodb", object_hook=with_bytes)

    exceptions = SimpleNamespace(**_BY_CODE)

    get_item = _operation("GetItem")
    put_item = _operation("PutItem")
    update_item = _operation("UpdateItem")
    delete_item = _operation("DeleteItem")
    query = _operation("Query")
    batch_get_item = _operation("BatchGetItem")
    batch_write_item = _operation("BatchWriteItem")
    transact_write_items = _operation("TransactWriteItems")


def with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    """An attribute value as boto3 represents it. In JSON, binary values are Base64."""
    if isinstance(binary := value.get("B"), str):
        return {"B": b64decode(binary)}
    return value
