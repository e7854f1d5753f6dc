"""The ways of an alert: to the operator over an SNS topic, to the account over a queue and its
webhook."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from jmpy.alerts import words
from jmpy.alerts.post import AddressRefused

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from jmpy.alerts.model import Alert
    from jmpy.alerts.post import WebhookPost
    from jmpy.alerts.settings import AlertSettings

_log = logging.getLogger(__name__)


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
        """Raises what boto3 raises; then some of it may have been sent, and is sent again."""
        body = words.payload(self._base_url, alert)
        self._sqs.send_message(QueueUrl=self._queue, MessageBody=body)
        self._sns.publish(
            TopicArn=self._topic,
            Subject=f"Jmpy: {words.TITLES[alert.rule]}",
            Message=words.mail(self._base_url, alert),
        )


class WebhookDelivery:
    def __init__(self, settings: AlertSettings, post: WebhookPost) -> None:
        self._settings = settings
        self._post = post

    def deliver(self, body: str) -> None:
        """Sends what Outbox queued, if the account has a webhook. Raises NotTaken: then the queue
        brings it again. An address that is refused would be so again, and is not tried again."""
        alert = json.loads(body)
        told = {"alert_id": alert["id"], "account_id": alert["account_id"]}
        webhook = self._settings.webhook(alert["account_id"])
        if webhook is None:
            return
        try:
            self._post.send(webhook, body)
        except AddressRefused:
            _log.warning("address of a webhook refused", extra=told)
            return
        _log.info("alert delivered", extra=told)
