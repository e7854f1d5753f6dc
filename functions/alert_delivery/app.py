"""Delivers queued alerts to the webhooks of their accounts."""

import os
from typing import Any

from aws_lambda_powertools import Logger

from jmpy.accounts.lookup import AccountLookup
from jmpy.alerts.disabling import Disabling
from jmpy.alerts.notifications import ComesAgain, WebhookDelivery
from jmpy.alerts.settings_store import AlertSettings
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.notices.mail import Mailer
from jmpy.webhooks.sender import WebhookPost

logger = Logger()


def _mailer() -> Mailer | None:
    sender = os.environ["NOTICE_SENDER"]
    return Mailer(clients.mail(), sender, os.environ["BASE_URL"]) if sender else None


_dynamodb = clients.dynamodb()
_settings = AlertSettings(_dynamodb, os.environ["ACTIVITY_TABLE"])
delivery = WebhookDelivery(
    _settings,
    AccountLookup(_dynamodb, os.environ["ACCOUNTS_TABLE"]),
    WebhookPost(),
    Disabling(_settings, AuditLog(_dynamodb, os.environ["AUDIT_TABLE"]), _mailer),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A receiver that does not take its alert is reported to the queue, and is no error of this
    function: what it raises is for the operator to mend. The template hands over one at a time."""
    again = []
    for record in event["Records"]:
        try:
            delivery.deliver(record["body"], int(record["attributes"]["SentTimestamp"]) / 1000)
        except ComesAgain:
            again.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": again}
