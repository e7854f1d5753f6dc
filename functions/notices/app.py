"""Runs every hour, and sends emails to owners whose keys expire soon, or whose links were taken
down."""

from dataclasses import dataclass

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
from jmpy.settings import FunctionSettings, ReadTable, ReadWriteTable


@dataclass(frozen=True)
class Settings(FunctionSettings):
    accounts_table: ReadTable
    activity_table: ReadWriteTable
    notice_sender: str
    base_url: str


settings = Settings.from_environment()
logger = Logger()
dynamodb = clients.dynamodb()
_accounts = AccountStore(dynamodb, settings.accounts_table)
_mailer = Mailer(clients.mail(), settings.notice_sender, settings.base_url)
notices = Notices(
    _accounts,
    KeyStore(dynamodb, settings.accounts_table),
    NoticeStore(dynamodb, settings.activity_table),
    _mailer,
)
takedowns = TakedownMails(_accounts, TakedownNotices(dynamodb, settings.activity_table), _mailer)


def handler(_event: object, _context: object) -> None:
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
