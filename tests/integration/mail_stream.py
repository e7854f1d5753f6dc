"""From the audit log and alerts to mails, as AWS delivers them to NoticesFunction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3

from project import functions
from project.tables import AUDIT, OWNER_MAILS_QUEUE_URL
from tests.integration.conftest import Clock, create_alerts_queue

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STREAMED = {
    "api_key.created", "api_key.changed", "domain.failing", "domain.lost", "domain.recovered",
    "domain.restored", "domain.suspended",
}  # fmt: skip
"""As the filter of the template has it."""


class MailStream:
    """The stream of the audit log, the queue, and the function behind both."""

    def __init__(self, dynamodb: DynamoDBClient, clock: Clock) -> None:
        create_alerts_queue()
        self._dynamodb = dynamodb
        self._clock = clock
        self._sqs = boto3.client("sqs")
        self._seen: set[str] = set()
        self.app = functions.load("notices")

    def records(self) -> list[dict[str, Any]]:
        """Of entries that were written since the last call."""
        items: list[dict[str, Any]] = self._dynamodb.scan(TableName=AUDIT)["Items"]
        new = [item for item in items if item["sk"]["S"] not in self._seen]
        self._seen |= {item["sk"]["S"] for item in new}
        return [
            {
                "eventSource": "aws:dynamodb",
                "eventName": "INSERT",
                "dynamodb": {"ApproximateCreationDateTime": self._clock.time, "NewImage": item},
            }
            for item in sorted(new, key=lambda item: item["sk"]["S"])
            if item["action"]["S"] in STREAMED
        ]

    def deliver(self) -> None:
        """What AWS does by itself, until nothing is left in the queue. Raises what the function
        raises; then its message is in the queue again at once."""
        if records := self.records():
            self.app.handler({"Records": records}, None)
        for message in self.waiting():
            self.send(message["Body"])
            self._sqs.delete_message(
                QueueUrl=OWNER_MAILS_QUEUE_URL, ReceiptHandle=message["ReceiptHandle"]
            )

    def waiting(self) -> list[Any]:
        found: list[Any] = []
        while more := self._sqs.receive_message(
            QueueUrl=OWNER_MAILS_QUEUE_URL, MaxNumberOfMessages=10, VisibilityTimeout=0
        ).get("Messages"):
            if {message["MessageId"] for message in more} <= {one["MessageId"] for one in found}:
                break
            found += more
        return found

    def send(self, body: str) -> Any:
        record = {"eventSource": "aws:sqs", "messageId": "1", "body": body}
        return self.app.handler({"Records": [record]}, None)
