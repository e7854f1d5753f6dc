"""An execution environment that notices unusual activity, and what it tells."""

from __future__ import annotations

import json
from typing import Any

import boto3

from jmpy.alerts.detection.baseline_store import BaselineStore
from jmpy.alerts.detection.service import AlertDetection
from jmpy.alerts.model import Alert
from jmpy.alerts.notifications.outbox import Outbox
from jmpy.alerts.rule import Rule
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.store import AlertFilter, AlertStore
from jmpy.clock import DAY
from jmpy.notices.queue import MailQueue
from project.key_requests import START
from project.tables import (
    ACTIVITY,
    ALERT_TOPIC,
    ALERT_TOPIC_NAME,
    ALERTS_QUEUE,
    ALERTS_QUEUE_URL,
    OWNER_MAILS_QUEUE_URL,
)
from tests.integration.conftest import Clock, create_alerts_queue

NOW = START + 3 * DAY
STRANGER = "198.51.100.7"


class Outgoing:
    """What went out: to the operator's topic, and to the queue of webhooks."""

    def __init__(self) -> None:
        self._sqs = boto3.client("sqs")
        create_alerts_queue()
        self._sqs.create_queue(QueueName="operator")
        sns = boto3.client("sns")
        sns.create_topic(Name=ALERT_TOPIC_NAME)
        operator = "arn:aws:sqs:eu-west-1:123456789012:operator"
        sns.subscribe(TopicArn=ALERT_TOPIC, Protocol="sqs", Endpoint=operator)

    def webhooks(self) -> list[dict[str, Any]]:
        return self._received(ALERTS_QUEUE)

    def mails(self) -> list[dict[str, Any]]:
        return self._received("operator")

    def _received(self, name: str) -> list[dict[str, Any]]:
        url = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        bodies = []
        while found := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in found:
                bodies.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies


class Environment(AlertDetection):
    """An execution environment, whose clients a test can disturb."""

    def __init__(self, clock: Clock) -> None:
        self.dynamodb = boto3.client("dynamodb")
        self.sns = boto3.client("sns")
        super().__init__(
            BaselineStore(self.dynamodb, ACTIVITY),
            AlertStore(self.dynamodb, ACTIVITY),
            ThresholdStore(self.dynamodb, ACTIVITY),
            Outbox(
                self.sns,
                ALERT_TOPIC,
                boto3.client("sqs"),
                ALERTS_QUEUE_URL,
                "https://go.example.com",
                mails=MailQueue(boto3.client("sqs"), OWNER_MAILS_QUEUE_URL),
            ),
            clock,
        )


def stored(store: AlertStore, account: str = "acme") -> list[Alert]:
    """The newest first."""
    return store.page(account, AlertFilter(), 1000).entries


def rules(store: AlertStore, account: str = "acme") -> list[Rule]:
    return [alert.rule for alert in stored(store, account)]
