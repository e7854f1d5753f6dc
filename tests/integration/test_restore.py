"""What a restore revives, and what not: nothing that the stack knows to have ended since."""

from __future__ import annotations

import csv
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.accounts.usage_plan_keys import SETTLING
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.keys.model import KeyState
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits.plan import LimitClass, UnknownPlan
from jmpy.webhooks.model import Webhook
from jmpy.webhooks.store import WebhookStore
from ops import backup_file, backup_key, backup_tables, progress
from ops.confirmation import NotConfirmed
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY
from tests.integration import backups
from tests.integration.backups import Stack, contents, put, taken
from tests.integration.key_tokens import token_service
from tests.integration.test_accounts import at_the_edge

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.keys.model import ApiKey, IssuedKey


class Clock:
    """Real time, which goes on when a test says so: backups are dated by the machine's clock."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def later() -> Clock:
    return Clock()


@pytest.fixture
def accounts(dynamodb: DynamoDBClient, edge: UsagePlanKeys, later: Clock) -> AccountService:
    store, keys = AccountStore(dynamodb, ACCOUNTS), KeyStore(dynamodb, ACCOUNTS)
    audit = AuditLog(dynamodb, "audit")
    return AccountService(store, keys, edge, audit, now=later, pause=lambda _: None)


@pytest.fixture
def keys(dynamodb: DynamoDBClient, later: Clock) -> KeyService:
    store, accounts = KeyStore(dynamodb, ACCOUNTS), AccountStore(dynamodb, ACCOUNTS)
    return KeyService(store, accounts, AuditLog(dynamodb, "audit"), later)


@pytest.fixture
def old(dynamodb: DynamoDBClient, edge: UsagePlanKeys) -> Stack:
    return backups.deployed(dynamodb, edge)


@pytest.fixture
def new(dynamodb: DynamoDBClient, edge: UsagePlanKeys) -> Stack:
    return backups.empty(dynamodb, edge)


@pytest.fixture
def issued(accounts: AccountService, keys: KeyService) -> IssuedKey:
    accounts.ensure("acme", by=SOMEBODY)
    return keys.create("acme", "CI", ["read", "write"], by=SOMEBODY)


@pytest.fixture
def path(old: Stack, issued: IssuedKey, later: Clock, tmp_path: Path) -> Path:
    """Of a backup that was made when the key worked, some time ago."""
    taken(old, tmp_path / "backup.jsonl")
    later.ahead = 60
    return tmp_path / "backup.jsonl"


def lose_accounts(stack: Stack) -> None:
    """All of AccountsTable; the audit log is kept."""
    table = stack.tables["AccountsTable"]
    for item in stack.dynamodb.scan(TableName=table)["Items"]:
        stack.dynamodb.delete_item(TableName=table, Key={n: item[n] for n in ("pk", "sk")})


def found(stack: Stack, key: ApiKey) -> ApiKey:
    known = stack.keys.find(key.digest)
    assert known is not None
    return known


def revoke(_accounts: AccountService, keys: KeyService, key: ApiKey) -> None:
    keys.revoke("acme", key.id, by=SOMEBODY)


def rotate(_accounts: AccountService, keys: KeyService, key: ApiKey) -> None:
    keys.rotate("acme", key.id, 0, by=SOMEBODY)


def narrow(_accounts: AccountService, keys: KeyService, key: ApiKey) -> None:
    keys.change("acme", key.id, by=SOMEBODY, permissions=["read"], header_only=True)


def restrict(_accounts: AccountService, keys: KeyService, key: ApiKey) -> None:
    keys.change("acme", key.id, by=SOMEBODY, allowed_ips=["203.0.113.0/24", "2001:db8::1"])


def cap(_accounts: AccountService, keys: KeyService, key: ApiKey) -> None:
    keys.change("acme", key.id, by=SOMEBODY, limits={"url_reads": 5})


def pause(_accounts: AccountService, keys: KeyService, key: ApiKey) -> None:
    keys.pause("acme", key.id, by=SOMEBODY)


def suspend(accounts: AccountService, _keys: KeyService, _key: ApiKey) -> None:
    accounts.suspend("acme", "left", by=SOMEBODY)


def sell(accounts: AccountService, _keys: KeyService, _key: ApiKey) -> None:
    accounts.subscribe("acme", "pro", {LimitClass.ANALYTICS: 7}, by=SOMEBODY)


Ending = Callable[[AccountService, KeyService, "ApiKey"], None]
SINCE = [revoke, rotate, narrow, restrict, cap, pause, suspend, sell]


@pytest.mark.parametrize("change", SINCE)
@pytest.mark.parametrize("is_lost", [False, True], ids=["over it", "after its accounts were lost"])
def test_what_was_done_to_a_key_since_the_backup_stays_so(
    *,
    old: Stack,
    accounts: AccountService,
    keys: KeyService,
    issued: IssuedKey,
    path: Path,
    later: Clock,
    change: Ending,
    is_lost: bool,
) -> None:
    change(accounts, keys, issued.record)
    before = found(old, issued.record)
    if is_lost:
        lose_accounts(old)
    put(old, path, force=True)
    after = found(old, issued.record)
    assert after.state(later()) == before.state(later())
    assert replace(after, subscription=before.subscription, version=before.version) == before
    assert after.subscription == before.subscription == accounts.get("acme").subscription


def test_a_suspension_that_was_lifted_since_is_not_brought_back(
    old: Stack,
    accounts: AccountService,
    issued: IssuedKey,
    later: Clock,
    tmp_path: Path,
) -> None:
    accounts.suspend("acme", by=SOMEBODY)
    taken(old, tmp_path / "backup.jsonl")
    later.ahead = 60
    accounts.unsuspend("acme", by=SOMEBODY)
    lose_accounts(old)
    put(old, tmp_path / "backup.jsonl", force=True)
    assert found(old, issued.record).state(later()) is KeyState.ACTIVE


def test_a_key_that_was_revoked_while_the_backup_was_read_is_restored_as_revoked(
    old: Stack, new: Stack, keys: KeyService, issued: IssuedKey, tmp_path: Path
) -> None:
    """Its table was read before, the audit log after."""
    first, last, half = (tmp_path / f"{name}.jsonl" for name in ("first", "last", "half"))
    taken(old, first)
    keys.revoke("acme", issued.record.id, by=SOMEBODY)
    taken(old, last)
    read = [(table, item) for table, item in backup_file.read(first) if table != "AuditTable"]
    read += [(table, item) for table, item in backup_file.read(last) if table == "AuditTable"]
    key = backup_key.read(backups.key_file(half))
    backup_file.write(half, "jmpy", backup_file.check(first, key).created_at, read, key)
    put(new, half)
    assert found(new, issued.record).state(time.time()) is KeyState.REVOKED


# Where it is not known


def test_a_new_stack_lists_the_keys_that_work_again_for_confirmation(
    *,
    new: Stack,
    issued: IssuedKey,
    keys: KeyService,
    path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The stack of the backup knows that the key was revoked since, this one does not."""
    keys.revoke("acme", issued.record.id, by=SOMEBODY)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: "no")
    with pytest.raises(NotConfirmed):
        put(new, path, yes=False)
    reported = capsys.readouterr().out
    key = issued.record
    assert (
        f"{key.account_id}  {key.id}  {key.display_prefix}...{key.last_four}  {key.name}"
        in reported
    )
    assert "1 API key will work again" in reported
    assert not any(contents(new).values())
    monkeypatch.setattr("builtins.input", lambda _question: "yes")
    put(new, path, yes=False)
    assert found(new, issued.record).state(time.time()) is KeyState.ACTIVE


def test_a_script_has_to_say_yes_beforehand(new: Stack, path: Path) -> None:
    with pytest.raises(NotConfirmed, match="YES=1"):
        put(new, path, yes=False)
    assert not any(contents(new).values())
    put(new, path, yes=True)
    assert contents(new)["AccountsTable"]


def test_no_confirmation_is_needed_if_no_key_works_again(
    old: Stack, keys: KeyService, issued: IssuedKey, path: Path
) -> None:
    keys.revoke("acme", issued.record.id, by=SOMEBODY)
    put(old, path, force=True, yes=False)
    lose_accounts(old)
    put(old, path, force=True, yes=False)


def test_all_keys_that_work_again_can_be_had_as_a_file(
    *,
    new: Stack,
    old: Stack,
    keys: KeyService,
    issued: IssuedKey,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    created = [keys.create("acme", f"key {number}", ["read"], by=SOMEBODY) for number in range(30)]
    ended = keys.create("acme", "ended", ["read"], by=SOMEBODY).record
    keys.revoke("acme", ended.id, by=SOMEBODY)
    taken(old, tmp_path / "backup.jsonl")
    report = tmp_path / "keys.csv"
    put(new, tmp_path / "backup.jsonl", report=report)
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    rows = [*csv.DictReader(report.open())]
    assert {row["key_id"] for row in rows} == {key.record.id for key in (issued, *created)}
    assert "11 more" not in capsys.readouterr().out
    put(new, tmp_path / "backup.jsonl", force=True)
    assert "will work again" not in capsys.readouterr().out  # they do already


def test_a_restore_is_in_the_audit_log_of_each_account_before_anything_else_is_written(
    new: Stack, issued: IssuedKey, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(backup_tables, "written", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            put(new, path)
    (entry,) = new.audit_log.all("acme", EntryFilter(), 10)
    assert entry.action == "account.restored"
    assert entry.origin == new.operator
    created_at = backup_file.check(path, None).since
    assert dict(entry.changes) == {"backup_made_at": (None, created_at), "keys": (None, 1)}


def test_no_entry_of_the_audit_log_is_replaced(
    old: Stack, accounts: AccountService, path: Path
) -> None:
    table = old.tables["AuditTable"]
    (item, *_) = old.dynamodb.scan(TableName=table)["Items"]
    marked = item | {"user_agent": {"S": "as it is here"}}
    old.dynamodb.put_item(TableName=table, Item=marked)
    put(old, path, force=True)
    key = {name: item[name] for name in ("pk", "sk")}
    assert old.dynamodb.get_item(TableName=table, Key=key)["Item"] == marked


def test_a_webhook_that_was_changed_since_does_not_come_back(
    old: Stack, accounts: AccountService, dynamodb: DynamoDBClient, later: Clock, tmp_path: Path
) -> None:
    from jmpy.webhooks.service import Webhooks  # noqa: PLC0415 - what only this test needs

    webhooks = WebhookStore(dynamodb, ACTIVITY)
    service = Webhooks(webhooks, None, AuditLog(dynamodb, "audit"), later)  # type: ignore[arg-type]
    for account_id in ("acme", "other", "third"):
        accounts.ensure(account_id, by=SOMEBODY)
        webhooks.add(account_id, Webhook("https://example.com/", "s"))
    taken(old, tmp_path / "backup.jsonl")
    later.ahead = 60
    service.remove("acme", by=SOMEBODY)
    service.roll_secret("other", by=SOMEBODY)
    rolled = webhooks.find("other")
    key: Any = {"pk": {"S": "account#third"}, "sk": {"S": "webhook"}}
    dynamodb.delete_item(TableName=ACTIVITY, Key=key)  # lost, and not removed
    put(old, tmp_path / "backup.jsonl", force=True)
    assert webhooks.find("acme") is None
    assert webhooks.find("other") == rolled
    assert webhooks.find("third") is not None


# Keys at the edge


def test_restored_keys_have_their_usage_plan_before_anybody_can_use_them(
    *,
    new: Stack,
    edge: UsagePlanKeys,
    accounts: AccountService,
    keys: KeyService,
    old: Stack,
    issued: IssuedKey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No key is answered 503 because API Gateway does not know its account."""
    accounts.ensure("paid", by=SOMEBODY)
    accounts.subscribe("paid", "pro", by=SOMEBODY)
    keys.create("paid", "theirs", ["read"], by=SOMEBODY)
    taken(old, tmp_path / "backup.jsonl")
    filled, seen = backup_tables.filled, []

    def looking(client: Any, tables: Any, items: Any) -> None:
        for table, item in items:
            if table == "AccountsTable" and "subscription" in item:
                sold = item["subscription"]["M"]
                there = at_the_edge(edge)[sold["plan"]["S"]]
                seen.append(sold["usage_identifier"]["S"] in there)
            filled(client, tables, [(table, item)])

    pauses: list[float] = []
    monkeypatch.setattr(progress, "pause", pauses.append)
    monkeypatch.setattr(backup_tables, "filled", looking)
    new.usage_plan_keys = replace(new.usage_plan_keys, settling=SETTLING)
    put(new, tmp_path / "backup.jsonl")
    assert seen == [True] * 4
    assert pauses == [pytest.approx(SETTLING, abs=30)]
    for account_id in ("acme", "paid"):
        was = accounts.get(account_id).subscription
        restored = AccountStore(new.dynamodb, new.tables["AccountsTable"]).get(account_id)
        assert restored.subscription.plan == was.plan
        assert restored.subscription.usage_identifier != was.usage_identifier
        for key in new.keys.of_account(account_id):
            assert key.subscription == restored.subscription


def test_a_plan_that_the_stack_lacks_is_reported_before_anything_is_written(
    new: Stack, path: Path, issued: IssuedKey
) -> None:
    new.usage_plan_keys = replace(
        new.usage_plan_keys, find_usage_plans=lambda: '{"gold": "plan-1"}'
    )
    with pytest.raises(UnknownPlan):
        put(new, path)
    assert not any(contents(new).values())


def test_a_restore_that_was_interrupted_goes_on_where_it_stopped(
    new: Stack, issued: IssuedKey, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = backup_tables.filled
    with monkeypatch.context() as patched:

        def failing(client: Any, tables: Any, items: Any) -> None:
            pairs = [*items]
            filled(client, tables, pairs[:2])
            if any(table == "AccountsTable" for table, _ in pairs):
                raise backup_tables.StillFull

        patched.setattr(backup_tables, "filled", failing)
        with pytest.raises(backup_tables.StillFull):
            put(new, path)
    put(new, path, force=True)
    assert found(new, issued.record).state(time.time()) is KeyState.ACTIVE
    assert len(new.keys.of_account("acme")) == 1


def test_short_lived_tokens_are_not_brought_back(
    old: Stack, issued: IssuedKey, dynamodb: DynamoDBClient, tmp_path: Path
) -> None:
    """They may have been revoked since, by the key itself, of which the audit log has no entry."""
    tokens = token_service(dynamodb)
    tokens.create(issued.record)
    taken(old, tmp_path / "backup.jsonl")
    lose_accounts(old)
    put(old, tmp_path / "backup.jsonl", force=True)
    assert found(old, issued.record).id == issued.record.id
    assert tokens.of_key(issued.record) == []
