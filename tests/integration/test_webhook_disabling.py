"""A webhook that fails for days is disabled, and its owner told; what works again is enabled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.model import Action, ActorType
from jmpy.audit.store import EntryFilter
from jmpy.clock import DAY
from jmpy.notices.mail import Mailer
from jmpy.webhooks.delivery import DeliverAgain
from jmpy.webhooks.model import Health
from jmpy.webhooks.service import Webhooks
from project.origins import SOMEBODY
from project.receiver import HOST, Receiver
from tests.integration.conftest import Clock
from tests.integration.deliveries import BODY, Deliveries, post

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService


@pytest.fixture(autouse=True)
def owner(accounts: AccountService) -> None:
    accounts.ensure("acme", email="owner@example.com", by=SOMEBODY)


def test_a_webhook_that_fails_for_days_is_disabled_and_its_owner_notified_once(
    delivery: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    delivery.fail(days=4.9, times=19)
    assert delivery.health.disabled_at is None
    clock.time += 0.2 * DAY
    delivery.deliver(BODY)
    assert delivery.health.disabled_at == int(clock.time)
    ((recipient, host, health),) = delivery.mails.sent
    assert (recipient, host) == ("owner@example.com", f"{HOST}:{receiver.port}")
    assert health.failures == 20
    attempts = len(receiver.received)
    delivery.deliver(BODY)
    assert (len(receiver.received), len(delivery.mails.sent)) == (attempts, 1)
    entry = next(iter(delivery.audit.all("acme", EntryFilter(), 1)))
    assert (entry.action, entry.origin.actor.type) == (Action.WEBHOOK_DISABLED, ActorType.SERVICE)


@pytest.mark.parametrize(("days", "times"), [(4.9, 200), (30, 19)])
def test_a_webhook_that_fails_for_a_while_or_a_few_times_goes_on(
    delivery: Deliveries, days: float, times: int
) -> None:
    delivery.fail(days, times)
    assert delivery.health.disabled_at is None


def test_one_delivery_between_failures_begins_the_days_anew(
    delivery: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    delivery.fail(days=4, times=25)
    receiver.status = 204
    delivery.deliver(BODY)
    clock.time += 3600
    delivery.fail(days=4, times=25)
    assert delivery.health.disabled_at is None
    assert delivery.health.failures == 25


def test_the_owner_is_notified_by_a_later_attempt_when_the_mail_fails(delivery: Deliveries) -> None:
    delivery.mails.are_down = True
    delivery.fail(days=6, times=30)
    with pytest.raises(DeliverAgain):
        delivery.deliver(BODY)
    delivery.mails.are_down = False
    delivery.deliver(BODY)
    delivery.deliver(BODY)
    assert len(delivery.mails.sent) == 1


@pytest.mark.parametrize("way", ["test", "url"])
def test_a_test_that_arrives_enables_a_webhook_and_so_does_its_url(
    delivery: Deliveries, receiver: Receiver, clock: Clock, way: str
) -> None:
    webhooks = Webhooks(delivery.webhooks, post(receiver, clock), delivery.audit, clock)
    delivery.fail(days=6, times=30)
    webhooks.test("acme", by=SOMEBODY)
    assert delivery.health.disabled_at is not None
    receiver.status = 204
    clock.time += 60
    if way == "test":
        webhooks.test("acme", by=SOMEBODY)
    else:
        webhooks.set_url("acme", receiver.url, by=SOMEBODY)
    found = delivery.health
    assert found.disabled_at is found.failing_since is found.owner_notified_at is None
    assert found.failures == 0
    attempts = len(receiver.received)
    delivery.deliver(BODY)
    assert len(receiver.received) == attempts + 1
    latest = next(iter(delivery.audit.all("acme", EntryFilter(), 1)))
    assert (latest.action, latest.origin) == (Action.WEBHOOK_ENABLED, SOMEBODY)


def test_the_mail_says_what_failed_and_how_to_go_on(dynamodb: DynamoDBClient) -> None:
    sent: list[dict[str, Any]] = []

    class Ses:
        def send_email(self, **mail: Any) -> None:
            sent.append(mail)

    ses: Any = Ses()
    failed = Health(failing_since=1_800_000_000, failures=20, failure="TimeoutError")
    mailer = Mailer(ses, "jmpy@example.com", "https://go.example.com")
    mailer.send_webhook_disabled("owner@example.com", "hooks.example.com", failed)
    content = sent[0]["Content"]["Simple"]
    body = content["Body"]["Text"]["Data"]
    assert content["Subject"]["Data"] == "Your webhook for alerts is disabled"
    for part in (
        "hooks.example.com", "2027-01-15 08:00 UTC", "20 attempts", "It did not respond in time.",
        "https://go.example.com/dashboard/alerts/settings",
    ):  # fmt: skip
        assert part in body
