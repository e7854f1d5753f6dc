"""The tables, queues and topics that tests and measurements in process create."""

from __future__ import annotations

from typing import TYPE_CHECKING

from project.template import resources, table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACCOUNTS = "accounts"
LINKS = "links"
ACTIVITY = "activity"
AUDIT = "audit"
IDEMPOTENCY = "idempotency"
USAGE = "usage"
SESSIONS = "sessions"
CLICKS = "clicks"
SALTS = "salts"
CLICKS_QUEUE = "clicks"
CLICKS_QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{CLICKS_QUEUE}"
ALERTS_QUEUE = "alerts.fifo"
ACTIVITY_RETRY_QUEUE = "activity-retry"
ACTIVITY_RETRY_QUEUE_URL = (
    f"https://sqs.eu-west-1.amazonaws.com/123456789012/{ACTIVITY_RETRY_QUEUE}"
)
ALERTS_QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{ALERTS_QUEUE}"
OWNER_MAILS_QUEUE = "owner-mails.fifo"
OWNER_MAILS_QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{OWNER_MAILS_QUEUE}"
DOMAIN_REMOVALS_QUEUE = "domain-removals"
DOMAIN_REMOVALS_QUEUE_URL = (
    f"https://sqs.eu-west-1.amazonaws.com/123456789012/{DOMAIN_REMOVALS_QUEUE}"
)
LINK_CHECKS_QUEUE = "link-checks"
LINK_CHECKS_QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{LINK_CHECKS_QUEUE}"
SAFE_BROWSING_KEY = "/jmpy/safe-browsing-key"
"""The parameter's name."""
ALERT_TOPIC_NAME = "alerts"
ALERT_TOPIC = f"arn:aws:sns:eu-west-1:123456789012:{ALERT_TOPIC_NAME}"

TABLES = {name.removesuffix("Table").lower(): name for name in resources("AWS::DynamoDB::Table")}
"""Logical ids of the template's tables, by name."""

VARIABLES = {f"{name.upper()}_TABLE": name for name in TABLES}
"""Names of the tables, by the environment variable in which functions find them."""


def create(client: DynamoDBClient) -> None:
    """Creates the template's tables, without properties that only matter in AWS (protection,
    encryption)."""
    for name, logical_id in TABLES.items():
        client.create_table(TableName=name, **table(logical_id))
