"""Thresholds of an account's own, and what the audit log tells of changes of alert settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.alerts.errors import SettingsChanged
from jmpy.alerts.rule import Rule
from jmpy.alerts.settings.service import ThresholdService
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.settings.thresholds import Thresholds
from jmpy.alerts.store import AlertStore
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.webhooks.errors import WebhookNotFound
from jmpy.webhooks.sender import WebhookSender
from jmpy.webhooks.service import Webhooks
from jmpy.webhooks.store import WebhookStore
from project.key_requests import hourly
from project.origins import SOMEBODY
from project.tables import ACTIVITY, AUDIT
from tests.integration.alerts import NOW, Environment, Outgoing, rules
from tests.integration.conftest import Clock
from tests.integration.interleaved import before
from tests.integration.test_audit_log import recorded

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> AlertStore:
    return AlertStore(dynamodb, ACTIVITY)


@pytest.fixture
def thresholds(dynamodb: DynamoDBClient) -> ThresholdStore:
    return ThresholdStore(dynamodb, ACTIVITY)


@pytest.fixture
def log(dynamodb: DynamoDBClient) -> AuditLog:
    return AuditLog(dynamodb, AUDIT)


@pytest.fixture
def tuning(thresholds: ThresholdStore, log: AuditLog, clock: Clock) -> ThresholdService:
    return ThresholdService(thresholds, log, clock)


@pytest.fixture
def webhooks(dynamodb: DynamoDBClient, log: AuditLog, clock: Clock) -> Webhooks:
    return Webhooks(WebhookStore(dynamodb, ACTIVITY), WebhookSender(), log, clock)


@pytest.fixture
def alerts(dynamodb: DynamoDBClient, clock: Clock) -> Environment:
    Outgoing()
    return Environment(clock)


def test_thresholds_are_the_accounts_own(
    alerts: Environment, tuning: ThresholdService, thresholds: ThresholdStore, store: AlertStore
) -> None:
    tuning.change("strict", {"rejected_minimum": 5}, by=SOMEBODY)
    for account in ("strict", "acme"):
        mine = {"account_id": account, "key_id": f"key-of-{account}"}
        alerts.evaluate(hourly(NOW, 1, 10, status=403, **mine))
    assert rules(store, "strict") == [Rule.REJECTED_REQUESTS]
    assert rules(store) == []
    assert thresholds.find(["strict", "acme"]) == {"strict": Thresholds(rejected_minimum=5)}


@pytest.mark.parametrize("text", ["", "[]", '{"rejected_minimum": "many"}'])
def test_thresholds_that_cannot_be_read_are_none(
    alerts: Environment, dynamodb: DynamoDBClient, store: AlertStore, text: str
) -> None:
    item = {"pk": "account#acme", "sk": "alert-thresholds", "thresholds": text}
    stored = {name: {"S": value} for name, value in item.items()}
    dynamodb.put_item(TableName=ACTIVITY, Item=stored)
    alerts.evaluate(hourly(NOW, 1, 30, status=403))
    assert rules(store) == [Rule.REJECTED_REQUESTS]


def test_thresholds_of_other_versions_are_read(
    thresholds: ThresholdStore, dynamodb: DynamoDBClient
) -> None:
    text = '{"inactive_days": 30, "of_a_later_version": 1}'
    item = {"pk": "account#acme", "sk": "alert-thresholds", "thresholds": text}
    stored = {name: {"S": value} for name, value in item.items()}
    dynamodb.put_item(TableName=ACTIVITY, Item=stored)
    assert thresholds.find(["acme"]) == {"acme": Thresholds(inactive_days=30)}


def test_a_change_of_rules_is_recorded_and_none_is_not(
    tuning: ThresholdService, log: AuditLog, clock: Clock
) -> None:
    for changes in ({"inactive_days": 30, "off": ("burst",)}, {"inactive_days": 30}, {"off": None}):
        tuning.change("acme", changes, by=SOMEBODY)
        clock.time += 1
    assert recorded(log) == [
        ("alert_rules.changed", {"rules_off": ([], ["burst"]), "inactive_days": (90, 30)}),
        ("alert_rules.changed", {"rules_off": (["burst"], [])}),
    ]
    assert {entry.origin for entry in log.all("acme", EntryFilter(), 9)} == {SOMEBODY}


def test_a_webhook_is_recorded_by_its_host_alone(
    webhooks: Webhooks, log: AuditLog, clock: Clock, dynamodb: DynamoDBClient
) -> None:
    def do(change: Any, *values: str) -> None:
        change("acme", *values, by=SOMEBODY)
        clock.time += 1

    do(webhooks.set_url, "https://one.example.com/t0ken")
    do(webhooks.set_url, "https://one.example.com/t0ken")
    do(webhooks.set_url, "https://one.example.com/an0ther")
    do(webhooks.set_url, "https://two.example.com:8443/t0ken")
    do(webhooks.roll_secret)
    webhook = webhooks.find("acme")
    assert webhook is not None
    do(webhooks.remove)
    assert recorded(log) == [
        ("webhook.created", {"host": (None, "one.example.com")}),
        ("webhook.changed", {}),
        ("webhook.changed", {"host": ("one.example.com", "two.example.com:8443")}),
        ("webhook.secret_rolled", {}),
        ("webhook.removed", {"host": ("two.example.com:8443", None)}),
    ]
    written = str(dynamodb.scan(TableName=AUDIT)["Items"])
    assert not [secret for secret in ("t0ken", "an0ther", webhook.secret) if secret in written]


@pytest.mark.parametrize("change", ["set_url", "remove"])
def test_a_change_of_a_webhook_that_meets_another_is_recorded_as_what_it_did(
    webhooks: Webhooks,
    log: AuditLog,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    webhooks.set_url("acme", "https://one.example.com/", by=SOMEBODY)

    def meanwhile() -> None:
        clock.time += 1
        webhooks.set_url("acme", "https://two.example.com/", by=SOMEBODY)
        clock.time += 1

    values = ["https://three.example.com/"] if change == "set_url" else []
    write = "change_url" if values else "remove"
    before(monkeypatch, write, meanwhile, WebhookStore)
    getattr(webhooks, change)("acme", *values, by=SOMEBODY)
    hosts = [changes["host"] for _, changes in recorded(log)]
    last = ("two.example.com", "three.example.com" if values else None)
    assert hosts[1:] == [("one.example.com", "two.example.com"), last]


def test_what_is_not_changed_is_not_recorded(
    webhooks: Webhooks, tuning: ThresholdService, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for change in (webhooks.roll_secret, webhooks.remove):
        with pytest.raises(WebhookNotFound):
            change("acme", by=SOMEBODY)

    def meanwhile() -> None:
        tuning.change("acme", {"inactive_days": 10}, by=SOMEBODY)

    before(monkeypatch, "put", meanwhile, ThresholdStore)
    with pytest.raises(SettingsChanged):
        tuning.change("acme", {"inactive_days": 20}, by=SOMEBODY)
    assert recorded(log) == [("alert_rules.changed", {"inactive_days": (90, 10)})]
