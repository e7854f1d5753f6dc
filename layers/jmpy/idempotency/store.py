"""Answers that are kept, in DynamoDB: `id`, a digest of what an answer is kept under; `request`,
one of what was sent; `response` in JSON; `expiration`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.clock import DAY

if TYPE_CHECKING:
    from typing import Self

    from jmpy.aws.dynamodb import Write
    from jmpy.aws.operations import DynamoDBOperations

KEPT = DAY
"""Seconds."""


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """Known again by these digests, which tell neither the key nor, to who does not know the key,
    what was sent."""

    id: str
    body: str

    @classmethod
    def from_body(cls, scope: str, key: str, body: Any) -> Self:
        """`scope`: whose key it is, and of which operation; `body` in JSON values."""
        name = f"{scope}\0{key}"
        return cls(_digest(name), _digest(f"{name}\0{json.dumps(body)}"))


@dataclass(frozen=True, slots=True)
class StoredResponse:
    request: KeyedRequest
    """That it answered."""
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
            KeyedRequest(request_id, item["request"]["S"]), json.loads(item["answer"]["S"])
        )

    def put(self, request: KeyedRequest, response: Any, now: float) -> Write:
        """What keeps the answer, unless one is kept: for the transaction of the work that it is
        about. `response` in JSON values."""
        return {
            "Put": {
                "TableName": self._table,
                "Item": {
                    "id": {"S": request.id},
                    "request": {"S": request.body},
                    "answer": {"S": json.dumps(response, ensure_ascii=False)},
                    "expiration": {"N": str(int(now) + KEPT)},
                },
                "ConditionExpression": "attribute_not_exists(id) OR expiration <= :now",
                "ExpressionAttributeValues": {":now": {"N": str(int(now))}},
            }
        }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
