"""All accounts put on their plans once more, as `make plans` does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jmpy.accounts import usage_plan_imports
from jmpy.accounts.renewal import Renewal, Renewed
from jmpy.accounts.service import EFFECTIVE, AccountService
from jmpy.accounts.store import AccountStore
from jmpy.accounts.usage_plan_imports import Holder, TooManyUsagePlanKeys, UsagePlanKeyImports
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.keys.store import KeyStore
from jmpy.limits.plan import UnknownPlan
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT
from tests.integration.test_accounts import at_the_edge

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.keys.service import KeyService
    from jmpy.transaction import TransactionItem
    from tests.integration.edge_imports import Imports

ACCOUNT_IDS = [f"account-{number}" for number in range(7)]


@pytest.fixture
def several(accounts: AccountService) -> list[Account]:
    made = [accounts.ensure(account_id, by=SOMEBODY) for account_id in ACCOUNT_IDS]
    accounts.subscribe(ACCOUNT_IDS[0], "pro", by=SOMEBODY)
    return made


def renewal(dynamodb: DynamoDBClient, edge: UsagePlanKeys, pauses: list[float]) -> Renewal:
    store, keys = AccountStore(dynamodb, ACCOUNTS), KeyStore(dynamodb, ACCOUNTS)
    service = AccountService(store, keys, edge, AuditLog(dynamodb, AUDIT), pause=pauses.append)
    return Renewal(service, store, keys, edge, UsagePlanKeyImports(edge), pause=pauses.append)


def names(edge: UsagePlanKeys) -> set[str]:
    return {name for found in at_the_edge(edge).values() for name in found}


def test_missing_usage_plan_keys_are_created_in_few_requests_and_others_are_unchanged(
    dynamodb: DynamoDBClient,
    edge: UsagePlanKeys,
    imports: Imports,
    several: list[Account],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, there = [*AccountStore(dynamodb, ACCOUNTS).all()], names(edge)
    for key in edge.client.get_api_keys()["items"]:
        if key["name"] != several[3].subscription.usage_identifier:
            edge.client.delete_api_key(apiKey=key["id"])
    monkeypatch.setattr(usage_plan_imports, "IMPORTED", 4)
    pauses: list[float] = []
    assert renewal(dynamodb, edge, pauses).run(by=SOMEBODY) == Renewed(7, 6, 0, 0)
    assert imports.sizes == [4, 2]
    assert names(edge) == there
    assert [*AccountStore(dynamodb, ACCOUNTS).all()] == before
    assert pauses == []


def test_accounts_come_to_share_keys_and_leave_their_own_waiting_once(
    dynamodb: DynamoDBClient, edge: UsagePlanKeys, several: list[Account], service: KeyService
) -> None:
    key = service.create(ACCOUNT_IDS[2], "one", ["read"], by=SOMEBODY).record
    shared = replace(edge, shared=2)
    pauses: list[float] = []
    assert renewal(dynamodb, shared, pauses).run(by=SOMEBODY) == Renewed(7, 2, 6, 6)
    assert pauses == [EFFECTIVE]
    accounts = {account.id: account for account in AccountStore(dynamodb, ACCOUNTS).all()}
    used = {account.subscription.usage_identifier for account in accounts.values()}
    assert len(used) == 3  # two are shared, the paid one has its own
    assert names(edge) == used
    assert service.get(ACCOUNT_IDS[2], key.id).subscription == accounts[ACCOUNT_IDS[2]].subscription
    entries = AuditLog(dynamodb, AUDIT).all(ACCOUNT_IDS[2], EntryFilter(), 10)
    assert "account.plan_renewed" in {entry.action for entry in entries}
    # Once more changes nothing.
    assert renewal(dynamodb, shared, pauses).run(by=SOMEBODY) == Renewed(7, 0, 0, 0)
    assert len(pauses) == 1


def test_an_interrupted_run_is_finished_by_the_next(
    dynamodb: DynamoDBClient,
    edge: UsagePlanKeys,
    several: list[Account],
    service: KeyService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = service.create(ACCOUNT_IDS[2], "one", ["read"], by=SOMEBODY).record
    shared = replace(edge, shared=2)
    with monkeypatch.context() as patched:
        patched.setattr(KeyStore, "subscribe", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            renewal(dynamodb, shared, []).run(by=SOMEBODY)
    done = renewal(dynamodb, shared, []).run(by=SOMEBODY)
    assert (done.accounts, done.created) == (7, 0)
    account = AccountStore(dynamodb, ACCOUNTS).get(ACCOUNT_IDS[2])
    assert service.get(ACCOUNT_IDS[2], key.id).subscription == account.subscription
    assert len(names(edge)) == 3


def test_a_key_that_an_import_skips_is_created_individually(
    dynamodb: DynamoDBClient, edge: UsagePlanKeys, imports: Imports, several: list[Account]
) -> None:
    there = names(edge)
    for key in edge.client.get_api_keys()["items"]:
        edge.client.delete_api_key(apiKey=key["id"])
    imports.skipped = {several[4].subscription.usage_identifier}
    assert renewal(dynamodb, edge, []).run(by=SOMEBODY).created == 7
    assert names(edge) == there


def test_an_account_whose_plan_changes_concurrently_gets_the_new_plan(
    dynamodb: DynamoDBClient,
    accounts: AccountService,
    edge: UsagePlanKeys,
    several: list[Account],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = ACCOUNT_IDS[5]
    subscribe = AccountStore.subscribe

    def change_before(store: AccountStore, account_id: str, *rest: TransactionItem) -> None:
        if account_id == changed and accounts.get(changed).subscription.plan == "free":
            monkeypatch.setattr(AccountStore, "subscribe", subscribe)
            accounts.subscribe(changed, "enterprise", by=SOMEBODY)
        subscribe(store, account_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(AccountStore, "subscribe", change_before)
    renewal(dynamodb, replace(edge, shared=2), []).run(by=SOMEBODY)
    subscription = accounts.get(changed).subscription
    assert subscription.plan == "enterprise"
    assert subscription.usage_identifier in at_the_edge(edge)["enterprise"]


def test_a_plan_that_the_stack_does_not_have_is_reported_before_anything_is_created(
    edge: UsagePlanKeys, imports: Imports
) -> None:
    with pytest.raises(UnknownPlan, match="gold"):
        UsagePlanKeyImports(edge).admit([Holder("free", "a"), Holder("gold", "b")])
    assert imports.sizes == []


def test_more_keys_than_api_gateway_allows_are_reported_before_anything_is_created(
    edge: UsagePlanKeys, imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage_plan_imports, "MAX_KEYS", 3)
    many = [Holder("free", account_id) for account_id in ACCOUNT_IDS]
    with pytest.raises(TooManyUsagePlanKeys, match="SharedFreeKeys"):
        UsagePlanKeyImports(edge).admit(many)
    assert imports.sizes == []
    assert UsagePlanKeyImports(replace(edge, shared=2)).admit(many) == 2
