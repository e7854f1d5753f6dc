"""Mails about what became of a domain without its owner's doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from jmpy.aws import clients
from jmpy.clock import DAY
from jmpy.domains import item
from project.origins import SOMEBODY
from tests.integration.branded import HOST, Branded, resolver
from tests.integration.mail_stream import MailStream
from tests.integration.test_key_mails import ACCOUNT, BASE, text
from tests.integration.test_notices import OWNER, SENDER, Outbox

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from tests.integration.conftest import Clock


@pytest.fixture
def outbox(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setenv("NOTICE_SENDER", SENDER)
    monkeypatch.setenv("BASE_URL", BASE)
    client = boto3.client("sesv2")
    client.create_email_identity(EmailIdentity=SENDER)
    monkeypatch.setattr(clients, "mail", lambda: client)
    return Outbox(client)


@pytest.fixture
def stream(
    dynamodb: DynamoDBClient, outbox: Outbox, clock: Clock, accounts: AccountService
) -> MailStream:
    accounts.ensure(ACCOUNT, OWNER, by=SOMEBODY)
    return MailStream(dynamodb, clock)


@pytest.fixture
def branded(
    dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch, stream: MailStream, clock: Clock
) -> Branded:
    return Branded(dynamodb, resolver(monkeypatch), clock)


def pass_day(branded: Branded, clock: Clock, domain_id: str) -> None:
    clock.time += DAY
    branded.checks.run_hour(item.check_hour(domain_id))


def test_the_owner_is_mailed_when_a_domain_fails_and_when_it_recovers(
    branded: Branded, stream: MailStream, outbox: Outbox, clock: Clock
) -> None:
    domain = branded.owned(ACCOUNT)
    records = branded.verification.records(domain)
    branded.withdraw(domain)
    for _ in range(16):
        pass_day(branded, clock, domain.id)
        stream.deliver()
    assert outbox.subjects == ["Your domain go.acme.com is failing"] * 3
    assert outbox.sent[0]["Destination"] == {"ToAddresses": [OWNER]}
    for mail in outbox.sent:
        assert f"There is no TXT record {records.txt_name} with {records.txt_value}." in text(mail)
        assert f"{BASE}/dashboard/domains/{domain.id}" in text(mail)
    branded.prove(domain)
    pass_day(branded, clock, domain.id)
    stream.deliver()
    assert outbox.subjects[3:] == ["Your domain go.acme.com works again"]


def test_the_owner_is_mailed_when_another_account_verifies_the_domain(
    branded: Branded, stream: MailStream, outbox: Outbox
) -> None:
    mine, theirs = branded.owned(ACCOUNT), branded.claim("b")
    branded.prove(theirs)
    branded.withdraw(mine)
    branded.verify(theirs)
    stream.deliver()
    (mail,) = outbox.sent
    assert outbox.subjects == [f"Your domain {HOST} was verified by another account"]
    assert f"{BASE}/dashboard/domains/{mine.id}" in text(mail)
    assert "Another account has proven by DNS that it has the domain go.acme.com" in text(mail)


def test_changes_that_the_owner_makes_are_no_news(
    branded: Branded, stream: MailStream, outbox: Outbox
) -> None:
    domain = branded.owned(ACCOUNT)
    branded.changes.change(ACCOUNT, domain.id, {"name": "New"}, by=SOMEBODY)
    stream.deliver()
    assert outbox.sent == []
