"""Thresholds of an account's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.alerts.model import Rule
from jmpy.alerts.settings import AlertSettings
from jmpy.alerts.store import AlertStore
from jmpy.alerts.thresholds import Thresholds
from tests.integration.alerts import NOW, Environment, Told, rules
from tests.integration.conftest import ACTIVITY, Clock
from tests.key_requests import hourly

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> AlertStore:
    return AlertStore(dynamodb, ACTIVITY)


@pytest.fixture
def settings(dynamodb: DynamoDBClient) -> AlertSettings:
    return AlertSettings(dynamodb, ACTIVITY)


@pytest.fixture
def alerts(dynamodb: DynamoDBClient, clock: Clock) -> Environment:
    Told()
    return Environment(clock)


def test_thresholds_are_the_accounts_own(
    alerts: Environment, settings: AlertSettings, store: AlertStore
) -> None:
    settings.change_thresholds("strict", {"refused_minimum": 5})
    for account in ("strict", "acme"):
        mine = {"account_id": account, "key_id": f"key-of-{account}"}
        alerts.notice(hourly(NOW, 1, 10, status=403, **mine))
    assert rules(store, "strict") == [Rule.REFUSALS]
    assert rules(store) == []
    assert settings.thresholds(["strict", "acme"]) == {"strict": Thresholds(refused_minimum=5)}


@pytest.mark.parametrize("text", ["", "[]", '{"refused_minimum": "many"}'])
def test_thresholds_that_cannot_be_read_are_none(
    alerts: Environment, dynamodb: DynamoDBClient, store: AlertStore, text: str
) -> None:
    item = {"pk": "account#acme", "sk": "alert-thresholds", "thresholds": text}
    stored = {name: {"S": value} for name, value in item.items()}
    dynamodb.put_item(TableName=ACTIVITY, Item=stored)
    alerts.notice(hourly(NOW, 1, 30, status=403))
    assert rules(store) == [Rule.REFUSALS]


def test_thresholds_of_other_versions_are_read(
    settings: AlertSettings, dynamodb: DynamoDBClient
) -> None:
    text = '{"silent_days": 30, "of_a_later_version": 1}'
    item = {"pk": "account#acme", "sk": "alert-thresholds", "thresholds": text}
    stored = {name: {"S": value} for name, value in item.items()}
    dynamodb.put_item(TableName=ACTIVITY, Item=stored)
    assert settings.thresholds(["acme"]) == {"acme": Thresholds(silent_days=30)}
