"""The queue of mails to owners that are sent at once: about their keys, and about alerts.

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

KEY, ALERT = "key", "alert"
"""Kinds of mails."""

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
        """The new entry of the audit log in a record of the table's stream, about an API key.
        Raises `aws.faults()`."""
        image = record["dynamodb"]["NewImage"]
        entry = audit_item.from_item(image)
        if record["dynamodb"]["ApproximateCreationDateTime"] - entry.at > RESTORED_AFTER:
            return
        message = {"kind": KEY, "id": entry.id, "account_id": entry.account_id, "entry": image}
        self._put(message)

    def put_alert(self, account_id: str, alert_id: str) -> None:
        """Raises `aws.faults()`."""
        self._put({"kind": ALERT, "id": alert_id, "account_id": account_id})

    def _put(self, message: dict[str, Any]) -> None:
        # Mails about keys do not wait for those about alerts. An account's id may hold what SQS
        # rejects.
        group = f"{message['kind']}#{message['account_id']}"
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=json.dumps(message),
            MessageGroupId=hashlib.sha256(group.encode()).hexdigest(),
            MessageDeduplicationId=message["id"],
        )
