"""A usage plan key is used only once API Gateway has applied it, which takes minutes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from jmpy.accounts.model import InterimKey
from jmpy.accounts.renewal import Renewal
from jmpy.accounts.service import EFFECTIVE, AccountService
from jmpy.accounts.store import AccountStore
from jmpy.accounts.usage_plan_imports import UsagePlanKeyImports
from jmpy.accounts.usage_plan_keys import SETTLING
from jmpy.audit.store import AuditLog
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT
from tests.integration.conftest import NEW_ACCOUNTS, Clock
from tests.integration.test_accounts import at_the_edge

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.keys.service import KeyService

LONGEST = 120
"""Seconds until a new key is applied: the longest time that anybody reported."""

STEP = 20
"""Seconds between looks."""


@dataclass
class ApiGateway:
    """Applies a key `LONGEST` seconds after it was created; rejects requests that use another."""

    edge: UsagePlanKeys
    keys: KeyStore
    clock: Clock
    created: dict[str, float] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)

    def pause(self, seconds: float) -> None:
        until = self.clock.time + seconds
        while self.clock.time < until:
            self.look()
            self.clock.time = min(self.clock.time + STEP, until)
        self.look()

    def look(self) -> None:
        now = self.clock.time
        existing = {name for names in at_the_edge(self.edge).values() for name in names}
        for name in existing:
            self.created.setdefault(name, now)
        applied = {name for name in existing if self.created[name] + LONGEST <= now}
        for account_id in self.accounts:
            for key in self.keys.of_account(account_id):
                assert key.subscription.identifier_at(now) in applied | {NEW_ACCOUNTS}


@pytest.fixture
def edge(edge: UsagePlanKeys) -> UsagePlanKeys:
    return replace(edge, settling=SETTLING)


@pytest.fixture
def gateway(dynamodb: DynamoDBClient, edge: UsagePlanKeys, clock: Clock) -> ApiGateway:
    return ApiGateway(edge, KeyStore(dynamodb, ACCOUNTS), clock)


def service_with(
    dynamodb: DynamoDBClient, edge: UsagePlanKeys, pause: Callable[[float], None]
) -> AccountService:
    store, keys = AccountStore(dynamodb, ACCOUNTS), KeyStore(dynamodb, ACCOUNTS)
    return AccountService(store, keys, edge, AuditLog(dynamodb, AUDIT), now=edge.now, pause=pause)


def interrupted(_seconds: float) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def accounts(dynamodb: DynamoDBClient, edge: UsagePlanKeys, gateway: ApiGateway) -> AccountService:
    return service_with(dynamodb, edge, gateway.pause)


@pytest.fixture
def acme(accounts: AccountService, service: KeyService, gateway: ApiGateway) -> str:
    """An account with a key, a moment ago."""
    accounts.ensure("acme", by=SOMEBODY)
    service.create("acme", "one", ["read"], by=SOMEBODY)
    gateway.accounts.add("acme")
    return "acme"


def test_a_new_account_shares_a_key_until_its_own_is_applied(
    accounts: AccountService, acme: str, gateway: ApiGateway, clock: Clock
) -> None:
    subscription = accounts.get(acme).subscription
    assert subscription.interim == InterimKey(NEW_ACCOUNTS, int(clock.time) + SETTLING)
    assert subscription.identifier_at(clock.time + SETTLING - 1) == NEW_ACCOUNTS
    assert subscription.identifier_at(clock.time + SETTLING) == subscription.usage_identifier
    gateway.pause(SETTLING + 1)


def test_a_new_plan_applies_at_once_and_its_usage_plan_key_once_it_is_applied(
    accounts: AccountService, acme: str, gateway: ApiGateway, edge: UsagePlanKeys, clock: Clock
) -> None:
    gateway.pause(SETTLING)
    began = clock.time
    before = accounts.get(acme).subscription
    after = accounts.subscribe(acme, "pro", by=SOMEBODY).subscription
    assert after.interim == InterimKey(before.usage_identifier, int(began) + SETTLING)
    assert clock.time - began == SETTLING + EFFECTIVE
    assert at_the_edge(edge) == {"pro": [after.usage_identifier]}


def test_a_plan_of_a_new_account_may_change_at_once(
    accounts: AccountService, acme: str, edge: UsagePlanKeys
) -> None:
    after = accounts.subscribe(acme, "pro", by=SOMEBODY).subscription
    assert after.interim is not None
    assert after.interim.identifier == NEW_ACCOUNTS
    assert at_the_edge(edge) == {"pro": [after.usage_identifier]}


@pytest.mark.parametrize("second", ["enterprise", "free"])
def test_a_plan_may_change_again_while_the_first_change_waits(
    dynamodb: DynamoDBClient, acme: str, gateway: ApiGateway, edge: UsagePlanKeys, second: str
) -> None:
    gateway.pause(SETTLING)

    def pause(seconds: float) -> None:
        gateway.pause(60)
        later = service_with(dynamodb, edge, gateway.pause)
        later.subscribe(acme, second, by=SOMEBODY)
        gateway.pause(max(0, seconds - 60))

    service_with(dynamodb, edge, pause).subscribe(acme, "pro", by=SOMEBODY)
    subscription = AccountStore(dynamodb, ACCOUNTS).get(acme).subscription
    assert at_the_edge(edge) == {second: [subscription.usage_identifier]}


def test_a_change_that_was_interrupted_while_it_waited_is_finished_by_the_next(
    dynamodb: DynamoDBClient, acme: str, gateway: ApiGateway, edge: UsagePlanKeys
) -> None:
    gateway.pause(SETTLING)
    with pytest.raises(KeyboardInterrupt):
        service_with(dynamodb, edge, interrupted).subscribe(acme, "pro", by=SOMEBODY)
    gateway.pause(30)
    after = service_with(dynamodb, edge, gateway.pause).subscribe(acme, "pro", by=SOMEBODY)
    assert at_the_edge(edge) == {"pro": [after.subscription.usage_identifier]}


def test_the_move_of_many_accounts_leaves_none_without_an_applied_key(
    dynamodb: DynamoDBClient,
    accounts: AccountService,
    acme: str,
    gateway: ApiGateway,
    edge: UsagePlanKeys,
) -> None:
    """As `make plans` does, while a change of plan is still waiting elsewhere."""
    accounts.ensure("other", by=SOMEBODY)
    gateway.pause(SETTLING)
    with pytest.raises(KeyboardInterrupt):
        service_with(dynamodb, edge, interrupted).subscribe(acme, "pro", by=SOMEBODY)
    old = accounts.get(acme).subscription.identifier_at(gateway.clock.time)
    shared = replace(edge, shared=1)
    bulk, keys = UsagePlanKeyImports(shared), KeyStore(dynamodb, ACCOUNTS)
    store = AccountStore(dynamodb, ACCOUNTS)
    moving = service_with(dynamodb, shared, gateway.pause)

    # The clock stands still, so that the change of `acme` is not over.
    Renewal(moving, store, keys, shared, bulk, pause=lambda _: None).run(by=SOMEBODY)
    gateway.look()
    assert old in at_the_edge(edge)["free"]
    Renewal(moving, store, keys, shared, bulk, pause=gateway.pause).run(by=SOMEBODY)
    gateway.pause(SETTLING + EFFECTIVE)
    bulk.dismiss_others(store.all)
    own = accounts.get(acme).subscription.usage_identifier
    together = accounts.get("other").subscription.usage_identifier
    assert at_the_edge(edge) == {"pro": [own], "free": [together]}


def test_a_key_that_api_gateway_could_not_add_at_the_moment_is_added_again(
    edge: UsagePlanKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two keys that are added at once, API Gateway rejects one, by the exception that also says
    that a key is in the plan already."""
    add, attempts = edge.client.create_usage_plan_key, []

    def reject_twice(**arguments: str) -> object:
        attempts.append(arguments)
        if len(attempts) < 3:
            raise edge.client.exceptions.ConflictException(
                {"Error": {"Code": "ConflictException"}}, "CreateUsagePlanKey"
            )
        return add(**arguments)

    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(edge.client, "create_usage_plan_key", reject_twice)
    identifier = edge.admit("free", "acme")
    assert len(attempts) == 3
    assert at_the_edge(edge) == {"free": [identifier]}
