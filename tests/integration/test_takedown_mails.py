"""Mails to owners whose links were taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.links.new_link import NewLink
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.service import LinkService
from jmpy.links.takedown import Order, TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.notices.mail import LISTED, Mailer
from jmpy.notices.service import NoticesFailed
from jmpy.notices.takedown_mails import TakedownMails
from jmpy.notices.takedowns import CLAIMED, RETENTION, TakedownNotices
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, LINKS
from tests.integration.conftest import Clock
from tests.integration.test_notices import OWNER, SENDER, Outbox

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService

URL = "https://evil.example/login"
PHISHING = Order(Cause.LINK, TakedownReason.PHISHING, "reported by Example Bank")


class Operator:
    """Who takes links down, and the run that tells their owners."""

    def __init__(self, client: DynamoDBClient, ses: Any, clock: Clock) -> None:
        store = TakedownStore(client, LINKS)
        self.links = LinkService(store, clock)
        self.notices = TakedownNotices(client, ACTIVITY)
        self.takedowns = TakedownService(store, AuditLog(client, AUDIT), self.notices, clock)
        mailer = Mailer(ses, SENDER, "https://go.example.com")
        self.mails = TakedownMails(AccountStore(client, ACCOUNTS), self.notices, mailer, clock)

    def take_down_new(self, account_id: str = "acme", alias: str | None = None) -> None:
        link = self.links.create(account_id, NewLink(URL, custom_alias=alias))
        self.takedowns.take_down(link.short_code, PHISHING, by=SOMEBODY)


@pytest.fixture
def ses(dynamodb: DynamoDBClient) -> Any:
    client = boto3.client("sesv2")
    client.create_email_identity(EmailIdentity=SENDER)
    return client


@pytest.fixture
def outbox(ses: Any) -> Outbox:
    return Outbox(ses)


@pytest.fixture
def operator(dynamodb: DynamoDBClient, ses: Any, clock: Clock) -> Operator:
    return Operator(dynamodb, ses, clock)


@pytest.fixture(autouse=True)
def owner(accounts: AccountService) -> str:
    return accounts.ensure("acme", OWNER, by=SOMEBODY).id


def text(mail: dict[str, Any]) -> str:
    return str(mail["Content"]["Simple"]["Body"]["Text"]["Data"])


def test_an_owner_is_notified_once(operator: Operator, outbox: Outbox) -> None:
    operator.take_down_new(alias="abc")
    assert [operator.mails.send(), operator.mails.send()] == [1, 0]
    assert outbox.subjects == ["A short link of yours was taken down"]
    for words in (
        "https://go.example.com/abc",
        URL,
        "phishing: reported by Example Bank",
        "https://go.example.com/dashboard/links?status=taken_down",
    ):
        assert words in text(outbox.sent[0])


def test_many_links_make_one_mail_for_each_owner(
    operator: Operator, accounts: AccountService, outbox: Outbox
) -> None:
    accounts.ensure("other", "bob@example.com", by=SOMEBODY)
    for account in ("acme", "other"):
        for _ in range(LISTED + 5):
            operator.links.create(account, NewLink(URL))
    order = Order(Cause.DESTINATION, TakedownReason.MALWARE, subject="evil.example")
    operator.takedowns.take_down_destination("evil.example", order, by=SOMEBODY)
    assert operator.mails.send() == 2
    assert outbox.subjects == [f"{LISTED + 5} short links of yours were taken down"] * 2
    recipients = {mail["Destination"]["ToAddresses"][0] for mail in outbox.sent}
    assert recipients == {OWNER, "bob@example.com"}
    assert text(outbox.sent[0]).count("led to:") == LISTED
    assert "And 5 more" in text(outbox.sent[0])


def test_no_notice_is_sent_for_a_restored_link(operator: Operator) -> None:
    operator.take_down_new(alias="abc")
    operator.takedowns.restore("abc", by=SOMEBODY)
    assert operator.mails.send() == 0


def test_a_mail_that_fails_is_sent_by_the_next_run(operator: Operator, outbox: Outbox) -> None:
    operator.take_down_new()
    outbox.down = {"taken down"}
    with pytest.raises(NoticesFailed):
        operator.mails.send()
    outbox.down = set()
    assert operator.mails.send() == 1


def test_of_two_runs_at_once_one_sends(operator: Operator, clock: Clock) -> None:
    operator.take_down_new()
    assert operator.notices.claim("acme", "another run", clock.time)
    assert operator.mails.send() == 0
    clock.time += CLAIMED  # the other run ended in the middle
    assert operator.mails.send() == 1


def test_a_notice_without_a_receiver_is_deleted(
    operator: Operator, accounts: AccountService, clock: Clock
) -> None:
    accounts.ensure("nameless", by=SOMEBODY)
    accounts.suspend("acme", "left", by=SOMEBODY)
    for account in ("nameless", "acme"):
        operator.take_down_new(account)
    assert operator.mails.send() == 0
    assert [*operator.notices.waiting(clock.time)] == []


def test_old_news_is_not_sent(operator: Operator, clock: Clock) -> None:
    operator.take_down_new()
    clock.time += RETENTION
    assert operator.mails.send() == 0
