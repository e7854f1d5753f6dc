"""Which mails about changes of keys were sent: a message may be delivered again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.clock import DAY

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations

RETENTION = 30 * DAY
"""Seconds: more than a message can wait in the queue and its dead-letter queue."""


class MailMarks:
    """By account and id of the entry in the audit log. An account's mails are sent one at a time,
    so that nothing has to be claimed first."""

    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def is_sent(self, account_id: str, entry_id: str) -> bool:
        response = self._client.get_item(
            TableName=self._table, Key=_key(account_id, entry_id), ConsistentRead=True
        )
        return "Item" in response

    def mark_sent(self, account_id: str, entry_id: str, now: float) -> None:
        """`now` in seconds since the Unix epoch, UTC."""
        expires = {"N": str(int(now) + RETENTION)}
        item = {**_key(account_id, entry_id), "expires_ttl": expires}
        self._client.put_item(TableName=self._table, Item=item)


def _key(account_id: str, entry_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"mail#{entry_id}"}}
