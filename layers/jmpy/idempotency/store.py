"""Stored responses in DynamoDB: `id`, a digest of scope and key; `request`, a digest of the body;
`response` in JSON; `expiration`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.clock import DAY

if TYPE_CHECKING:
    from typing import Self

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem

RETENTION = DAY
"""Seconds."""


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """Recognized by these digests, which reveal neither the key nor, to anyone without the key, the
    body."""

    id: str
    body: str

    @classmethod
    def from_body(cls, scope: str, key: str, body: Any) -> Self:
        """`scope`: the key's account, and the operation; `body` in JSON values."""
        name = f"{scope}\0{key}"
        return cls(_digest(name), _digest(f"{name}\0{json.dumps(body)}"))


@dataclass(frozen=True, slots=True)
class StoredResponse:
    request: KeyedRequest
    """The request that it was the response to."""
    response: Any
    """In JSON values."""


class ResponseStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, request_id: str, now: float) -> StoredResponse | None:
        """`now` in seconds since the Unix epoch, UTC."""
        item = self._client.get_item(
            TableName=self._table, Key={"id": {"S": request_id}}, ConsistentRead=True
        ).get("Item")
        # DynamoDB deletes expired items within days, not at once.
        if not item or int(item["expiration"]["N"]) <= now:
            return None
        return StoredResponse(
            KeyedRequest(request_id, item["request"]["S"]), json.loads(item["response"]["S"])
        )

    def put(self, request: KeyedRequest, response: Any, now: float) -> TransactionItem:
        """The write that stores the response, unless there is one: for the transaction of the
        create. `response` in JSON values."""
        return {
            "Put": {
                "TableName": self._table,
                "Item": {
                    "id": {"S": request.id},
                    "request": {"S": request.body},
                    "response": {"S": json.dumps(response, ensure_ascii=False)},
                    "expiration": {"N": str(int(now) + RETENTION)},
                },
                "ConditionExpression": "attribute_not_exists(id) OR expiration <= :now",
                "ExpressionAttributeValues": {":now": {"N": str(int(now))}},
            }
        }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
