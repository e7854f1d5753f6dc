"""Sessions in DynamoDB, under the digest of their id."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from jmpy.dynamodb import delete, pages
from jmpy.sessions.errors import TooManyRequests
from jmpy.sessions.model import Session, digest
from jmpy.sessions.sealing import seal, unseal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


class SessionStore:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, session_id: str) -> Session | None:
        """Also one that has ended: DynamoDB deletes expired items within days, not at once."""
        item = self._client.get_item(
            TableName=self._table, Key=_key(session_id), ConsistentRead=True
        ).get("Item")
        return _session(session_id, item) if item else None

    def admit(self, session_id: str, now: int, interval: int, ahead: int) -> Session | None:
        """Likewise, counted as a request of this session: each pushes a mark in its item `interval`
        further, and is too many when that is more than `ahead` of `now`. All in milliseconds.

        That is a token bucket in one number, which the write that counts also reads. Only a request
        that follows another within `interval` needs a second one. Raises TooManyRequests.
        """
        try:
            item = self._count(
                session_id,
                "SET busy_until = :next",
                "attribute_exists(pk) AND (attribute_not_exists(busy_until) OR busy_until <= :now)",
                {":next": now + interval, ":now": now},
            )
        except self._client.exceptions.ConditionalCheckFailedException as busy:
            found: Any = busy.response.get("Item")
            if not found:
                return None
            too_far = int(found["busy_until"]["N"]) - now - ahead
            if too_far > 0:
                raise TooManyRequests(ceil(too_far / 1000)) from None
            item = self._count_busy(session_id, interval, now + ahead)
        return _session(session_id, item) if item else None

    def _count_busy(self, session_id: str, interval: int, latest: int) -> Any:
        try:
            return self._count(
                session_id,
                "SET busy_until = busy_until + :interval",
                "busy_until <= :latest",
                {":interval": interval, ":latest": latest},
            )
        except self._client.exceptions.ConditionalCheckFailedException as overtaken:
            if overtaken.response.get("Item"):
                raise TooManyRequests(1) from None
            return None  # it was ended meanwhile

    def _count(
        self, session_id: str, update: str, condition: str, numbers: Mapping[str, int]
    ) -> Any:
        return self._client.update_item(
            TableName=self._table,
            Key=_key(session_id),
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeValues={name: {"N": str(one)} for name, one in numbers.items()},
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )["Attributes"]

    def add(self, session: Session) -> None:
        """Without a condition: an id is drawn once, and a write that is repeated because its
        answer got lost has to succeed."""
        self._client.put_item(
            TableName=self._table,
            Item={
                **_key(session.id),
                "account_id": {"S": session.account_id},
                "email": {"S": session.email},
                "refresh_token": {"B": seal(session.id, session.refresh_token)},
                "proven_until": {"N": str(session.proven_until)},
                "created_at": {"N": str(session.created_at)},
                "expires_ttl": {"N": str(session.expires_at)},
            },
        )

    def renew(self, session: Session) -> bool:
        """Writes what a refresh changed. False when the session was ended meanwhile: it stays
        ended."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(session.id),
                UpdateExpression=(
                    "SET email = :email, refresh_token = :token, proven_until = :until"
                ),
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={
                    ":email": {"S": session.email},
                    ":token": {"B": seal(session.id, session.refresh_token)},
                    ":until": {"N": str(session.proven_until)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def remove(self, session_id: str) -> None:
        self._client.delete_item(TableName=self._table, Key=_key(session_id))

    def remove_all(self, account_id: str) -> int:
        """Ends every session of the account, and answers with how many there were. Reads the whole
        table, for an operator who wants exactly that: a session is found by its id alone."""
        found = pages(
            self._client.scan,
            TableName=self._table,
            FilterExpression="account_id = :account",
            ProjectionExpression="pk",
            ExpressionAttributeValues={":account": {"S": account_id}},
            ConsistentRead=True,
        )
        keys = [item for page in found for item in page]
        delete(self._client, self._table, keys)
        return len(keys)


def _session(session_id: str, item: Mapping[str, Any]) -> Session:
    return Session(
        id=session_id,
        account_id=item["account_id"]["S"],
        email=item["email"]["S"],
        refresh_token=unseal(session_id, item["refresh_token"]["B"]),
        proven_until=int(item["proven_until"]["N"]),
        created_at=int(item["created_at"]["N"]),
        expires_at=int(item["expires_ttl"]["N"]),
    )


def _key(session_id: str) -> dict[str, AttributeValueTypeDef]:
    return {"pk": {"S": f"session#{digest(session_id)}"}}
