"""Which notices were sent, so that each is sent once.

A notice is claimed for a while, and marked when it is sent. A claim that leads to nothing, because
its run ended or the answer to it got lost, ends by itself, and the next run sends the notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.clock import DAY

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.keys.model import ApiKey
    from jmpy.notices.schedule import Kind

KEPT = 30 * DAY
"""Seconds beyond the key's end."""

CLAIMED = 15 * 60
"""Seconds: longer than a run may take, shorter than the hour to the next."""


class NoticeStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def claim(self, key: ApiKey, kind: Kind, now: float) -> bool:
        """Whether the notice is ours to send: of several runs at once, one's. `now` in seconds
        since the Unix epoch, UTC."""
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

    def settle(self, key: ApiKey, kind: Kind) -> None:
        """It was sent: no run claims it again."""
        self._client.put_item(TableName=self._table, Item=_item(key, kind))

    def release(self, key: ApiKey, kind: Kind) -> None:
        """For the next run to try again."""
        self._client.delete_item(TableName=self._table, Key=_mark(key, kind))


def _item(key: ApiKey, kind: Kind) -> dict[str, Any]:
    assert key.expires_at is not None, "a notice is about an end"
    return {**_mark(key, kind), "expires_ttl": {"N": str(key.expires_at + KEPT)}}


def _mark(key: ApiKey, kind: Kind) -> dict[str, Any]:
    # With the time of the end: an expiry that is moved is announced anew.
    return {
        "pk": {"S": f"key#{key.id}"},
        "sk": {"S": f"notice#{kind}#{key.expires_at}"},
    }
