"""Runs every hour, and mails owners whose keys end soon."""

import os

from aws_lambda_powertools import Logger

from jmpy import aws
from jmpy.accounts.store import AccountStore
from jmpy.keys.store import KeyStore
from jmpy.notices.mail import Mailer
from jmpy.notices.service import Notices
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
    logger.info("notices sent", extra={"count": notices.send()})
