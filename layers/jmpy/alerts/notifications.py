"""The ways of an alert: to the operator over an SNS topic, to the account over a queue and its
webhook."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.alerts import messages
from jmpy.aws import clients
from jmpy.clock import DAY, system_clock
from jmpy.webhooks.sender import AddressRejected, NotTaken

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from jmpy.accounts.lookup import AccountLookup
    from jmpy.accounts.model import Account
    from jmpy.alerts.disabling import Disabling
    from jmpy.alerts.model import Alert
    from jmpy.alerts.settings_store import AlertSettings
    from jmpy.clock import Clock
    from jmpy.webhooks.model import Health, Webhook
    from jmpy.webhooks.sender import WebhookPost

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
        self._sqs.send_message(
            QueueUrl=self._queue,
            MessageBody=messages.payload(self._base_url, alert),
            # Of an account one is delivered at a time. Its id may hold what SQS rejects.
            MessageGroupId=hashlib.sha256(alert.account_id.encode()).hexdigest(),
            MessageDeduplicationId=alert.id,
        )
        self._sns.publish(
            TopicArn=self._topic,
            Subject=f"Jmpy: {messages.TITLES[alert.rule]}",
            Message=messages.mail(self._base_url, alert),
        )


GIVEN_UP = DAY
"""Seconds after which an alert is not tried any more; its owner finds it on the dashboard."""


class ComesAgain(Exception):
    """The receiver, or the mail about it, is to be tried again: nothing is wrong with us."""


class WebhookDelivery:
    def __init__(
        self,
        settings: AlertSettings,
        accounts: AccountLookup,
        post: WebhookPost,
        disabling: Disabling,
        now: Clock = system_clock,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._post = post
        self._disabling = disabling
        self._now = now

    def deliver(self, body: str, queued_at: float) -> None:
        """Sends what Outbox queued, if the account has a webhook and is not suspended: whoever
        reads the webhook may be the one who was to be kept out. `queued_at` in seconds since the
        Unix epoch, UTC.

        Raises ComesAgain, for the queue to bring it again; and `aws.faults()`.
        """
        alert = json.loads(body)
        logged = {"alert_id": alert["id"], "account_id": alert["account_id"]}
        account = self._accounts.find(alert["account_id"])
        if account is not None and account.is_suspended:
            _log.info("alert of a suspended account not delivered", extra=logged)
            return
        webhook = self._settings.webhook(alert["account_id"])
        if webhook is None:
            return
        if webhook.health.disabled_at is not None:
            _log.info("webhook is disabled", extra=logged)
            self._tell(account, alert["account_id"], webhook)
            return
        problem = self._sent(webhook, body)
        health = self._record(alert["account_id"], webhook, problem)
        if problem is None:
            _log.info("alert delivered", extra=logged)
            return
        _log.warning("alert not delivered", extra={**logged, "problem": str(problem) or "address"})
        if health is not None and health.is_beyond_hope(self._now()):
            self._disabling.disable(alert["account_id"], replace(webhook, health=health))
            self._tell(account, alert["account_id"], replace(webhook, health=health))
        elif isinstance(problem, NotTaken) and self._now() - queued_at < GIVEN_UP:
            # An address that was rejected would be rejected again.
            raise ComesAgain

    def _sent(self, webhook: Webhook, body: str) -> NotTaken | AddressRejected | None:
        """What was in the way."""
        try:
            self._post.send(webhook, body)
        except (NotTaken, AddressRejected) as problem:
            return problem
        return None

    def _tell(self, account: Account | None, account_id: str, webhook: Webhook) -> None:
        """Raises ComesAgain."""
        try:
            self._disabling.tell(account, account_id, webhook)
        except clients.faults():
            _log.exception("owner not told of a webhook", extra={"account_id": account_id})
            raise ComesAgain from None

    def _record(
        self, account_id: str, webhook: Webhook, problem: NotTaken | AddressRejected | None
    ) -> Health | None:
        """For the owner to see. That it was sent counts, also when it cannot be recorded."""
        failure = None if problem is None else messages.failure(problem)
        try:
            return self._settings.record_delivery(
                account_id, webhook.url, int(self._now()), failure
            )
        except clients.faults():
            _log.exception("delivery not recorded", extra={"account_id": account_id})
            return None
