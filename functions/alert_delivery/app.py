"""Delivers queued alerts to the webhooks of their accounts."""

import os
from typing import Any

from aws_lambda_powertools import Logger

from jmpy import aws
from jmpy.accounts.lookup import AccountLookup
from jmpy.alerts.delivery import WebhookDelivery
from jmpy.alerts.post import WebhookPost
from jmpy.alerts.settings import AlertSettings

logger = Logger()
_dynamodb = aws.dynamodb()
delivery = WebhookDelivery(
    AlertSettings(_dynamodb, os.environ["ACTIVITY_TABLE"]),
    AccountLookup(_dynamodb, os.environ["ACCOUNTS_TABLE"]),
    WebhookPost(),
)


def handler(event: dict[str, Any], _context: object) -> None:
    """Raises NotTaken, for the queue to bring the alert again; the template lets it hand over one
    at a time."""
    for record in event["Records"]:
        delivery.deliver(record["body"])
