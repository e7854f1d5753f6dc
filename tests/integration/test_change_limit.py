"""How often the keys and settings of an account can be changed in a day."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from jmpy.accounts.store import AccountStore
from jmpy.alerts.settings.service import ThresholdService
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.audit.model import Action, Actor, ActorType, Channel, Origin, Source
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.keys.errors import KeyNotActive
from jmpy.keys.model import KeyStatus
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits import changes
from jmpy.limits.changes import ChangeLimit
from jmpy.limits.errors import TooManyChanges
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, USAGE
from tests.integration.api_keys import Keys
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from tests.integration.browser import Browser

OPERATOR = Origin(Actor(ActorType.OPERATOR, "ada"), Source(Channel.MAKE))
MOST = 5


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MAX_CHANGES", MOST)


@pytest.fixture
def log(dynamodb: DynamoDBClient) -> AuditLog:
    return AuditLog(dynamodb, AUDIT, ChangeLimit(USAGE))


@pytest.fixture
def keys(dynamodb: DynamoDBClient, log: AuditLog, account: Account, clock: Clock) -> KeyService:
    store, accounts = KeyStore(dynamodb, ACCOUNTS), AccountStore(dynamodb, ACCOUNTS)
    return KeyService(store, accounts, log, clock)


@pytest.fixture
def tuning(dynamodb: DynamoDBClient, log: AuditLog, clock: Clock) -> ThresholdService:
    return ThresholdService(ThresholdStore(dynamodb, ACTIVITY), log, clock)


def entries(log: AuditLog, *actions: Action) -> int:
    return sum(entry.action in actions for entry in log.all("acme", EntryFilter(), 1000))


def test_the_audit_log_of_an_account_grows_by_a_bounded_number_of_entries_a_day(
    keys: KeyService, tuning: ThresholdService, log: AuditLog, clock: Clock
) -> None:
    key = keys.create("acme", "one", ["read"], by=SOMEBODY).record
    for number in range(50):
        with pytest.raises(TooManyChanges) if number >= MOST - 1 else nullcontext():
            keys.change("acme", key.id, name=f"name {number}", by=SOMEBODY)
    with pytest.raises(TooManyChanges) as throttled:
        tuning.change("acme", {"inactive_days": 10}, by=SOMEBODY)
    assert entries(log, Action.KEY_CREATED, Action.KEY_CHANGED) == MOST
    assert throttled.value.retry_after <= 86400
    assert keys.get("acme", key.id).name == f"name {MOST - 2}"
    clock.time += 86400
    assert keys.change("acme", key.id, name="tomorrow", by=SOMEBODY).name == "tomorrow"


def test_a_key_can_be_revoked_however_much_was_changed(keys: KeyService, log: AuditLog) -> None:
    made = [keys.create("acme", "one", ["read", "write"], by=SOMEBODY).record for _ in range(MOST)]
    with pytest.raises(TooManyChanges):
        keys.rotate("acme", made[0].id, by=SOMEBODY)
    assert keys.change("acme", made[0].id, permissions=["read"], by=SOMEBODY)
    for key in made:
        assert keys.revoke("acme", key.id, by=SOMEBODY).status is KeyStatus.REVOKED
    assert entries(log, Action.KEY_REVOKED) == MOST


def test_what_fails_or_changes_nothing_is_not_counted(keys: KeyService) -> None:
    key = keys.create("acme", "one", ["read"], by=SOMEBODY).record
    for _ in range(20):
        keys.change("acme", key.id, name="one", by=SOMEBODY)
    keys.revoke("acme", key.id, by=SOMEBODY)
    for _ in range(20):
        with pytest.raises(KeyNotActive):
            keys.change("acme", key.id, name="two", by=SOMEBODY)
    for _ in range(MOST - 1):
        keys.create("acme", "more", ["read"], by=SOMEBODY)


def test_operators_and_other_accounts_are_not_counted(
    keys: KeyService, tuning: ThresholdService
) -> None:
    for _ in range(MOST + 2):
        keys.create("acme", "one", ["read"], by=OPERATOR)
    for number in range(MOST):
        tuning.change("another", {"inactive_days": number + 1}, by=SOMEBODY)
    assert keys.create("acme", "one", ["read"], by=SOMEBODY)


def test_the_api_says_when_changes_are_possible_again(account: Account) -> None:
    api_keys = Keys()
    key = api_keys.create()
    for number in range(MOST - 1):
        assert api_keys("PATCH", key["id"], body={"name": f"name {number}"}).status == 200
    response = api_keys("PATCH", key["id"], body={"name": "one more"})
    assert (response.status, response.code) == (429, "RATE_LIMIT_EXCEEDED")
    assert response.body["error"]["details"]["limit"] == MOST
    assert int(response.headers["retry-after"]) <= 86400
    assert "revoked" in response.body["error"]["message"]
    assert api_keys("DELETE", key["id"]).status == 200


def test_the_dashboard_shows_the_form_again(person: Browser) -> None:
    form = {"name": "Mine", "permissions": "read", "expiry": "never"}
    for _ in range(MOST):
        assert person.submit("/dashboard/api-keys", form).status == 201
    response = person.submit("/dashboard/api-keys", form | {"name": "One more"})
    assert response.status == 429
    assert 'value="One more"' in response.text
