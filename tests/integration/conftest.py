"""The tables of template.yaml, on moto and on AWS's own engine.

Tests of what is stored run on both; the rest of AWS is moto in either case.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import patch

import boto3
import pytest

from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.accounts.usage_plan_keys import UsagePlanKeys
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.clock import system_clock
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.sessions import cognito_http
from local import dynamodb_local
from project import environment, template
from project.analytics import Analytics, Clicked
from project.origins import SOMEBODY
from project.tables import (
    ACCOUNTS,
    ALERTS_QUEUE,
    AUDIT,
    CLICKS_QUEUE,
    DOMAIN_REMOVALS_QUEUE,
    LINK_CHECKS_QUEUE,
    OWNER_MAILS_QUEUE,
    TABLES,
)
from tests import cognito
from tests.cognito import FakeCognito
from tests.integration import batch_write, in_moto, moto_tables, quick_moto
from tests.integration.browser import Browser
from tests.integration.deliveries import Deliveries, local_receiver
from tests.integration.edge_imports import Imports
from tests.integration.short_urls import Client

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from project.receiver import Receiver


@pytest.fixture(scope="session", autouse=True)
def _quick_moto() -> Iterator[None]:
    with quick_moto.once_per_session():
        yield


@pytest.fixture(scope="session", autouse=True)
def _in_moto() -> Iterator[None]:
    with patch("jmpy.aws.client.HTTPSConnection", in_moto.Connection):
        yield


@pytest.fixture(autouse=True)
def _no_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    values = environment.sample() | {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "SIGN_IN_CLIENT_PARAMETER": cognito.CLIENT_PARAMETER,
        "SIGN_IN_ISSUER": cognito.ISSUER,
        "SIGN_IN_URL": cognito.SIGN_IN_URL,
        "USER_POOL_ID": cognito.POOL_ID,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cognito, "directory", cognito.Directory())


MOTO, DYNAMODB_LOCAL = "moto", "dynamodb-local"

STORAGE = {
    "test_access_log_store",
    "test_accounts",
    "test_budgets",
    "test_bulk_service",
    "test_campaign_store",
    "test_click_counting",
    "test_idempotency",
    "test_key_models",
    "test_key_races",
    "test_keys",
    "test_limiter",
    "test_link_models",
    "test_links",
    "test_listing",
    "test_sessions",
}
"""Files whose tests run on both engines: they are about stores and transactions."""

ABOVE_STORAGE = {
    "test_alert_settings",
    "test_alerts",
    "test_analytics_click_details",
    "test_analytics_costs",
    "test_api_keys",
    "test_attempts",
    "test_click_sending",
    "test_contract",
    "test_key_usage",
    "test_notices",
    "test_short_urls",
}
"""Files that go the same ways from further up: on both engines by `make prove`."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dynamodb" in metafunc.fixturenames:
        both = STORAGE | ABOVE_STORAGE if "PROVE" in os.environ else STORAGE
        is_storage = metafunc.module.__name__.rpartition(".")[2] in both
        engines = [MOTO, DYNAMODB_LOCAL] if is_storage else [MOTO]
        metafunc.parametrize("engine", getattr(metafunc.module, "ENGINES", engines))


@pytest.fixture(scope="session")
def real_engine() -> Iterator[str]:
    """The endpoint of AWS's DynamoDB Local: one per process."""
    try:
        with dynamodb_local.running() as endpoint:
            yield endpoint
    except dynamodb_local.NotHere as missing:
        warnings.warn(f"!! Not tested on AWS's DynamoDB Local: {missing}", stacklevel=1)
        pytest.skip(f"AWS's DynamoDB Local: {missing}")
    except dynamodb_local.FetchFailed as failure:
        if os.environ.get("CI"):
            raise
        warnings.warn(f"!! Not tested on AWS's DynamoDB Local: {failure}", stacklevel=1)
        pytest.skip(f"AWS's DynamoDB Local: {failure}")


@pytest.fixture
def dynamodb(
    _no_real_account: None,
    engine: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DynamoDBClient]:
    with quick_moto.account():
        if engine == DYNAMODB_LOCAL:
            endpoint = request.getfixturevalue("real_engine")
            monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
        client = boto3.client("dynamodb")
        make_tables(client)
        for name in (CLICKS_QUEUE, DOMAIN_REMOVALS_QUEUE, LINK_CHECKS_QUEUE):
            _client("sqs").create_queue(QueueName=name)
        _client("ssm").put_parameter(
            Name=cognito.CLIENT_PARAMETER, Value=cognito.CLIENT_ID, Type="String"
        )
        yield client


@cache
def _client(service: Literal["sqs", "ssm"]) -> Any:
    """For the fixtures alone: tests make their own, and change some."""
    return boto3.client(service)


def create_alerts_queue() -> None:
    """And that of mails, as the template has them: one delivery at a time of each account."""
    for name in (ALERTS_QUEUE, OWNER_MAILS_QUEUE):
        boto3.client("sqs").create_queue(QueueName=name, Attributes={"FifoQueue": "true"})


def make_tables(client: DynamoDBClient) -> None:
    """All of them, empty. Those that are there already are emptied, which is quicker."""
    if client.meta.endpoint_url.endswith(".amazonaws.com"):
        moto_tables.create(client)
        return
    known = client.list_tables()["TableNames"]
    for name, logical_id in TABLES.items():
        definition = template.table(logical_id)
        if name not in known:
            client.create_table(TableName=name, **definition)
            continue
        keys = [key["AttributeName"] for key in definition["KeySchema"]]
        for page in client.get_paginator("scan").paginate(TableName=name):
            found = [{key: item[key] for key in keys} for item in page["Items"]]
            batch_write.delete(client, name, found)


class Clock:
    """Time that stands still until a test moves it."""

    time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


NEW_ACCOUNTS = environment.sample()["NEW_ACCOUNTS_IDENTIFIER"]


@pytest.fixture
def edge(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> UsagePlanKeys:
    gateway = boto3.client("apigateway")
    plans = {
        name: gateway.create_usage_plan(name=name)["id"] for name in ("free", "pro", "enterprise")
    }
    monkeypatch.setenv("USAGE_PLANS", json.dumps(plans))
    connect = clients.api_gateway

    def importing() -> APIGatewayClient:
        client = connect()
        client.import_api_keys = Imports(client)  # type: ignore[assignment,method-assign]
        return client

    monkeypatch.setattr(clients, "api_gateway", importing)
    gateway.import_api_keys = Imports(gateway)  # type: ignore[assignment,method-assign]
    # New keys take effect at once in moto.
    return UsagePlanKeys(
        lambda: gateway, "stack-1", lambda: json.dumps(plans), NEW_ACCOUNTS, settling=0, now=clock
    )


@pytest.fixture
def imports(edge: UsagePlanKeys) -> Imports:
    """What was imported at the edge."""
    made: Any = edge.client.import_api_keys
    return made  # type: ignore[no-any-return]


@pytest.fixture
def pauses() -> list[float]:
    """Seconds that changes of plans waited."""
    return []


@pytest.fixture
def accounts(
    dynamodb: DynamoDBClient, edge: UsagePlanKeys, clock: Clock, pauses: list[float]
) -> AccountService:
    store, keys = AccountStore(dynamodb, ACCOUNTS), KeyStore(dynamodb, ACCOUNTS)
    audit = AuditLog(dynamodb, AUDIT)
    return AccountService(store, keys, edge, audit, now=clock, pause=pauses.append)


@pytest.fixture
def service(dynamodb: DynamoDBClient, clock: Clock) -> KeyService:
    store, accounts = KeyStore(dynamodb, ACCOUNTS), AccountStore(dynamodb, ACCOUNTS)
    return KeyService(store, accounts, AuditLog(dynamodb, AUDIT), clock)


@pytest.fixture
def ask(dynamodb: DynamoDBClient, clock: Clock) -> Analytics:
    """The analytics of account `a`."""
    return Analytics(clock)


@pytest.fixture
def click(dynamodb: DynamoDBClient) -> Clicked:
    return Clicked(dynamodb)


@pytest.fixture
def account(accounts: AccountService) -> Account:
    return accounts.ensure("acme", by=SOMEBODY)


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def pool(edge: UsagePlanKeys, monkeypatch: pytest.MonkeyPatch) -> FakeCognito:
    pool = FakeCognito(now=system_clock())
    monkeypatch.setattr(cognito_http, "post_form", pool.post_form)
    monkeypatch.setattr(cognito_http, "get_json", pool.get_json)
    return pool


@pytest.fixture
def person(browser: Browser) -> Browser:
    """Somebody who signed in."""
    browser.sign_in()
    return browser


@pytest.fixture
def browser(dynamodb: DynamoDBClient, pool: FakeCognito) -> Browser:
    return Browser(pool)


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Of webhooks, on this machine."""
    with local_receiver(tmp_path, monkeypatch) as receiver:
        yield receiver


@pytest.fixture
def delivery(receiver: Receiver, dynamodb: DynamoDBClient, clock: Clock) -> Deliveries:
    return Deliveries(receiver, dynamodb, clock)
