"""Mails to owners about alerts: a few an hour, none lost, and only to those who want them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from jmpy.alerts.facts import DisallowedAddress, Facts, LeakedKey, NewCountry, NewNetwork
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.notifications.outbox import Outbox as AlertOutbox
from jmpy.alerts.settings.service import ThresholdService
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.store import AlertStore
from jmpy.audit.store import AuditLog
from jmpy.clock import DAY
from jmpy.notices.alert_mails import PAUSE
from jmpy.notices.mail import LISTED
from jmpy.notices.queue import mail_queue
from project.origins import SOMEBODY
from project.tables import (
    ACTIVITY,
    ALERT_TOPIC,
    ALERT_TOPIC_NAME,
    ALERTS_QUEUE_URL,
    AUDIT,
    OWNER_MAILS_QUEUE_URL,
)
from tests.integration.mail_stream import MailStream
from tests.integration.test_key_mails import ACCOUNT, BASE, ses, stream, text
from tests.integration.test_notices import OWNER, Outbox, outbox

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import IssuedKey
    from jmpy.keys.service import KeyService
    from tests.integration.conftest import Clock

__all__ = ["outbox", "ses", "stream"]

EVIDENCE = Evidence("198.51.100.7", "GET /api/v1/short-urls", 200, "BR")


@pytest.fixture
def key(service: KeyService, stream: MailStream) -> IssuedKey:
    issued = service.create(ACCOUNT, "CI", ["read"], by=SOMEBODY)
    stream.records()  # the mail about it is none of these tests' business
    return issued


class Alerts:
    """Raises alerts about a key, and delivers the messages about them."""

    def __init__(
        self, dynamodb: DynamoDBClient, key: IssuedKey, stream: MailStream, clock: Clock
    ) -> None:
        boto3.client("sns").create_topic(Name=ALERT_TOPIC_NAME)
        self.store = AlertStore(dynamodb, ACTIVITY)
        self.key = key
        self.stream = stream
        self.clock = clock
        sqs = boto3.client("sqs")
        self.outbox = AlertOutbox(
            boto3.client("sns"), ALERT_TOPIC, sqs, ALERTS_QUEUE_URL, BASE,
            mails=mail_queue(sqs, OWNER_MAILS_QUEUE_URL),
        )  # fmt: skip
        stream.app.alert_mails._now = clock

    def raised(self, facts: Facts) -> Alert:
        alert = Alert(ACCOUNT, self.key.record.id, int(self.clock.time), facts, EVIDENCE)
        assert self.store.add(alert)
        self.outbox.send(alert)
        return alert

    def deliver(self, alert: Alert) -> list[Any]:
        """What goes back to the queue."""
        message = {"kind": "alert", "id": alert.id, "account_id": ACCOUNT}
        response = self.stream.send(json.dumps(message))
        failures: list[Any] = response["batchItemFailures"]
        return failures


@pytest.fixture
def alerts(dynamodb: DynamoDBClient, key: IssuedKey, stream: MailStream, clock: Clock) -> Alerts:
    return Alerts(dynamodb, key, stream, clock)


@pytest.fixture
def settings(dynamodb: DynamoDBClient) -> ThresholdService:
    return ThresholdService(ThresholdStore(dynamodb, ACTIVITY), AuditLog(dynamodb, AUDIT))


def test_the_owner_is_mailed_about_an_alert_with_a_link_to_it(
    alerts: Alerts, key: IssuedKey, stream: MailStream, outbox: Outbox
) -> None:
    alert = alerts.raised(NewCountry("BR"))
    stream.deliver()
    (mail,) = outbox.sent
    assert mail["Destination"] == {"ToAddresses": [OWNER]}
    assert outbox.subjects == ["API key used from a new country: “CI”"]
    record = key.record
    assert (
        text(mail)
        == f"""Unusual activity of one of your API keys was detected.

API key used from a new country
  The key was used from a country where it had not been used before: Brazil.

  Key:     "CI" ({record.display_prefix}...{record.last_four})
  Time:    2027-01-15 08:00 UTC
  Source:  198.51.100.7 (Brazil)
  Request: GET /api/v1/short-urls, status 200
  Alert:   {BASE}/dashboard/alerts#alert-{alert.id}

If this was you, dismiss the alert. If it was not, revoke the key there: whoever has it can use it
until you do.

You get at most four such emails an hour; alerts in between are put into one. To turn them off:
{BASE}/dashboard/alerts/settings
"""
    )
    for part in (key.secret, key.secret.removeprefix("jmpy_"), record.digest):
        assert part not in json.dumps(mail)


def test_an_alert_that_is_delivered_again_is_mailed_once(alerts: Alerts, outbox: Outbox) -> None:
    alert = alerts.raised(NewCountry("BR"))
    assert [alerts.deliver(alert), alerts.deliver(alert)] == [[], []]
    assert len(outbox.sent) == 1


def test_alerts_that_follow_wait_and_share_a_mail(
    alerts: Alerts, outbox: Outbox, clock: Clock
) -> None:
    first = alerts.raised(NewCountry("BR"))
    assert alerts.deliver(first) == []
    later = []
    for number in range(3):
        clock.time += 60
        later.append(alerts.raised(NewNetwork(f"198.51.{number}.0/24")))
        assert alerts.deliver(later[-1]) == [{"itemIdentifier": "1"}]
    clock.time += PAUSE
    assert [alerts.deliver(alert) for alert in later] == [[], [], []]
    assert outbox.subjects[1:] == ["3 alerts about your API keys"]
    body = text(outbox.sent[1])
    assert [body.index(f"198.51.{number}.0/24") for number in (2, 1, 0)] == sorted(
        body.index(f"198.51.{number}.0/24") for number in range(3)
    )
    assert first.id not in body


def test_an_hour_has_four_mails_at_most(alerts: Alerts, outbox: Outbox, clock: Clock) -> None:
    waiting: list[Alert] = []
    for minute in range(60):
        waiting.append(alerts.raised(NewNetwork(f"198.51.{minute}.0/24")))
        waiting = [alert for alert in waiting if alerts.deliver(alert)]
        clock.time += 60
    assert len(outbox.sent) == 4
    clock.time += PAUSE
    assert [alerts.deliver(alert) for alert in waiting] == [[]] * len(waiting)
    assert sum(text(mail).count("  Alert:") for mail in outbox.sent) == 60


def test_a_long_mail_lists_some_and_says_how_many_more(
    alerts: Alerts, stream: MailStream, outbox: Outbox
) -> None:
    for number in range(LISTED + 5):
        alerts.raised(NewNetwork(f"198.51.{number}.0/24"))
    stream.deliver()
    assert outbox.subjects == [f"{LISTED + 5} alerts about your API keys"]
    assert text(outbox.sent[0]).count("  Alert:") == LISTED
    assert f"And 5 more: {BASE}/dashboard/alerts\n" in text(outbox.sent[0])


def test_an_owner_who_turned_them_off_gets_none_then_or_later(
    alerts: Alerts, settings: ThresholdService, outbox: Outbox
) -> None:
    settings.change(ACCOUNT, {"email_enabled": False}, by=SOMEBODY)
    assert alerts.deliver(alerts.raised(NewCountry("BR"))) == []
    settings.change(ACCOUNT, {"email_enabled": True}, by=SOMEBODY)
    assert alerts.deliver(alerts.raised(NewNetwork("198.51.100.0/24"))) == []
    assert outbox.subjects == ["API key used from a new network: “CI”"]


def test_a_key_found_in_public_is_always_mailed(
    alerts: Alerts, settings: ThresholdService, outbox: Outbox
) -> None:
    settings.change(ACCOUNT, {"email_enabled": False}, by=SOMEBODY)
    assert alerts.deliver(alerts.raised(LeakedKey("https://github.com/acme/x"))) == []
    assert outbox.subjects == ["API key found in public and revoked: “CI”"]
    assert "at https://github.com/acme/x" in text(outbox.sent[0])
    assert "Source:" not in text(outbox.sent[0])


def test_a_dismissed_alert_is_not_mailed(alerts: Alerts, outbox: Outbox) -> None:
    dismissed, other = alerts.raised(NewCountry("BR")), alerts.raised(DisallowedAddress("1.2.3.4"))
    alerts.store.dismiss(dismissed)
    assert [alerts.deliver(dismissed), alerts.deliver(other)] == [[], []]
    assert len(outbox.sent) == 1
    assert dismissed.id not in text(outbox.sent[0])


def test_a_suspended_owner_is_not_mailed_then_or_later(
    alerts: Alerts, accounts: AccountService, outbox: Outbox
) -> None:
    accounts.suspend(ACCOUNT, by=SOMEBODY)
    alert = alerts.raised(NewCountry("BR"))
    assert alerts.deliver(alert) == []
    accounts.unsuspend(ACCOUNT, by=SOMEBODY)
    assert alerts.deliver(alert) == []
    assert outbox.sent == []


def test_an_old_alert_joins_no_mail_of_another(
    alerts: Alerts, outbox: Outbox, clock: Clock
) -> None:
    """As alerts do from before a sender was set up."""
    old = alerts.raised(NewCountry("BR"))
    clock.time += DAY
    alerts.deliver(alerts.raised(NewNetwork("198.51.100.0/24")))
    assert old.id not in text(outbox.sent[0])


def test_a_mail_that_ses_rejects_is_sent_by_the_next_attempt(
    alerts: Alerts, outbox: Outbox
) -> None:
    alert = alerts.raised(NewCountry("BR"))
    outbox.down = {"country"}
    with pytest.raises(ClientError):
        alerts.deliver(alert)
    outbox.down = set()
    assert alerts.deliver(alert) == []
    assert len(outbox.sent) == 1


def test_a_fault_of_the_table_loses_no_mail(
    alerts: Alerts, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that comes after sending sends it twice: SES does not deduplicate."""
    alert = alerts.raised(NewCountry("BR"))

    def fail(*_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "UpdateItem")

    with monkeypatch.context() as faulty:
        faulty.setattr(AlertStore, "mark_mailed", fail)
        with pytest.raises(ClientError):
            alerts.deliver(alert)
    assert alerts.deliver(alert) == []
    assert len(outbox.sent) == 2


def test_a_mail_names_a_key_that_is_gone_by_its_id(
    alerts: Alerts, outbox: Outbox, dynamodb: DynamoDBClient
) -> None:
    alert = Alert(ACCOUNT, "no-such-key", int(alerts.clock.time), NewCountry("BR"), EVIDENCE)
    assert alerts.store.add(alert)
    assert alerts.deliver(alert) == []
    assert outbox.subjects == ["API key used from a new country"]
    assert "  Key:     no-such-key\n" in text(outbox.sent[0])


def test_without_a_sender_nothing_is_queued() -> None:
    assert mail_queue(boto3.client("sqs"), "") is None
