"""What is written of changes, whichever service makes them: each once, none without its change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.accounts.errors import SubscriptionChanged
from jmpy.audit.model import Action, Actor, ActorType, Channel, Entry, Origin, Source
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.aws.dynamodb import transact
from jmpy.clock import HOUR
from jmpy.keys.errors import KeyNotActive, TooManyKeys
from jmpy.keys.model import KeyStatus
from jmpy.limits.plan import LimitClass
from jmpy.transaction import RecordRejected
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT
from tests.integration.conftest import Clock
from tests.integration.interleaved import before

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.keys.service import KeyService


@pytest.fixture
def log(dynamodb: DynamoDBClient) -> AuditLog:
    return AuditLog(dynamodb, AUDIT)


def recorded(log: AuditLog, *left_out: Action, account: str = "acme") -> list[tuple[str, Any]]:
    """Actions and changes, the earliest first."""
    entries = reversed([*log.all(account, EntryFilter(), 100)])
    return [(e.action.value, dict(e.changes)) for e in entries if e.action not in left_out]


def test_a_key_is_recorded_from_its_creation_to_its_end(
    service: KeyService, account: Account, log: AuditLog, clock: Clock
) -> None:
    now = int(clock.time)
    key = service.create(
        "acme", "one", ["write", "read"], now + HOUR, environment="staging", by=SOMEBODY
    ).record
    clock.time += 0.25
    service.change(
        "acme", key.id, name="two", permissions=["read"], environment=None, header_only=True,
        allowed_ips=["203.0.113.5/24"], limits={"url_reads": 5}, by=SOMEBODY,
    )  # fmt: skip
    clock.time += 0.25
    service.revoke("acme", key.id, by=SOMEBODY)
    assert recorded(log, Action.ACCOUNT_CREATED) == [
        (
            "api_key.created",
            {
                "name": (None, "one"),
                "permissions": (None, ["read", "write"]),
                "environment": (None, "staging"),
                "header_only": (None, False),
                "expires_at": (None, now + HOUR),
            },
        ),
        (
            "api_key.changed",
            {
                "name": ("one", "two"),
                "permissions": (["read", "write"], ["read"]),
                "environment": ("staging", None),
                "header_only": (False, True),
                "allowed_ips": (None, ["203.0.113.0/24"]),
                "limits": (None, {"url_reads": 5}),
            },
        ),
        ("api_key.revoked", {"status": ("active", "revoked")}),
    ]
    revoked = next(log.all("acme", EntryFilter(), 1))
    assert (revoked.target_id, revoked.target_name) == (key.id, "two")
    assert revoked.at_milliseconds == now * 1000 + 500
    assert revoked.origin == SOMEBODY


def test_a_rotation_is_in_the_history_of_both_keys(
    service: KeyService, account: Account, log: AuditLog, clock: Clock
) -> None:
    old = service.create("acme", "one", ["read"], by=SOMEBODY).record
    clock.time += 1
    new = service.rotate("acme", old.id, HOUR, by=SOMEBODY).record
    (rotated, *_) = log.all("acme", EntryFilter(target_id=old.id), 10)
    assert rotated.action is Action.KEY_ROTATED
    assert rotated.changes == {
        "replaced_by": (None, new.id),
        "expires_at": (None, int(clock.time) + HOUR),
    }
    (created,) = log.all("acme", EntryFilter(target_id=new.id), 10)
    assert created.action is Action.KEY_CREATED
    assert created.changes["replaces"] == (None, old.id)


def test_an_account_is_recorded_with_every_plan(
    accounts: AccountService, log: AuditLog, clock: Clock
) -> None:
    for limits in ({}, {LimitClass.ANALYTICS: 7}, {LimitClass.ANALYTICS: 7}):
        accounts.ensure("acme", by=SOMEBODY)
        clock.time += 1
        accounts.subscribe("acme", "pro", limits, by=SOMEBODY)
    assert recorded(log) == [
        ("account.created", {"plan": (None, "free")}),
        ("account.plan_changed", {"plan": ("free", "pro")}),
        ("account.plan_changed", {"limits": ({}, {"analytics": 7})}),
        ("account.plan_renewed", {}),
    ]


def test_what_changes_nothing_is_not_recorded(
    service: KeyService, accounts: AccountService, account: Account, log: AuditLog
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    service.change("acme", key.id, name=" one ", permissions=["read", "read"], by=SOMEBODY)
    service.change("acme", key.id, by=SOMEBODY)
    service.revoke("acme", key.id, by=SOMEBODY)
    service.revoke("acme", key.id, by=SOMEBODY)
    with pytest.raises(KeyNotActive):
        service.change("acme", key.id, name="two", by=SOMEBODY)
    accounts.ensure("acme", "new@example.com", by=SOMEBODY)
    assert sorted(action for action, _ in recorded(log)) == [
        "account.created", "api_key.created", "api_key.revoked",
    ]  # fmt: skip


def test_of_two_revocations_at_once_one_is_recorded(
    service: KeyService, account: Account, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    scanner = Origin(Actor(ActorType.SECRET_SCANNER, "1"), Source(Channel.API))
    before(monkeypatch, "revoke", lambda: service.revoke("acme", key.id, by=scanner))
    assert service.revoke("acme", key.id, by=SOMEBODY).status is KeyStatus.REVOKED
    (revoked,) = log.all("acme", EntryFilter(action=Action.KEY_REVOKED), 10)
    assert revoked.origin == scanner


def test_changes_of_one_field_at_once_are_recorded_as_they_happened(
    service: KeyService, account: Account, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    before(monkeypatch, "change", lambda: service.change("acme", key.id, name="two", by=SOMEBODY))
    assert service.change("acme", key.id, name="three", by=SOMEBODY).name == "three"
    found = {e.changes["name"] for e in log.all("acme", EntryFilter(action=Action.KEY_CHANGED), 10)}
    assert found == {("one", "two"), ("two", "three")}


def test_a_revocation_during_a_change_wins_and_the_change_is_not_recorded(
    service: KeyService, account: Account, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    before(monkeypatch, "change", lambda: service.revoke("acme", key.id, by=SOMEBODY))
    with pytest.raises(KeyNotActive):
        service.change("acme", key.id, name="two", by=SOMEBODY)
    assert [*log.all("acme", EntryFilter(action=Action.KEY_CHANGED), 10)] == []


def test_what_loses_a_race_is_not_recorded(
    service: KeyService,
    accounts: AccountService,
    account: Account,
    log: AuditLog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jmpy.keys.working_limit.MAX_WORKING", 1)
    before(monkeypatch, "add", lambda: service.create("acme", "quicker", ["read"], by=SOMEBODY))
    with pytest.raises(TooManyKeys):
        service.create("acme", "slower", ["read"], by=SOMEBODY)
    (created,) = log.all("acme", EntryFilter(action=Action.KEY_CREATED), 10)
    assert created.target_name == "quicker"
    monkeypatch.setattr(accounts._store, "get", lambda _id: account)
    accounts.subscribe("acme", "pro", by=SOMEBODY)
    with pytest.raises(SubscriptionChanged):
        accounts.subscribe("acme", "enterprise", by=SOMEBODY)
    (changed,) = log.all("acme", EntryFilter(action=Action.PLAN_CHANGED), 10)
    assert changed.changes["plan"].after == "pro"


def test_what_cannot_be_recorded_is_not_done(
    service: KeyService,
    accounts: AccountService,
    account: Account,
    dynamodb: DynamoDBClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record

    def everything() -> Any:
        return sorted(dynamodb.scan(TableName=ACCOUNTS)["Items"], key=str)

    put, was = AuditLog.put, everything()

    def refused(log: AuditLog, entry: Entry) -> Any:
        write = put(log, entry)
        write["Put"]["ConditionExpression"] = "attribute_exists(pk)"
        return write

    monkeypatch.setattr(AuditLog, "put", refused)
    with pytest.raises(RecordRejected):
        service.create("acme", "two", ["read"], by=SOMEBODY)
    with pytest.raises(RecordRejected):
        service.rotate("acme", key.id, by=SOMEBODY)
    with pytest.raises(RecordRejected):
        service.change("acme", key.id, name="two", by=SOMEBODY)
    with pytest.raises(RecordRejected):
        service.revoke("acme", key.id, by=SOMEBODY)
    with pytest.raises(RecordRejected):
        accounts.subscribe("acme", "pro", by=SOMEBODY)
    assert everything() == was


def test_an_entry_is_never_replaced(log: AuditLog, dynamodb: DynamoDBClient) -> None:
    entry = Entry("acme", 1, Action.KEY_REVOKED, SOMEBODY, "key-1")
    assert transact(dynamodb, [log.put(entry)]) == []
    assert transact(dynamodb, [log.put(entry)]) == [0]


def test_neither_a_key_nor_its_digest_is_in_the_log(
    service: KeyService, account: Account, dynamodb: DynamoDBClient
) -> None:
    first = service.create("acme", "one", ["read"], by=SOMEBODY)
    second = service.rotate("acme", first.record.id, HOUR, by=SOMEBODY)
    service.revoke("acme", second.record.id, by=SOMEBODY)
    written = str(dynamodb.scan(TableName=AUDIT)["Items"])
    assert first.record.id in written
    for issued in (first, second):
        assert issued.secret not in written
        assert issued.record.digest not in written
