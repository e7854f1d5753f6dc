"""Delivers queued alerts to the webhooks of their accounts."""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from jmpy.accounts.lookup import AccountLookup
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.notices.mail import Mailer
from jmpy.settings import FunctionSettings, ReadTable, ReadWriteTable, WriteTable
from jmpy.webhooks.delivery import DeliverAgain, WebhookDelivery
from jmpy.webhooks.disabling import WebhookDisabling
from jmpy.webhooks.sender import WebhookSender
from jmpy.webhooks.store import WebhookStore


@dataclass(frozen=True)
class Settings(FunctionSettings):
    activity_table: ReadWriteTable
    accounts_table: ReadTable
    audit_table: WriteTable
    notice_sender: str
    base_url: str


settings = Settings.from_environment()
logger = Logger()


def _mailer() -> Mailer | None:
    sender = settings.notice_sender
    return Mailer(clients.mail(), sender, settings.base_url) if sender else None


dynamodb = clients.dynamodb()
_webhooks = WebhookStore(dynamodb, settings.activity_table)
delivery = WebhookDelivery(
    _webhooks,
    AccountLookup(dynamodb, settings.accounts_table),
    WebhookSender(),
    WebhookDisabling(_webhooks, AuditLog(dynamodb, settings.audit_table), _mailer),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A message that the receiver does not accept is returned to the queue, and is no error of this
    function: an error is for the operator to mend. The template sends one message at a time."""
    again = []
    for record in event["Records"]:
        try:
            delivery.deliver(record["body"], int(record["attributes"]["SentTimestamp"]) / 1000)
        except DeliverAgain:
            again.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": again}
