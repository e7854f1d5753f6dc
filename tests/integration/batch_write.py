"""Many items at once: one request for 25 of them, where one for each would take most of a test's
time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef, WriteRequestTypeDef

    Item = Mapping[str, UniversalAttributeValueTypeDef]

MOST = 25
"""Items of one BatchWriteItem."""


def put(client: DynamoDBClient, table: str, items: Sequence[Item]) -> None:
    _send(client, table, [{"PutRequest": {"Item": item}} for item in items])


def delete(client: DynamoDBClient, table: str, keys: Sequence[Item]) -> None:
    _send(client, table, [{"DeleteRequest": {"Key": key}} for key in keys])


def _send(client: DynamoDBClient, table: str, requests: Sequence[WriteRequestTypeDef]) -> None:
    for start in range(0, len(requests), MOST):
        response = client.batch_write_item(RequestItems={table: requests[start : start + MOST]})
        assert response["UnprocessedItems"] == {}
