"""Which notices were sent, so that each is sent once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.model import ApiKey
    from jmpy.notices.schedule import Kind

KEPT = 30 * 86400
"""Seconds beyond the key's end."""


class NoticeStore:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def claim(self, key: ApiKey, kind: Kind) -> bool:
        """Whether the notice is ours to send: of several runs at once, one's."""
        assert key.expires_at is not None, "a notice is about an end"
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **_mark(key, kind),
                    "expires_ttl": {"N": str(key.expires_at + KEPT)},
                },
                ConditionExpression="attribute_not_exists(pk)",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def release(self, key: ApiKey, kind: Kind) -> None:
        """For the next run to try again."""
        self._client.delete_item(TableName=self._table, Key=_mark(key, kind))


def _mark(key: ApiKey, kind: Kind) -> dict[str, Any]:
    # With the time of the end: an expiry that is moved is announced anew.
    return {
        "pk": {"S": f"key#{key.id}"},
        "sk": {"S": f"notice#{kind}#{key.expires_at}"},
    }
