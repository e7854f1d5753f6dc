"""Sends alerts: to the operator through an SNS topic, to the account's webhook through a queue."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from jmpy.alerts.notifications import messages

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from jmpy.alerts.model import Alert


class Outbox:
    def __init__(
        self, sns: SNSClient, topic: str, sqs: SQSClient, queue: str, base_url: str
    ) -> None:
        self._sns = sns
        self._topic = topic
        self._sqs = sqs
        self._queue = queue
        self._base_url = base_url

    def send(self, alert: Alert) -> None:
        """Raises `aws.faults()`; then some of it may have been sent, and is sent again."""
        self._sqs.send_message(
            QueueUrl=self._queue,
            MessageBody=messages.payload(self._base_url, alert),
            # Of an account one is delivered at a time. Its id may hold what SQS rejects.
            MessageGroupId=hashlib.sha256(alert.account_id.encode()).hexdigest(),
            MessageDeduplicationId=alert.id,
        )
        self._sns.publish(
            TopicArn=self._topic,
            Subject=messages.subject(alert),
            Message=messages.mail(self._base_url, alert),
        )
