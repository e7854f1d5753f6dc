"""Sends alerts: to the operator through an SNS topic, to the account's webhook and to its owner by
email through a queue each."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from jmpy.alerts.notifications import messages

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from jmpy.alerts.model import Alert
    from jmpy.notices.queue import MailQueue


class Outbox:
    def __init__(
        self,
        sns: SNSClient,
        topic: str,
        sqs: SQSClient,
        queue: str,
        base_url: str,
        *,
        mails: MailQueue | None,
    ) -> None:
        """`mails`: None if no sender is set up."""
        self._sns = sns
        self._topic = topic
        self._sqs = sqs
        self._queue = queue
        self._base_url = base_url
        self._mails = mails

    def send(self, alert: Alert) -> None:
        """Raises `aws.faults()`; then some of it may have been sent, and is sent again."""
        self._sqs.send_message(
            QueueUrl=self._queue,
            MessageBody=messages.payload(self._base_url, alert),
            # Of an account one is delivered at a time. Its id may hold what SQS rejects.
            MessageGroupId=hashlib.sha256(alert.account_id.encode()).hexdigest(),
            MessageDeduplicationId=alert.id,
        )
        if self._mails is not None:
            self._mails.put_alert(alert.account_id, alert.id)
        self._sns.publish(
            TopicArn=self._topic,
            Subject=messages.subject(alert),
            Message=messages.mail(self._base_url, alert),
        )
