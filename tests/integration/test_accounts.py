"""Accounts, their plans, and their keys at the edge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.accounts.errors import AccountNotFound, InvalidAccountId, SubscriptionChanged
from jmpy.accounts.service import EFFECTIVE, AccountService
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.clock import HOUR
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits.plan import LimitClass, UnknownPlan
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.keys.model import ApiKey
    from jmpy.transaction import TransactionItem


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> AccountStore:
    return AccountStore(dynamodb, ACCOUNTS)


@pytest.fixture
def key_store(dynamodb: DynamoDBClient) -> KeyStore:
    return KeyStore(dynamodb, ACCOUNTS)


@pytest.fixture
def keys(
    dynamodb: DynamoDBClient, key_store: KeyStore, store: AccountStore, clock: Clock
) -> KeyService:
    return KeyService(key_store, store, AuditLog(dynamodb, AUDIT), clock)


def at_the_edge(edge: UsagePlanKeys) -> dict[str, list[str]]:
    """The values of the keys in each usage plan that has any."""
    existing = {key["id"] for key in edge.client.get_api_keys()["items"]}
    found = {
        plan: [
            key["value"]
            for key in edge.client.get_usage_plan_keys(usagePlanId=plan_id)["items"]
            if key["id"] in existing
        ]
        for plan, plan_id in edge.usage_plans.items()
    }
    return {plan: values for plan, values in found.items() if values}


def test_an_account_is_created_once(
    accounts: AccountService, clock: Clock, edge: UsagePlanKeys
) -> None:
    created = accounts.ensure("acme", by=SOMEBODY)
    clock.time += HOUR
    assert accounts.ensure("acme", by=SOMEBODY) == created == accounts.get("acme")
    assert at_the_edge(edge) == {"free": [created.subscription.usage_identifier]}


def test_an_identifier_is_what_api_gateway_takes(accounts: AccountService) -> None:
    first, second = (accounts.ensure(name, by=SOMEBODY).subscription for name in ("acme", "other"))
    assert first.usage_identifier != second.usage_identifier
    assert first.usage_identifier.isalnum()
    assert 20 <= len(first.usage_identifier) <= 128


@pytest.mark.parametrize("account_id", ["", "a b", "a/b", "x" * 65, "a#b"])
def test_an_account_id_has_a_shape(accounts: AccountService, account_id: str) -> None:
    with pytest.raises(InvalidAccountId):
        accounts.ensure(account_id, by=SOMEBODY)


def test_a_new_plan_reaches_every_key_and_the_edge(
    accounts: AccountService, keys: KeyService, edge: UsagePlanKeys, pauses: list[float]
) -> None:
    before = accounts.ensure("acme", by=SOMEBODY).subscription
    created = [keys.create("acme", name, ["read"], by=SOMEBODY).record for name in ("one", "two")]
    keys.change("acme", created[1].id, allowed_ips=["203.0.113.0/24"], by=SOMEBODY)
    keys.revoke("acme", created[0].id, by=SOMEBODY)
    after = accounts.subscribe("acme", "pro", {LimitClass.ANALYTICS: 7}, by=SOMEBODY).subscription
    assert (after.plan, after.limits, after.version) == ("pro", {"analytics": 7}, 2)
    assert accounts.get("acme").subscription == after
    assert [key.subscription for key in keys.of_account("acme")] == [after, after]
    assert keys.get("acme", created[1].id).allowed_ips == ("203.0.113.0/24",)
    assert after.usage_identifier != before.usage_identifier
    assert at_the_edge(edge) == {"pro": [after.usage_identifier]}
    # The old key at the edge went when no authorizer could name it any more.
    assert pauses[-1] == EFFECTIVE


def test_no_key_is_without_a_plan_while_plans_change(
    accounts: AccountService,
    keys: KeyService,
    key_store: KeyStore,
    edge: UsagePlanKeys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    key = keys.create("acme", "one", ["read"], by=SOMEBODY).record
    seen = []

    def looking(change: Any) -> Any:
        def look(*arguments: Any) -> None:
            found = key_store.find(key.digest)
            assert found is not None
            subscription = found.subscription
            seen.append(subscription.plan)
            assert subscription.usage_identifier in at_the_edge(edge)[subscription.plan]
            change(*arguments)

        return look

    monkeypatch.setattr(AccountStore, "subscribe", looking(AccountStore.subscribe))
    monkeypatch.setattr(KeyStore, "subscribe", looking(KeyStore.subscribe))
    monkeypatch.setattr(accounts, "_pause", looking(lambda _seconds: None))
    accounts.subscribe("acme", "pro", by=SOMEBODY)
    assert seen == ["free", "free", "pro"]


def test_a_plan_change_can_be_repeated_after_it_was_interrupted(
    accounts: AccountService, keys: KeyService, edge: UsagePlanKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    keys.create("acme", "one", ["read"], by=SOMEBODY)
    with monkeypatch.context() as patch:
        patch.setattr(KeyStore, "subscribe", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            accounts.subscribe("acme", "pro", by=SOMEBODY)
    assert [key.subscription.plan for key in keys.of_account("acme")] == ["free"]
    after = accounts.subscribe("acme", "pro", by=SOMEBODY).subscription
    assert [key.subscription for key in keys.of_account("acme")] == [after]
    assert at_the_edge(edge) == {"pro": [after.usage_identifier]}


def test_a_key_created_during_a_plan_change_has_the_new_plan(
    accounts: AccountService, keys: KeyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    add = KeyStore.add

    def change_before(
        store: KeyStore, key: ApiKey, account: Account, *records: TransactionItem
    ) -> None:
        if accounts.get("acme").subscription.plan == "free":
            accounts.subscribe("acme", "pro", by=SOMEBODY)
        add(store, key, account, *records)

    monkeypatch.setattr(KeyStore, "add", change_before)
    assert keys.create("acme", "one", ["read"], by=SOMEBODY).record.subscription.plan == "pro"
    assert [key.subscription.plan for key in keys.of_account("acme")] == ["pro"]


def test_a_key_rotated_during_a_plan_change_has_the_new_plan(
    accounts: AccountService, keys: KeyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    old = keys.create("acme", "one", ["read"], by=SOMEBODY).record
    swap = KeyStore.replace

    def change_before(store: KeyStore, *arguments: Any) -> None:
        if accounts.get("acme").subscription.plan == "free":
            accounts.subscribe("acme", "pro", by=SOMEBODY)
        swap(store, *arguments)

    monkeypatch.setattr(KeyStore, "replace", change_before)
    assert keys.rotate("acme", old.id, by=SOMEBODY).record.subscription.plan == "pro"


def test_of_two_concurrent_plan_changes_one_is_rejected(
    accounts: AccountService, store: AccountStore
) -> None:
    subscription = accounts.ensure("acme", by=SOMEBODY).subscription
    store.subscribe("acme", replace(subscription, plan="pro", version=2))
    with pytest.raises(SubscriptionChanged):
        store.subscribe("acme", replace(subscription, plan="enterprise", version=2))


def test_of_two_plan_changes_after_another_the_slower_takes_no_key_of_the_quicker(
    accounts: AccountService, edge: UsagePlanKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first still waits, to delete what the account has in other plans."""
    accounts.ensure("acme", by=SOMEBODY)
    pending = [lambda: accounts.subscribe("acme", "enterprise", by=SOMEBODY)]

    def pause(_seconds: float) -> None:
        if pending and accounts.get("acme").subscription.plan == "pro":
            pending.pop()()

    monkeypatch.setattr(accounts, "_pause", pause)
    accounts.subscribe("acme", "pro", by=SOMEBODY)
    subscription = accounts.get("acme").subscription
    assert subscription.plan == "enterprise"
    assert at_the_edge(edge) == {"enterprise": [subscription.usage_identifier]}


def test_a_key_never_goes_back_to_an_earlier_plan(
    accounts: AccountService, keys: KeyService, key_store: KeyStore
) -> None:
    before = accounts.ensure("acme", by=SOMEBODY).subscription
    key = keys.create("acme", "one", ["read"], by=SOMEBODY).record
    after = accounts.subscribe("acme", "pro", by=SOMEBODY).subscription
    key_store.subscribe(key, before)
    assert keys.get("acme", key.id).subscription == after


def test_an_unknown_plan_or_account_changes_nothing(
    accounts: AccountService, edge: UsagePlanKeys
) -> None:
    created = accounts.ensure("acme", by=SOMEBODY)
    with pytest.raises(UnknownPlan, match="free, pro, enterprise"):
        accounts.subscribe("acme", "gold", by=SOMEBODY)
    with pytest.raises(AccountNotFound):
        accounts.subscribe("nobody", "pro", by=SOMEBODY)
    assert accounts.get("acme") == created
    assert list(at_the_edge(edge)) == ["free"]


class TestSharedKeys:
    @pytest.fixture
    def shared(
        self,
        dynamodb: DynamoDBClient,
        store: AccountStore,
        key_store: KeyStore,
        edge: UsagePlanKeys,
    ) -> AccountService:
        edge = replace(edge, shared=2)
        audit = AuditLog(dynamodb, AUDIT)
        return AccountService(store, key_store, edge, audit, pause=lambda _seconds: None)

    def test_many_free_accounts_share_a_few(
        self, shared: AccountService, edge: UsagePlanKeys
    ) -> None:
        created = [
            shared.ensure(f"account-{n}", by=SOMEBODY).subscription.usage_identifier
            for n in range(9)
        ]
        assert sorted(set(created)) == sorted(at_the_edge(edge)["free"])
        assert len(set(created)) == 2

    def test_a_paid_account_has_its_own(self, shared: AccountService, edge: UsagePlanKeys) -> None:
        free = [
            shared.ensure(f"account-{n}", by=SOMEBODY).subscription.usage_identifier
            for n in range(2)
        ]
        own = shared.subscribe("account-0", "pro", by=SOMEBODY).subscription.usage_identifier
        assert own not in free
        assert own in at_the_edge(edge)["pro"]
        # ... and leaves the shared one to the others.
        assert set(free) == set(at_the_edge(edge)["free"])

    def test_an_account_can_come_to_share(
        self, accounts: AccountService, shared: AccountService, edge: UsagePlanKeys
    ) -> None:
        alone = accounts.ensure("acme", by=SOMEBODY).subscription.usage_identifier
        together = shared.subscribe("acme", "free", by=SOMEBODY).subscription.usage_identifier
        assert alone != together
        assert at_the_edge(edge) == {"free": [together]}
