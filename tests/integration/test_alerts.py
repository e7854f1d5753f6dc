"""From the access log to alerts, each told once."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from jmpy.alerts.detection.baseline_store import BaselineStore
from jmpy.alerts.detection.service import DetectionFailed
from jmpy.alerts.model import Alert, AlertStatus
from jmpy.alerts.rule import Rule
from jmpy.alerts.store import AlertStore
from jmpy.alerts.wording import details
from jmpy.clock import DAY, HOUR
from project import functions
from project.key_requests import START, denied, hourly, request
from project.log_batches import packed
from project.tables import ACTIVITY, ALERTS_QUEUE_URL
from tests.integration.alerts import NOW, STRANGER, Environment, Outgoing, rules, stored
from tests.integration.conftest import Clock
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.activity.access_log_line import LoggedRequest


@pytest.fixture(autouse=True)
def outgoing(dynamodb: DynamoDBClient) -> Outgoing:
    return Outgoing()


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> AlertStore:
    return AlertStore(dynamodb, ACTIVITY)


@pytest.fixture
def alerts(dynamodb: DynamoDBClient, clock: Clock) -> Environment:
    return Environment(clock)


@pytest.fixture
def usual(alerts: Environment) -> None:
    """Three days of ten requests an hour."""
    alerts.evaluate(hourly(START, 3 * 24, 10))


@pytest.mark.usefixtures("usual")
def test_an_alert_is_stored_and_sent_to_the_operator_and_the_account(
    alerts: Environment, store: AlertStore, outgoing: Outgoing
) -> None:
    alerts.evaluate([request(NOW, ip=STRANGER)])
    (alert,) = stored(store)
    assert (alert.key_id, alert.rule, alert.at) == ("key-1", Rule.NEW_NETWORK, NOW)
    assert alert.status is AlertStatus.OPEN
    (sent,) = outgoing.webhooks()
    assert sent["id"] == alert.id
    assert sent["evidence"] == {
        "ip": STRANGER,
        "route": "GET /api/v1/short-urls",
        "status": 200,
        "country": None,
    }
    assert sent["key_url"] == "https://go.example.com/dashboard/api-keys/key-1"
    (mail,) = outgoing.mails()
    assert mail["Subject"] == "Jmpy: API key used from a new network"
    assert details(alert.facts) in mail["Message"]
    assert "revoke the key: https://go.example.com/dashboard/api-keys/key-1" in mail["Message"]


def test_deliveries_to_an_account_wait_for_each_other_and_for_no_other_account(
    alerts: Environment,
) -> None:
    alerts.evaluate([
        request(NOW, account_id=account, key_id=key, credential="query")
        for account, key in (("acme", "key-1"), ("acme", "key-2"), ("\N{SNOWMAN} ltd", "key-3"))
    ])  # fmt: skip
    sqs = boto3.client("sqs")
    found = sqs.receive_message(
        QueueUrl=ALERTS_QUEUE_URL, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )["Messages"]
    groups = [message["Attributes"]["MessageGroupId"] for message in found]
    assert len(groups) == 3
    assert len(set(groups)) == 2


@pytest.mark.usefixtures("usual")
def test_nobody_gets_an_alert_about_usual_requests(
    alerts: Environment, store: AlertStore, outgoing: Outgoing
) -> None:
    alerts.evaluate(hourly(NOW, 12, 12))
    assert rules(store) == []
    assert outgoing.webhooks() + outgoing.mails() == []


def incidents() -> list[list[LoggedRequest]]:
    """Batches, with something to tell by four rules."""
    return [
        hourly(NOW, 1, 150),
        [*hourly(NOW, 1, 120), request(NOW + 5, ip=STRANGER)],
        hourly(NOW + HOUR, 1, 30, status=403),
        [denied(NOW + 2 * HOUR, "revoked"), request(NOW + HOUR, credential="query")],
        hourly(NOW + 2 * HOUR, 1, 5),
    ]


@pytest.mark.usefixtures("usual")
@pytest.mark.parametrize("seed", range(6))
def test_neither_order_nor_repetition_changes_the_alerts(
    clock: Clock, store: AlertStore, outgoing: Outgoing, seed: int
) -> None:
    chance = random.Random(seed)
    batches = incidents()
    delivered = [*batches, *chance.sample(batches, 3)]
    chance.shuffle(delivered)
    for batch in delivered:
        Environment(clock).evaluate(chance.sample(batch, len(batch)))
    assert sorted(rules(store)) == sorted(
        [Rule.BURST, Rule.INACTIVE_KEY, Rule.KEY_IN_URL, Rule.NEW_NETWORK, Rule.REJECTED_REQUESTS]
    )
    kept = sorted(alert.id for alert in stored(store))
    assert sorted(sent["id"] for sent in outgoing.webhooks()) == kept
    assert len(outgoing.mails()) == 5


@pytest.mark.usefixtures("usual")
def test_a_second_delivery_counts_nothing_twice(
    alerts: Environment, store: AlertStore, dynamodb: DynamoDBClient
) -> None:
    batch = hourly(NOW, 1, 150)
    for _ in range(4):
        alerts.evaluate(batch)
    assert rules(store) == []
    assert BaselineStore(dynamodb, ACTIVITY).find(["key-1"])["key-1"].uses == 720 + 150


@pytest.mark.usefixtures("usual")
def test_a_line_twice_in_a_batch_counts_once(alerts: Environment, store: AlertStore) -> None:
    alerts.evaluate(hourly(NOW, 1, 150) * 2)
    assert rules(store) == []


@pytest.mark.usefixtures("usual")
def test_of_two_batches_at_once_both_count(
    alerts: Environment, clock: Clock, store: AlertStore, outgoing: Outgoing
) -> None:
    other, once = Environment(clock), itertools.count()

    def meanwhile(**_: Any) -> None:
        if next(once) == 0:
            other.evaluate([*hourly(NOW, 1, 150), request(NOW, ip=STRANGER)])

    # After this one read the baseline, and before it writes it.
    alerts.dynamodb.meta.events.register("before-call.dynamodb.PutItem", meanwhile)
    alerts.evaluate([*hourly(NOW, 1, 150), request(NOW + 1, ip=STRANGER)])
    assert sorted(rules(store)) == [Rule.BURST, Rule.NEW_NETWORK]
    assert len({sent["id"] for sent in outgoing.webhooks()}) == 2
    baseline = BaselineStore(alerts.dynamodb, ACTIVITY).find(["key-1"])["key-1"]
    assert (baseline.uses, baseline.version) == (720 + 302, 3)


@pytest.mark.usefixtures("usual")
def test_an_alert_that_could_not_be_sent_is_sent_when_the_batch_comes_again(
    alerts: Environment, clock: Clock, store: AlertStore, outgoing: Outgoing
) -> None:
    def fail(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalError"}}, "Publish")

    batch = [request(NOW, ip=STRANGER), request(NOW, key_id="key-2", credential="query")]
    alerts.sns.meta.events.register("before-call.sns.Publish", fail)
    with pytest.raises(DetectionFailed, match="2 keys"):
        alerts.evaluate(batch)
    assert outgoing.mails() == []
    Environment(clock).evaluate(batch)
    assert len(outgoing.mails()) == 2
    assert sorted(rules(store)) == [Rule.KEY_IN_URL, Rule.NEW_NETWORK]
    Environment(clock).evaluate(batch)
    assert outgoing.mails() == []


def test_one_keys_trouble_keeps_no_other_from_being_evaluated(
    alerts: Environment, dynamodb: DynamoDBClient, store: AlertStore
) -> None:
    def fail(params: dict[str, Any], **_: Any) -> None:
        if "key-1" in str(params):
            raise ClientError({"Error": {"Code": "InternalServerError"}}, "PutItem")

    alerts.dynamodb.meta.events.register("before-call.dynamodb.PutItem", fail)
    keys = ("key-1", "key-2")
    with pytest.raises(DetectionFailed, match="1 keys"):
        alerts.evaluate([request(NOW, key_id=key_id, credential="query") for key_id in keys])
    assert [alert.key_id for alert in stored(store)] == ["key-2"]


def test_an_alert_that_was_dismissed_is_not_sent_again(
    alerts: Environment, store: AlertStore, outgoing: Outgoing
) -> None:
    alerts.evaluate([request(NOW, credential="query")])
    store.dismiss(stored(store)[0])
    alerts.evaluate([request(NOW + 1, credential="query")])
    assert [alert.status for alert in stored(store)] == [AlertStatus.DISMISSED]
    assert len(outgoing.webhooks()) == 1


def test_dismissing_what_has_been_forgotten_makes_nothing(
    alerts: Environment, store: AlertStore, dynamodb: DynamoDBClient
) -> None:
    alerts.evaluate([request(NOW, credential="query")])
    alert: Alert = stored(store)[0]
    for item in dynamodb.scan(TableName=ACTIVITY)["Items"]:
        dynamodb.delete_item(TableName=ACTIVITY, Key={"pk": item["pk"], "sk": item["sk"]})
    store.dismiss(alert)
    assert dynamodb.scan(TableName=ACTIVITY)["Count"] == 0


def test_everything_is_forgotten_in_time(
    alerts: Environment, dynamodb: DynamoDBClient, clock: Clock
) -> None:
    alerts.evaluate([request(NOW, credential="query")])
    items = {
        item["sk"]["S"].partition("#")[0]: int(item["expires_ttl"]["N"])
        for item in dynamodb.scan(TableName=ACTIVITY)["Items"]
    }
    kept = NOW + 180 * DAY
    assert items == {"alert": kept, "sent": kept, "baseline": int(clock.time) + 400 * DAY}


def test_the_function_evaluates_what_cloudwatch_logs_sends(
    store: AlertStore, outgoing: Outgoing
) -> None:
    sent = line(time=str(NOW * 1000), credential="query")
    app = functions.load("activity")
    for _ in range(2):
        app.handler(packed([sent]), functions.LambdaContext())
    assert rules(store) == [Rule.KEY_IN_URL]
    assert len(outgoing.webhooks()) == len(outgoing.mails()) == 1
