"""Sessions in DynamoDB, under the digest of their id: `session#<digest>`, which each of their
requests updates; and `place#<digest>`, the place of the sign-in, which is written once.

They are two items so that data for the list makes no request more expensive: DynamoDB bills a write
by the size of the whole item.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER, Codec
from jmpy.aws.dynamodb import delete, pages, read, transact_recorded, whole_table
from jmpy.sessions.encryption import decrypt, encrypt
from jmpy.sessions.errors import TooManyRequests
from jmpy.sessions.model import OpenSession, Place, Session, digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem

ACCOUNT_INDEX = "sessions-by-account"
"""Global secondary index: partition `account_id`, sort `created_at`; keys only. A session's
requests change neither, so they do not write to it."""

_SESSION, _PLACED = "session#", "place#"
_RECORD = Codec(Session, apart=("id", "refresh_token"), rename={"expires_at": "expires_ttl"})
_PLACE = Codec(Place)


class SessionStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, session_id: str) -> Session | None:
        """May have ended: DynamoDB deletes expired items within days, not at once."""
        item = self._client.get_item(
            TableName=self._table, Key=_key(session_id), ConsistentRead=True
        ).get("Item")
        return _session(session_id, item) if item else None

    def admit(self, session_id: str, now: int, interval: int, ahead: int) -> Session | None:
        """As `find`, and counts a request of this session: each advances a mark in its item by
        `interval`, and is one too many if the mark is then more than `ahead` of `now`. All in
        milliseconds.

        This is a token bucket in one number, updated by the write that counts the request. Only a
        request that follows another within `interval` needs a second one. Raises TooManyRequests.
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
            return None  # it has been ended meanwhile

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

    def add(self, session: Session, place: Place, *records: TransactionItem) -> None:
        """Without a condition: ids are random."""
        begun = {
            **_key(session.id),
            **_RECORD.encode(session),
            "refresh_token": {"B": encrypt(session.id, session.refresh_token)},
        }
        there = {
            **_place_key(session.reference),
            **_PLACE.encode(place),
            "expires_ttl": NUMBER.encode(session.expires_at),
        }
        puts = [{"Put": {"TableName": self._table, "Item": item}} for item in (begun, there)]
        transact_recorded(self._client, puts, records)

    def of_account(self, account_id: str, since: int, now: int, limit: int) -> list[OpenSession]:
        """Sessions that began at `since` or later and are active at `now`, newest first; seconds.

        The index lags by moments, so a session that has just begun may be missing; one that has
        ended is never returned.
        """
        found: Any = self._client.query(
            **self._by_account,
            KeyConditionExpression="account_id = :account AND created_at >= :since",
            ExpressionAttributeValues={":account": {"S": account_id}, ":since": {"N": str(since)}},
            ScanIndexForward=False,
            Limit=limit,
        )
        names = [_reference(item) for item in found["Items"]]
        keys = [key(name) for name in names for key in (_session_key, _place_key)]
        stored = read(self._client, self._table, keys, ConsistentRead=True)
        items = {item["pk"]["S"]: item for item in stored}
        every = (
            _open(name, items[f"{_SESSION}{name}"], items.get(f"{_PLACED}{name}", {}), now)
            for name in names
            if f"{_SESSION}{name}" in items
        )
        return [one for one in every if one.expires_at > now]

    def end(self, account_id: str, reference: str, *records: TransactionItem) -> bool:
        """Deletes a session of that account; False if there is none, and nothing is written."""
        gone = {
            "TableName": self._table,
            "Key": _session_key(reference),
            "ConditionExpression": "account_id = :account",
            "ExpressionAttributeValues": {":account": {"S": account_id}},
        }
        place = {"TableName": self._table, "Key": _place_key(reference)}
        writes: list[TransactionItem] = [{"Delete": gone}, {"Delete": place}]
        return not transact_recorded(self._client, writes, records)

    def end_others(self, account_id: str, reference: str) -> None:
        """All sessions of the account but this one, including ended ones."""
        found = pages(
            self._client.query,
            **self._by_account,
            KeyConditionExpression="account_id = :account",
            ExpressionAttributeValues={":account": {"S": account_id}},
        )
        references = {_reference(item) for page in found for item in page}
        self._delete(references - {reference})

    @property
    def _by_account(self) -> dict[str, Any]:
        return {"TableName": self._table, "IndexName": ACCOUNT_INDEX}

    def renew(self, session: Session) -> bool:
        """Writes the changes of a refresh; False if the session was ended meanwhile: it stays
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
                    ":token": {"B": encrypt(session.id, session.refresh_token)},
                    ":until": {"N": str(session.proven_until)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def remove(self, session_id: str) -> None:
        self._delete([digest(session_id)])

    def remove_all(self, account_id: str) -> int:
        """Ends every session of the account; returns how many there were. Scans the whole table,
        for operators' commands, since a session is found by its id alone."""
        found = whole_table(
            self._client,
            TableName=self._table,
            FilterExpression="account_id = :account",
            ProjectionExpression="pk",
            ExpressionAttributeValues={":account": {"S": account_id}},
            ConsistentRead=True,
        )
        references = [_reference(item) for page in found for item in page]
        self._delete(references)
        return len(references)

    def _delete(self, references: Iterable[str]) -> None:
        keys = [key(name) for name in references for key in (_session_key, _place_key)]
        delete(self._client, self._table, keys)


def _session(session_id: str, item: Mapping[str, Any]) -> Session:
    token = decrypt(session_id, item["refresh_token"]["B"])
    return _RECORD.decode(item, id=session_id, refresh_token=token)


def _open(reference: str, item: Any, place: Any, now: int) -> OpenSession:
    """`busy_until` is ahead of the last request by as much as there were others just before it."""
    created_at = int(item["created_at"]["N"])
    busy_until = int(item["busy_until"]["N"]) // 1000 if "busy_until" in item else created_at
    return OpenSession(
        reference=reference,
        created_at=created_at,
        last_used_at=min(busy_until, now),
        expires_at=int(item["expires_ttl"]["N"]),
        place=_PLACE.decode(place),
    )


def _reference(item: Mapping[str, Any]) -> str:
    return str(item["pk"]["S"]).removeprefix(_SESSION)


def _key(session_id: str) -> dict[str, AttributeValueTypeDef]:
    return _session_key(digest(session_id))


def _session_key(reference: str) -> dict[str, AttributeValueTypeDef]:
    return {"pk": {"S": f"{_SESSION}{reference}"}}


def _place_key(reference: str) -> dict[str, AttributeValueTypeDef]:
    return {"pk": {"S": f"{_PLACED}{reference}"}}
