"""Which notices were sent, so that each is sent only once.

A notice is claimed for a while, and marked once it is sent. A claim without a result, because its
run ended or its response was lost, expires, and the next run sends the notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.clock import DAY

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.keys.model import ApiKey
    from jmpy.notices.schedule import KeyNoticeKind

RETENTION = 30 * DAY
"""Seconds after the key's end."""

CLAIMED = 15 * 60
"""Seconds: longer than a run may take, shorter than the hour between two runs."""


class NoticeStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def claim(self, key: ApiKey, kind: KeyNoticeKind, now: float) -> bool:
        """Claims a notice; True for one of several concurrent runs. `now` in seconds since the Unix
        epoch, UTC."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **_item(key, kind),
                    "claimed_until": {"N": str(int(now) + CLAIMED)},
                },
                ConditionExpression="attribute_not_exists(pk) OR claimed_until <= :now",
                ExpressionAttributeValues={":now": {"N": str(int(now))}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def settle(self, key: ApiKey, kind: KeyNoticeKind) -> None:
        """Records that the notice was sent: no run claims it again."""
        self._client.put_item(TableName=self._table, Item=_item(key, kind))

    def release(self, key: ApiKey, kind: KeyNoticeKind) -> None:
        """Gives up the claim, for the next run to try again."""
        self._client.delete_item(TableName=self._table, Key=_mark(key, kind))


def _item(key: ApiKey, kind: KeyNoticeKind) -> dict[str, Any]:
    assert key.expires_at is not None, "a notice is about an end"
    return {**_mark(key, kind), "expires_ttl": {"N": str(key.expires_at + RETENTION)}}


def _mark(key: ApiKey, kind: KeyNoticeKind) -> dict[str, Any]:
    # With the time of the end: if the expiry is moved, there is another notice.
    return {
        "pk": {"S": f"key#{key.id}"},
        "sk": {"S": f"notice#{kind}#{key.expires_at}"},
    }
