"""Runs every hour, and mails owners whose keys end soon."""

import os

from aws_lambda_powertools import Logger

from jmpy import aws, metrics
from jmpy.accounts.store import AccountStore
from jmpy.keys.store import KeyStore
from jmpy.metrics import Metric
from jmpy.notices.mail import Mailer
from jmpy.notices.service import Notices, NoticesFailed
from jmpy.notices.store import NoticeStore

logger = Logger()
_dynamodb = aws.dynamodb()
notices = Notices(
    AccountStore(_dynamodb, os.environ["ACCOUNTS_TABLE"]),
    KeyStore(_dynamodb, os.environ["ACCOUNTS_TABLE"]),
    NoticeStore(_dynamodb, os.environ["ACTIVITY_TABLE"]),
    Mailer(aws.mail(), os.environ["NOTICE_SENDER"], os.environ["BASE_URL"]),
)


def handler(_event: object, _context: object) -> None:
    """Raises NoticesFailed, for the metrics of errors to show it."""
    try:
        sent = notices.send()
    except NoticesFailed as failure:
        metrics.count(Metric.NOTICES_SENT, failure.sent)
        raise
    logger.info("notices sent", extra={"count": sent})
    metrics.count(Metric.NOTICES_SENT, sent)
