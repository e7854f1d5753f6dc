"""The ways of an alert: to the operator over an SNS topic, to the account over a queue and its
webhook."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from jmpy import aws
from jmpy.alerts import words
from jmpy.alerts.post import AddressRefused, NotTaken
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from jmpy.accounts.lookup import AccountLookup
    from jmpy.alerts.model import Alert
    from jmpy.alerts.post import WebhookPost
    from jmpy.alerts.settings import AlertSettings
    from jmpy.alerts.webhook import Webhook
    from jmpy.clock import Clock

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
        """Raises `aws.faults()`; then some of it may have been sent, and is sent again."""
        body = words.payload(self._base_url, alert)
        self._sqs.send_message(QueueUrl=self._queue, MessageBody=body)
        self._sns.publish(
            TopicArn=self._topic,
            Subject=f"Jmpy: {words.TITLES[alert.rule]}",
            Message=words.mail(self._base_url, alert),
        )


class WebhookDelivery:
    def __init__(
        self,
        settings: AlertSettings,
        accounts: AccountLookup,
        post: WebhookPost,
        now: Clock = system_clock,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._post = post
        self._now = now

    def deliver(self, body: str) -> None:
        """Sends what Outbox queued, if the account has a webhook and is not suspended: whoever
        reads the webhook may be the one who was to be kept out. Raises NotTaken: then the queue
        brings it again. An address that is refused would be so again, and is not tried again."""
        alert = json.loads(body)
        told = {"alert_id": alert["id"], "account_id": alert["account_id"]}
        account = self._accounts.find(alert["account_id"])
        if account is not None and account.is_suspended:
            _log.info("alert of a suspended account not delivered", extra=told)
            return
        webhook = self._settings.webhook(alert["account_id"])
        if webhook is None:
            return
        try:
            self._post.send(webhook, body)
        except AddressRefused as refused:
            _log.warning("address of a webhook refused", extra=told)
            self._record(alert["account_id"], webhook, refused)
            return
        except NotTaken as failed:
            self._record(alert["account_id"], webhook, failed)
            raise
        _log.info("alert delivered", extra=told)
        self._record(alert["account_id"], webhook)

    def _record(
        self, account_id: str, webhook: Webhook, error: NotTaken | AddressRefused | None = None
    ) -> None:
        """For the owner to see. That it was sent counts, also when it cannot be recorded."""
        failure = None if error is None else words.failure(error)
        try:
            self._settings.record_delivery(account_id, webhook.url, int(self._now()), failure)
        except aws.faults():
            _log.exception("delivery not recorded", extra={"account_id": account_id})
