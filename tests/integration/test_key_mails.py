"""Mails about new keys, and about keys that were given more access."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from jmpy.audit.model import Actor, ActorType, Channel, Origin, Source
from jmpy.aws import clients
from jmpy.clock import DAY
from jmpy.limits.plan import LimitClass
from jmpy.notices.queue import RESTORED_AFTER
from project import template
from project.origins import SOMEBODY
from tests.integration.mail_stream import STREAMED, MailStream
from tests.integration.test_notices import OWNER, SENDER, Outbox

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.service import KeyService
    from tests.integration.conftest import Clock

ACCOUNT = "acme"
ASTRONAUT = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET}"
BASE = "https://go.example.com/live"


@pytest.fixture
def ses(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("NOTICE_SENDER", SENDER)
    monkeypatch.setenv("BASE_URL", BASE)
    client = boto3.client("sesv2")
    client.create_email_identity(EmailIdentity=SENDER)
    monkeypatch.setattr(clients, "mail", lambda: client)
    return client


@pytest.fixture
def outbox(ses: Any) -> Outbox:
    return Outbox(ses)


@pytest.fixture
def stream(
    dynamodb: DynamoDBClient, ses: Any, clock: Clock, accounts: AccountService
) -> MailStream:
    accounts.ensure(ACCOUNT, OWNER, by=SOMEBODY)
    return MailStream(dynamodb, clock)


def text(mail: dict[str, Any]) -> str:
    return str(mail["Content"]["Simple"]["Body"]["Text"]["Data"])


def test_the_owner_of_a_new_key_is_mailed_what_it_may_do_and_who_created_it(
    service: KeyService, stream: MailStream, outbox: Outbox, clock: Clock
) -> None:
    issued = service.create(
        ACCOUNT, "CI", ["read", "write"], int(clock.time) + 90 * DAY, by=SOMEBODY,
        environment="production", allowed_ips=["203.0.113.0/24"],
    )  # fmt: skip
    stream.deliver()
    (mail,) = outbox.sent
    assert mail["Destination"] == {"ToAddresses": [OWNER]}
    assert outbox.subjects == ["A new API key was created: “CI”"]
    assert (
        text(mail)
        == f"""A new API key was created in your account.

  Name:        CI
  Permissions: read, write
  Environment: production
  Works from:  203.0.113.0/24
  Expires:     2027-04-15 08:00 UTC

  By:          somebody@example.com
  Through:     the dashboard
  IP address:  192.0.2.1
  Client:      a browser
  Time:        2027-01-15 08:00 UTC

If you recognize this, there is nothing to do. If you do not, somebody else may have access to your
account: revoke the key, then sign out everywhere and change your password.

Key:      {BASE}/dashboard/api-keys/{issued.record.id}
Sessions: {BASE}/dashboard/sessions

You get this email whenever a key is created or rotated. It cannot be turned off, so that nobody
who takes over an account can hide what they do.
"""
    )
    assert_secret(issued.secret, issued.record.digest, mail, stream)


def assert_secret(secret: str, digest: str, mail: dict[str, Any], stream: MailStream) -> None:
    for part in (secret, secret.removeprefix("jmpy_"), digest):
        assert part not in json.dumps(mail)
        assert part not in json.dumps(stream.waiting())


def test_a_mail_about_a_new_key_has_its_daily_limits(
    service: KeyService, stream: MailStream, outbox: Outbox
) -> None:
    limits: dict[str, int] = {LimitClass.URL_CREATION: 1000, LimitClass.URL_READS: 5}
    service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY, limits=limits)
    stream.deliver()
    expected = "  Per day:     1,000 of url_creation\n               5 of url_reads\n"
    assert expected in text(outbox.sent[0])


def test_a_rotation_is_one_mail_about_the_new_key(
    service: KeyService, stream: MailStream, outbox: Outbox
) -> None:
    old = service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY).record
    stream.deliver()
    issued = service.rotate(ACCOUNT, old.id, by=SOMEBODY)
    stream.deliver()
    assert outbox.subjects[1:] == ["Your API key “CI” was rotated"]
    mail = outbox.sent[1]
    assert "An API key in your account was rotated: a new key takes its place." in text(mail)
    assert f"/dashboard/api-keys/{issued.record.id}" in text(mail)
    assert "Expires:     never" in text(mail)
    assert "Works from:  any address" in text(mail)
    assert_secret(issued.secret, issued.record.digest, mail, stream)


def test_the_owner_is_mailed_when_a_key_is_given_more_access(
    service: KeyService, stream: MailStream, outbox: Outbox
) -> None:
    key = service.create(
        ACCOUNT, "CI", ["read"], by=SOMEBODY, header_only=True, allowed_ips=["203.0.113.0/24"]
    ).record
    stream.deliver()
    service.change(
        ACCOUNT, key.id, by=SOMEBODY,
        permissions=["read", "delete"], header_only=False, allowed_ips=[], name="Renamed",
    )  # fmt: skip
    stream.deliver()
    assert outbox.subjects[1:] == ["Your API key “CI” was given more access"]
    assert text(outbox.sent[1]).startswith(
        'The API key "CI" in your account can do more than before:\n'
        "\n"
        "- It has more permissions: delete.\n"
        "- It is also accepted in a query string; before, only in a header.\n"
        "- It is accepted from any address; before, only from 203.0.113.0/24.\n"
        "\n"
        "  By:          somebody@example.com\n"
    )
    assert "whenever a key is given more access. It cannot be turned off" in text(outbox.sent[1])


def test_no_mail_is_sent_when_a_key_is_narrowed_renamed_or_revoked(
    service: KeyService, stream: MailStream, outbox: Outbox
) -> None:
    key = service.create(ACCOUNT, "CI", ["read", "write"], by=SOMEBODY).record
    stream.deliver()
    service.change(ACCOUNT, key.id, by=SOMEBODY, name="Renamed", environment="staging")
    service.change(ACCOUNT, key.id, by=SOMEBODY, permissions=["read"], header_only=True)
    service.change(ACCOUNT, key.id, by=SOMEBODY, allowed_ips=["203.0.113.0/24"])
    service.revoke(ACCOUNT, key.id, by=SOMEBODY)
    stream.deliver()
    assert len(outbox.sent) == 1


@pytest.mark.parametrize(
    ("actor", "channel", "expected"),
    [
        (
            Actor(ActorType.OPERATOR, "arn:aws:iam::1:user/eve", "eve"),
            Channel.MAKE,
            ("By:          the operator of this service", "Through:     a command of the operator"),
        ),
        (
            Actor(ActorType.USER, "acme", None),
            Channel.API,
            ("By:          somebody who signed in", "Through:     the API"),
        ),
    ],
)
def test_a_mail_names_who_did_it_without_an_operators_identity(
    *,
    service: KeyService,
    stream: MailStream,
    outbox: Outbox,
    actor: Actor,
    channel: Channel,
    expected: tuple[str, ...],
) -> None:
    service.create(ACCOUNT, "CI", ["read"], by=Origin(actor, Source(channel)))
    stream.deliver()
    body = text(outbox.sent[0])
    for words in expected:
        assert words in body
    assert "arn:aws" not in body
    assert "IP address" not in body


def test_names_and_clients_are_one_line_and_begin_no_header(
    service: KeyService, stream: MailStream, outbox: Outbox
) -> None:
    source = replace(
        SOMEBODY.source, user_agent="curl\r\n\r\nSign in at https://evil.example\u202e"
    )
    service.create(
        ACCOUNT, f"CI \u202egnp.exe {ASTRONAUT}", ["read"], by=replace(SOMEBODY, source=source)
    )
    (record,) = [one for one in stream.records() if "CI" in str(one)]
    image = record["dynamodb"]["NewImage"]
    forged = f"CI\r\nBcc: eve@example.com\u2028{ASTRONAUT}"
    image["target_name"] = {"S": forged}
    stream.app.handler({"Records": [record]}, None)
    stream.deliver()
    (subject,) = outbox.subjects
    assert subject == f"A new API key was created: “CI Bcc: eve@example.com {ASTRONAUT}”"
    body = text(outbox.sent[0])
    assert f"  Name:        CI Bcc: eve@example.com {ASTRONAUT}\n" in body
    assert "  Client:      curl Sign in at https://evil.example\n" in body
    assert "\r" not in body
    assert "\u202e" not in body


def test_a_change_that_is_delivered_again_is_mailed_once(
    service: KeyService, stream: MailStream, outbox: Outbox
) -> None:
    service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY)
    records = stream.records()
    stream.app.handler({"Records": records}, None)
    stream.app.handler({"Records": records}, None)
    (message,) = stream.waiting()
    stream.send(message["Body"])
    stream.send(message["Body"])
    assert len(outbox.sent) == 1


def test_a_mail_that_ses_rejects_is_sent_by_the_next_attempt(
    service: KeyService, stream: MailStream, outbox: Outbox
) -> None:
    service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY)
    outbox.down = {"CI"}
    with pytest.raises(ClientError):
        stream.deliver()
    outbox.down = set()
    stream.deliver()
    assert len(outbox.sent) == 1


@pytest.mark.parametrize(("operation", "mails"), [("GetItem", 1), ("PutItem", 2)])
def test_a_fault_of_the_table_is_retried_and_loses_no_mail(
    *,
    service: KeyService,
    stream: MailStream,
    outbox: Outbox,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    mails: int,
) -> None:
    """What fails once the mail is sent sends it twice: SES does not deduplicate."""
    service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY)
    marks = stream.app.entry_mails._marks
    name = {"GetItem": "is_sent", "PutItem": "mark_sent"}[operation]

    def fail(*_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, operation)

    with monkeypatch.context() as faulty:
        faulty.setattr(marks, name, fail)
        with pytest.raises(ClientError):
            stream.deliver()
    stream.deliver()
    stream.deliver()
    assert len(outbox.sent) == mails


def test_a_full_queue_leaves_the_change_in_the_stream(
    service: KeyService, stream: MailStream, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY)
    records = stream.records()

    def fail(**_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "SendMessage")

    with monkeypatch.context() as faulty:
        faulty.setattr(stream.app.queue._client, "send_message", fail)
        with pytest.raises(ClientError):
            stream.app.handler({"Records": records}, None)
    stream.app.handler({"Records": records}, None)
    stream.deliver()
    assert len(outbox.sent) == 1


def test_nobody_is_mailed_without_an_address_or_while_suspended(
    service: KeyService, accounts: AccountService, stream: MailStream, outbox: Outbox
) -> None:
    accounts.ensure("operators", by=SOMEBODY)
    service.create("operators", "CI", ["read"], by=SOMEBODY)
    service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY)
    accounts.suspend(ACCOUNT, by=SOMEBODY)
    stream.deliver()
    assert outbox.sent == []


def test_entries_restored_from_a_backup_are_no_news(
    service: KeyService, stream: MailStream, outbox: Outbox, clock: Clock
) -> None:
    service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY)
    clock.time += RESTORED_AFTER + 1
    stream.deliver()
    assert outbox.sent == []


def test_the_filter_of_the_stream_delivers_what_the_tests_do() -> None:
    events = template.resources("AWS::Serverless::Function")["NoticesFunction"]["Events"]
    (rule,) = events["Entries"]["Properties"]["FilterCriteria"]["Filters"]
    pattern = json.loads(rule["Pattern"])
    assert set(pattern["dynamodb"]["NewImage"]["action"]["S"]) == STREAMED
    assert pattern["eventName"] == ["INSERT"]
