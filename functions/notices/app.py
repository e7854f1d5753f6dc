"""Runs every hour, and mails owners whose keys end soon, or whose links were taken down."""

import os

from aws_lambda_powertools import Logger

from jmpy import metrics
from jmpy.accounts.store import AccountStore
from jmpy.aws import clients
from jmpy.keys.store import KeyStore
from jmpy.metrics import Metric
from jmpy.notices.mail import Mailer
from jmpy.notices.service import Notices, NoticesFailed
from jmpy.notices.store import NoticeStore
from jmpy.notices.takedown_mails import TakedownMails
from jmpy.notices.takedowns import TakedownNotices

logger = Logger()
_dynamodb = clients.dynamodb()
_accounts = AccountStore(_dynamodb, os.environ["ACCOUNTS_TABLE"])
_mailer = Mailer(clients.mail(), os.environ["NOTICE_SENDER"], os.environ["BASE_URL"])
notices = Notices(
    _accounts,
    KeyStore(_dynamodb, os.environ["ACCOUNTS_TABLE"]),
    NoticeStore(_dynamodb, os.environ["ACTIVITY_TABLE"]),
    _mailer,
)
takedowns = TakedownMails(
    _accounts, TakedownNotices(_dynamodb, os.environ["ACTIVITY_TABLE"]), _mailer
)


def handler(_event: object, _context: object) -> None:
    """Raises NoticesFailed, for the metrics of errors to show it; what one kind cannot send keeps
    nothing of the other from being sent."""
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
