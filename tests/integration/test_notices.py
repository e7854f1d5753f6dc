"""Mails before keys end, from the table to the mail server."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from jmpy.accounts.store import AccountStore
from jmpy.clock import DAY
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.notices.mail import Mailer
from jmpy.notices.schedule import KeyNoticeKind
from jmpy.notices.service import Notices, NoticesFailed
from jmpy.notices.store import NoticeStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import IssuedKey

SENDER = "jmpy@example.com"
OWNER = "ada@example.com"


class Outbox:
    """The mails that a client of SES sent; `down` refuses some."""

    def __init__(self, client: Any) -> None:
        self.sent: list[dict[str, Any]] = []
        self.down: set[str] = set()
        client.meta.events.register("before-call.sesv2.SendEmail", self._keep)

    def _keep(self, params: dict[str, Any], **_: Any) -> None:
        body = json.loads(params["body"])
        subject = body["Content"]["Simple"]["Subject"]["Data"]
        if any(name in subject for name in self.down):
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail")
        self.sent.append(body)

    @property
    def subjects(self) -> list[str]:
        return [mail["Content"]["Simple"]["Subject"]["Data"] for mail in self.sent]


@pytest.fixture
def ses(dynamodb: DynamoDBClient) -> Any:
    client = boto3.client("sesv2")
    client.create_email_identity(EmailIdentity=SENDER)
    return client


@pytest.fixture
def outbox(ses: Any) -> Outbox:
    return Outbox(ses)


@pytest.fixture
def notices(dynamodb: DynamoDBClient, ses: Any, clock: Clock) -> Notices:
    return Notices(
        AccountStore(dynamodb, ACCOUNTS),
        KeyStore(dynamodb, ACCOUNTS),
        NoticeStore(dynamodb, ACTIVITY),
        Mailer(ses, SENDER, "https://go.example.com"),
        clock,
    )


@pytest.fixture
def owner(accounts: AccountService) -> str:
    return accounts.ensure("acme", OWNER, by=SOMEBODY).id


def key(
    service: KeyService, clock: Clock, name: str, seconds: int, owner: str = "acme"
) -> IssuedKey:
    return service.create(owner, name, ["read"], int(clock.time) + seconds, by=SOMEBODY)


def test_no_email_is_sent_for_a_suspended_account(
    *,
    notices: Notices,
    service: KeyService,
    accounts: AccountService,
    clock: Clock,
    owner: str,
    outbox: Outbox,
) -> None:
    key(service, clock, "CI", DAY)
    accounts.suspend(owner, by=SOMEBODY)
    assert notices.send() == 0
    accounts.unsuspend(owner, by=SOMEBODY)
    assert notices.send() == 1
    assert len(outbox.sent) == 1


def test_an_expiry_is_announced_a_week_and_a_day_before(
    notices: Notices, service: KeyService, clock: Clock, owner: str, outbox: Outbox
) -> None:
    issued = key(service, clock, "CI", 8 * DAY)
    key(service, clock, "Later", 30 * DAY)
    service.create(owner, "Never", ["read"], by=SOMEBODY)
    subjects = []
    for _hour in range(8 * 24 + 2):
        notices.send()
        subjects.append(len(outbox.sent))
        clock.time += 3600
    assert outbox.subjects == [
        "Your API key “CI” expires within a week",
        "Your API key “CI” expires within a day",
    ]
    assert (subjects.index(1), subjects.index(2)) == (24, 7 * 24)
    mail = outbox.sent[0]
    text = mail["Content"]["Simple"]["Body"]["Text"]["Data"]
    record = issued.record
    assert mail["Destination"] == {"ToAddresses": [OWNER]}
    assert mail["FromEmailAddress"] == SENDER
    assert f'"CI" ({record.display_prefix}...{record.last_four})' in text
    assert "2027-01-23 08:00 UTC" in text
    assert f"https://go.example.com/dashboard/api-keys/{record.id}" in text
    assert issued.secret not in str(outbox.sent)


def test_the_end_of_a_grace_period_is_announced(
    notices: Notices, service: KeyService, clock: Clock, owner: str, outbox: Outbox
) -> None:
    old = service.create(owner, "CI", ["read"], by=SOMEBODY).record
    service.rotate(owner, old.id, 2 * DAY, by=SOMEBODY)
    notices.send()
    assert outbox.sent == []
    clock.time += DAY
    assert notices.send() == 1
    assert notices.send() == 0
    assert outbox.subjects == ["The old API key “CI” stops working within a day"]


def test_no_notice_is_sent_for_a_revoked_key_or_without_an_address(
    notices: Notices,
    service: KeyService,
    accounts: AccountService,
    *,
    clock: Clock,
    owner: str,
    outbox: Outbox,
) -> None:
    service.revoke(owner, key(service, clock, "Revoked", DAY).record.id, by=SOMEBODY)
    accounts.ensure("operators", by=SOMEBODY)
    key(service, clock, "Unaddressed", DAY, owner="operators")
    assert notices.send() == 0
    assert outbox.sent == []


def test_one_failure_blocks_no_other_notice_and_is_retried(
    notices: Notices, service: KeyService, clock: Clock, owner: str, outbox: Outbox
) -> None:
    for name in ("first", "broken", "last"):
        key(service, clock, name, DAY)
    outbox.down = {"broken"}
    with pytest.raises(NoticesFailed, match="1 "):
        notices.send()
    assert len(outbox.sent) == 2
    outbox.down = set()
    assert notices.send() == 1
    assert "broken" in outbox.subjects[-1]


def test_of_two_runs_at_once_one_sends(
    notices: Notices,
    service: KeyService,
    dynamodb: DynamoDBClient,
    *,
    clock: Clock,
    owner: str,
    outbox: Outbox,
) -> None:
    issued = key(service, clock, "CI", DAY)
    other = NoticeStore(dynamodb, ACTIVITY)
    assert other.claim(issued.record, KeyNoticeKind.EXPIRY_IN_A_DAY, clock.time)
    assert notices.send() == 0
    assert outbox.sent == []


def test_a_claim_that_led_to_nothing_is_taken_over_by_the_next_run(
    notices: Notices,
    service: KeyService,
    dynamodb: DynamoDBClient,
    *,
    clock: Clock,
    owner: str,
    outbox: Outbox,
) -> None:
    issued = key(service, clock, "CI", DAY)
    assert NoticeStore(dynamodb, ACTIVITY).claim(
        issued.record, KeyNoticeKind.EXPIRY_IN_A_DAY, clock.time
    )
    clock.time += 3600
    assert notices.send() == 1
    clock.time += 3600
    assert notices.send() == 0


def test_a_fault_of_the_table_blocks_no_other_notice(
    notices: Notices,
    service: KeyService,
    dynamodb: DynamoDBClient,
    *,
    clock: Clock,
    owner: str,
    outbox: Outbox,
) -> None:
    for name in ("first", "second"):
        key(service, clock, name, DAY)
    faults = [ClientError({"Error": {"Code": "InternalServerError"}}, "PutItem")]

    def fail(**_: Any) -> None:
        if faults:
            raise faults.pop()

    dynamodb.meta.events.register("before-call.dynamodb.PutItem", fail)
    with pytest.raises(NoticesFailed, match="1 "):
        notices.send()
    assert len(outbox.sent) == 1
    assert notices.send() == 1


def test_a_name_begins_no_header(
    notices: Notices, service: KeyService, clock: Clock, owner: str, outbox: Outbox
) -> None:
    record = key(service, clock, "CI", DAY).record
    forged = replace(record, name="CI\r\nBcc: eve@example.com")
    notices._mailer.send(OWNER, forged, KeyNoticeKind.EXPIRY_IN_A_DAY)
    assert "\r" not in outbox.subjects[0]
    assert "\n" not in outbox.subjects[0]


def test_the_address_is_stored_at_sign_in_and_updated(
    accounts: AccountService, dynamodb: DynamoDBClient
) -> None:
    assert accounts.ensure("acme", by=SOMEBODY).email is None
    assert accounts.ensure("acme", OWNER, by=SOMEBODY).email == OWNER
    assert accounts.get("acme").email == OWNER
    assert accounts.ensure("acme", by=SOMEBODY).email == OWNER
    assert accounts.subscribe("acme", "pro", by=SOMEBODY).email == OWNER
    assert accounts.ensure("acme", "new@example.com", by=SOMEBODY).email == "new@example.com"
    assert accounts.get("acme").subscription.plan == "pro"


def test_only_working_keys_with_an_expiry_are_in_the_index(
    service: KeyService, dynamodb: DynamoDBClient, clock: Clock, owner: str
) -> None:
    def listed() -> int:
        return dynamodb.scan(TableName=ACCOUNTS, IndexName="keys-by-expiry")["Count"]

    service.create(owner, "Never", ["read"], by=SOMEBODY)
    assert listed() == 0
    expiring = key(service, clock, "CI", DAY).record
    assert listed() == 1
    service.rotate(
        owner, service.create(owner, "Old", ["read"], by=SOMEBODY).record.id, DAY, by=SOMEBODY
    )
    assert listed() == 2
    service.revoke(owner, expiring.id, by=SOMEBODY)
    assert listed() == 1
