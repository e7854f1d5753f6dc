"""The queue of mails to owners that are sent at once: about keys and domains, and about alerts.

Nobody waits for such a mail, and none is lost: a message stays until its mail is sent, or moves to
the dead-letter queue, which an alarm watches. An account's mails of one kind are sent one at a time
and in order, and hold up those of nobody else.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from jmpy.audit import item as audit_item
from jmpy.clock import MINUTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_sqs import SQSClient

ALERT = "alert"
"""The kind of mails about alerts; that of others is what the entry of the audit log is about."""

RESTORED_AFTER = 15 * MINUTE
"""Seconds between a change and its entry, after which the entry is not of a change, but restored
from a backup."""


def mail_queue(client: SQSClient, url: str) -> MailQueue | None:
    """None for an empty URL: no sender is set up, and nothing reads the queue."""
    return MailQueue(client, url) if url else None


class MailQueue:
    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put_entry(self, record: Mapping[str, Any]) -> None:
        """The new entry of the audit log in a record of the table's stream. Raises
        `aws.faults()`."""
        image = record["dynamodb"]["NewImage"]
        entry = audit_item.from_item(image)
        if record["dynamodb"]["ApproximateCreationDateTime"] - entry.at > RESTORED_AFTER:
            return
        kind = entry.action.target_type
        self._put({"kind": kind, "id": entry.id, "account_id": entry.account_id, "entry": image})

    def put_alert(self, account_id: str, alert_id: str) -> None:
        """Raises `aws.faults()`."""
        self._put({"kind": ALERT, "id": alert_id, "account_id": account_id})

    def _put(self, message: dict[str, Any]) -> None:
        # Mails of one kind do not wait for those of another. An account's id may hold what SQS
        # rejects.
        group = f"{message['kind']}#{message['account_id']}"
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=json.dumps(message),
            MessageGroupId=hashlib.sha256(group.encode()).hexdigest(),
            MessageDeduplicationId=message["id"],
        )
