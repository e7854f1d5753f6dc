"""Sends emails to owners.

Every hour about keys that expire soon, and links that were taken down. At once about alerts, new
keys, keys that were given more access, and domains that fail, recover or are lost: the stream of
the audit log delivers the entries about them, which wait in a queue, because a mail that is not
accepted would block the stream for everybody.
"""

import json
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from jmpy import metrics
from jmpy.accounts.store import AccountStore
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.store import AlertStore
from jmpy.audit import item as audit_item
from jmpy.aws import clients
from jmpy.keys.store import KeyStore
from jmpy.metrics import Metric
from jmpy.notices.alert_mails import AlertMails, MailedRecently
from jmpy.notices.entry_mails import EntryMails
from jmpy.notices.mail import Mailer
from jmpy.notices.marks import MailMarks
from jmpy.notices.queue import ALERT, MailQueue
from jmpy.notices.service import Notices, NoticesFailed
from jmpy.notices.store import NoticeStore
from jmpy.notices.takedown_mails import TakedownMails
from jmpy.notices.takedowns import TakedownNotices
from jmpy.settings import FunctionSettings, ReadTable, ReadWriteTable


@dataclass(frozen=True)
class Settings(FunctionSettings):
    accounts_table: ReadTable
    activity_table: ReadWriteTable
    owner_mails_queue_url: str
    notice_sender: str
    base_url: str


settings = Settings.from_environment()
logger = Logger()
dynamodb = clients.dynamodb()
_accounts = AccountStore(dynamodb, settings.accounts_table)
_keys = KeyStore(dynamodb, settings.accounts_table)
_mailer = Mailer(clients.mail(), settings.notice_sender, settings.base_url)
notices = Notices(
    _accounts,
    _keys,
    NoticeStore(dynamodb, settings.activity_table),
    _mailer,
)
takedowns = TakedownMails(_accounts, TakedownNotices(dynamodb, settings.activity_table), _mailer)
queue = MailQueue(clients.sqs(), settings.owner_mails_queue_url)
alert_mails = AlertMails(
    _accounts,
    _keys,
    AlertStore(dynamodb, settings.activity_table),
    ThresholdStore(dynamodb, settings.activity_table),
    _mailer,
)
entry_mails = EntryMails(_accounts, MailMarks(dynamodb, settings.activity_table), _mailer)


def handler(event: dict[str, Any], _context: object) -> Any:
    """Raises what the mails raise, so that the errors metric shows it; then the schedule, the
    stream or the queue calls it again. An alert that has to wait is returned to the queue, and is
    no error."""
    records = event.get("Records", [])
    if not records:
        return _send_due()
    if records[0]["eventSource"] == "aws:dynamodb":
        return _queue(records)
    return _send_queued(records)


def _queue(records: list[dict[str, Any]]) -> None:
    """Raises `aws.faults()`."""
    for record in records:
        queue.put_entry(record)


def _send_queued(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Raises `aws.faults()`. The template delivers one message at a time."""
    later = []
    for record in records:
        try:
            if _send(json.loads(record["body"])):
                metrics.count(Metric.NOTICES_SENT, 1)
        except MailedRecently:
            later.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": later}


def _send(message: dict[str, Any]) -> bool:
    """Raises MailedRecently, `aws.faults()`."""
    if message["kind"] == ALERT:
        return alert_mails.send(message["account_id"], message["id"])
    return entry_mails.send(audit_item.from_item(message["entry"]))


def _send_due() -> None:
    """Raises NoticesFailed, so that the errors metric shows it; a failure of one kind does not
    prevent the other from being sent."""
    failures: list[NoticesFailed] = []
    sent = 0
    for mails in (takedowns, notices):
        try:
            sent += mails.send()
        except NoticesFailed as failure:
            sent += failure.sent
            failures.append(failure)
    logger.info("notices sent", extra={"count": sent})
    metrics.count(Metric.NOTICES_SENT, sent)
    if failures:
        raise failures[0]
