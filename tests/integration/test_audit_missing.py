"""What becomes of a change when the audit log cannot be written: what takes rights away is done,
and the entry is in a log instead; nothing else is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jmpy.access.permission import Permission
from jmpy.accounts.store import AccountStore
from jmpy.audit.item import from_item
from jmpy.audit.model import Action, Change, Entry
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.aws import clients
from jmpy.keys.model import KeyStatus
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.webhooks.sender import WebhookSender
from jmpy.webhooks.service import Webhooks
from jmpy.webhooks.store import WebhookStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient


pytestmark = pytest.mark.usefixtures("account")

REJECTIONS = (
    # Of an item collection with a local index, and of a table or index that is throttled.
    "ItemCollectionSizeLimitExceeded",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
)


class Rejecting:
    """DynamoDB, which cancels transactions for what they write into one table."""

    def __init__(self, client: DynamoDBClient, table: str, code: str) -> None:
        self._client = client
        self._table = table
        self._code = code

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        reasons: Any = [self._reason(write) for write in request["TransactItems"]]
        if all(reason["Code"] == "None" for reason in reasons):
            return self._client.transact_write_items(**request)
        raise self._client.exceptions.TransactionCanceledException(
            {
                "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
                "CancellationReasons": reasons,
            },
            "TransactWriteItems",
        )

    def _reason(self, write: Any) -> dict[str, str]:
        ((_, parameters),) = write.items()
        return {"Code": self._code if parameters["TableName"] == self._table else "None"}


class Denying(Rejecting):
    """It denies the whole request, as a policy of the table does."""

    def transact_write_items(self, **request: Any) -> Any:
        reasons: Any = [self._reason(write) for write in request["TransactItems"]]
        if all(reason["Code"] == "None" for reason in reasons):
            return self._client.transact_write_items(**request)
        raise ClientError(
            {"Error": {"Code": self._code, "Message": "denied"}}, "TransactWriteItems"
        )


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jmpy.aws.dynamodb.time.sleep", lambda _seconds: None)


@pytest.fixture(params=[*REJECTIONS, "AccessDeniedException", "ResourceNotFoundException"])
def rejecting(dynamodb: DynamoDBClient, request: pytest.FixtureRequest) -> Any:
    """Where the audit log alone is rejected."""
    kind = Denying if request.param.endswith("Exception") else Rejecting
    return kind(dynamodb, AUDIT, request.param)


@pytest.fixture
def keys(rejecting: Any, clock: Clock) -> KeyService:
    return keys_of(rejecting, clock)


def keys_of(client: Any, clock: Clock) -> KeyService:
    keys, accounts = KeyStore(client, ACCOUNTS), AccountStore(client, ACCOUNTS)
    return KeyService(keys, accounts, AuditLog(client, AUDIT), clock)


def missing(caplog: pytest.LogCaptureFixture) -> list[Entry]:
    return [
        from_item(json.loads(vars(record)["entry"]))
        for record in caplog.records
        if record.message == "audit entry not written"
    ]


def test_a_revocation_does_not_wait_for_its_entry(
    service: KeyService,
    keys: KeyService,
    dynamodb: DynamoDBClient,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    assert keys.revoke("acme", key.id, by=SOMEBODY).status is KeyStatus.REVOKED
    assert service.get("acme", key.id).status is KeyStatus.REVOKED
    (entry,) = missing(caplog)
    assert (entry.action, entry.target_id, entry.origin) == (Action.KEY_REVOKED, key.id, SOMEBODY)
    assert entry.changes == {"status": ("active", "revoked")}
    assert '"AuditEntriesMissing":[1.0]' in capsys.readouterr().out.replace(" ", "")
    assert [*AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(action=Action.KEY_REVOKED), 9)] == []


def test_the_entry_in_the_log_can_be_put_into_the_table(
    service: KeyService,
    keys: KeyService,
    dynamodb: DynamoDBClient,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    clock.time += 1
    keys.revoke("acme", key.id, by=SOMEBODY)
    (record,) = [one for one in caplog.records if one.message == "audit entry not written"]
    item = json.loads(vars(record)["entry"])
    dynamodb.put_item(TableName=AUDIT, Item=item, ConditionExpression="attribute_not_exists(pk)")
    latest = next(AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(target_id=key.id), 9))
    assert latest == from_item(item)


def test_rights_of_a_key_can_be_taken_away(
    service: KeyService, keys: KeyService, caplog: pytest.LogCaptureFixture
) -> None:
    key = service.create("acme", "one", ["read", "write"], by=SOMEBODY).record
    changed = keys.change("acme", key.id, permissions=["read"], header_only=True, by=SOMEBODY)
    assert (changed.permissions, changed.header_only) == (frozenset({Permission.READ}), True)
    (entry,) = missing(caplog)
    assert entry.changes["permissions"] == (["read", "write"], ["read"])


def test_a_webhook_can_be_removed(
    dynamodb: DynamoDBClient, rejecting: Any, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def webhooks(client: Any) -> Webhooks:
        store = WebhookStore(client, ACTIVITY)
        return Webhooks(store, WebhookSender(), AuditLog(client, AUDIT), clock)

    webhooks(dynamodb).set_url("acme", "https://hooks.example.com/", by=SOMEBODY)
    webhooks(rejecting).remove("acme", by=SOMEBODY)
    assert webhooks(dynamodb).find("acme") is None
    assert [entry.action for entry in missing(caplog)] == [Action.WEBHOOK_REMOVED]


def test_what_gives_rights_waits_for_its_entry(
    service: KeyService,
    keys: KeyService,
    dynamodb: DynamoDBClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record

    def everything() -> Any:
        return sorted(dynamodb.scan(TableName=ACCOUNTS)["Items"], key=str)

    was = everything()
    attempts: list[Callable[[], Any]] = [
        lambda: keys.create("acme", "two", ["read"], by=SOMEBODY),
        lambda: keys.rotate("acme", key.id, by=SOMEBODY),
        lambda: keys.change("acme", key.id, permissions=["read", "write"], by=SOMEBODY),
        lambda: keys.change("acme", key.id, name="other", by=SOMEBODY),
    ]
    for attempt in attempts:
        with pytest.raises(clients.faults()):
            attempt()
    assert everything() == was
    assert missing(caplog) == []


@pytest.mark.parametrize("code", REJECTIONS)
def test_a_rejection_of_the_change_itself_is_a_fault(
    service: KeyService,
    dynamodb: DynamoDBClient,
    clock: Clock,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    throttled = keys_of(Rejecting(dynamodb, ACCOUNTS, code), clock)
    with pytest.raises(clients.faults()):
        throttled.revoke("acme", key.id, by=SOMEBODY)
    assert service.get("acme", key.id).status is KeyStatus.ACTIVE
    assert missing(caplog) == []


@pytest.mark.parametrize(
    ("action", "changes", "takes_away"),
    [
        (Action.KEY_REVOKED, {"status": Change("active", "revoked")}, True),
        (Action.WEBHOOK_REMOVED, {"host": Change("a.example", None)}, True),
        (Action.ACCOUNT_SUSPENDED, {}, True),
        (Action.LINK_DELETED, {"url": Change("https://example.com/", None)}, True),
        (Action.LINK_TAKEN_DOWN, {"takedown": Change(None, "phishing")}, True),
        (Action.LINK_CHANGED, {"status": Change("active", "disabled")}, True),
        (Action.LINK_CHANGED, {"status": Change("disabled", "active")}, False),
        (Action.LINK_CHANGED, {"url": Change("https://a.example/", "https://b.example/")}, False),
        (
            Action.LINK_CHANGED,
            {"status": Change("active", "disabled"), "url": Change("https://a.example/", "b")},
            False,
        ),
        (Action.KEY_CHANGED, {"permissions": Change(["read", "write"], ["write"])}, True),
        (Action.KEY_CHANGED, {"permissions": Change(["read"], ["write"])}, False),
        (Action.KEY_CHANGED, {"header_only": Change(False, True)}, True),
        (Action.KEY_CHANGED, {"header_only": Change(True, False)}, False),
        (Action.KEY_CHANGED, {"allowed_ips": Change(None, ["203.0.113.7"])}, True),
        (
            Action.KEY_CHANGED,
            {"allowed_ips": Change(["203.0.113.7", "2001:db8::1"], ["2001:db8::1"])},
            True,
        ),
        (Action.KEY_CHANGED, {"allowed_ips": Change(["203.0.113.7"], ["203.0.113.8"])}, False),
        (Action.KEY_CHANGED, {"allowed_ips": Change(["203.0.113.7"], None)}, False),
        (Action.KEY_CHANGED, {"limits": Change(None, {"analytics": 5})}, True),
        (
            Action.KEY_CHANGED,
            {"limits": Change({"analytics": 5}, {"analytics": 4, "url_reads": 9})},
            True,
        ),
        (Action.KEY_CHANGED, {"limits": Change({"analytics": 5}, {"analytics": 6})}, False),
        (Action.KEY_CHANGED, {"limits": Change({"analytics": 5}, {"url_reads": 5})}, False),
        (Action.KEY_CHANGED, {"limits": Change({"analytics": 5}, None)}, False),
        (Action.PLAN_CHANGED, {"limits": Change(None, {"analytics": 5})}, False),
        (Action.KEY_CREATED, {"permissions": Change(None, ["read"])}, False),
        (Action.KEY_ROTATED, {}, False),
        (Action.WEBHOOK_SECRET_ROLLED, {}, False),
        (Action.PLAN_RENEWED, {}, False),
    ],
)
def test_which_changes_only_take_away(
    action: Action, changes: dict[str, Change], takes_away: bool
) -> None:
    assert Entry("acme", 1, action, SOMEBODY, "x", changes=changes).takes_away is takes_away
