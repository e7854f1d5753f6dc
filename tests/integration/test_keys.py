from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jmpy.accounts.store import AccountStore
from jmpy.keys import token
from jmpy.keys.errors import InvalidKeyRequest, KeyNotActive, KeyNotFound
from jmpy.keys.model import KeyStatus, Permission
from jmpy.keys.service import MAX_GRACE_PERIOD, KeyService
from jmpy.keys.store import KeyStore
from tests.integration.conftest import ACCOUNTS, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService

HOUR = 3600


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> KeyStore:
    return KeyStore(dynamodb, ACCOUNTS)


@pytest.fixture
def service(dynamodb: DynamoDBClient, store: KeyStore, clock: Clock) -> KeyService:
    return KeyService(store, AccountStore(dynamodb, ACCOUNTS), clock)


@pytest.fixture
def account(accounts: AccountService) -> Account:
    return accounts.ensure("acme")


def test_a_created_key_is_found_by_its_digest(
    service: KeyService, store: KeyStore, account: Account
) -> None:
    issued = service.create("acme", "  CI  ", ["read", "write"])
    found = store.find(token.parse(issued.secret))
    assert found == issued.record
    assert found.name == "CI"
    assert found.permissions == {Permission.READ, Permission.WRITE}
    assert (found.account_id, found.subscription) == ("acme", account.subscription)


def test_the_table_holds_no_key(
    service: KeyService, account: Account, dynamodb: DynamoDBClient
) -> None:
    first = service.create("acme", "one", ["read"])
    second = service.rotate("acme", first.record.id, HOUR)
    stored = json.dumps(dynamodb.scan(TableName=ACCOUNTS)["Items"])
    for secret in (first.secret, second.secret):
        assert secret not in stored
        assert secret.removeprefix("jmpy_")[4:-4] not in stored


def test_an_issued_key_does_not_show_its_secret(service: KeyService, account: Account) -> None:
    issued = service.create("acme", "one", ["read"])
    assert issued.secret not in repr(issued)


@pytest.mark.parametrize(
    ("name", "permissions", "message"),
    [
        ("", ["read"], "1 to 100"),
        ("   ", ["read"], "1 to 100"),
        ("x" * 101, ["read"], "1 to 100"),
        ("a\nb", ["read"], "printable"),
        ("one", [], "at least one permission"),
        ("one", ["read", "admin"], "'admin'"),
    ],
)
def test_a_bad_request_says_what_is_wrong(
    service: KeyService, account: Account, name: str, permissions: list[str], message: str
) -> None:
    with pytest.raises(InvalidKeyRequest, match=message):
        service.create("acme", name, permissions)


def test_an_expiry_is_in_the_future(service: KeyService, account: Account, clock: Clock) -> None:
    with pytest.raises(InvalidKeyRequest, match="future"):
        service.create("acme", "one", ["read"], expires_at=int(clock.time))


def test_keys_are_listed_newest_first_and_by_account(
    service: KeyService, accounts: AccountService, account: Account, clock: Clock
) -> None:
    service.create(accounts.ensure("other").id, "not mine", ["read"])
    for name in ("first", "second", "third"):
        service.create("acme", name, ["read"])
        clock.time += 1
    assert [key.name for key in service.of_account("acme")] == ["third", "second", "first"]


def test_another_accounts_key_is_not_found(service: KeyService, account: Account) -> None:
    key_id = service.create("acme", "one", ["read"]).record.id
    for attempt in (service.get, service.change, service.revoke, service.rotate):
        with pytest.raises(KeyNotFound):
            attempt("other", key_id)


def test_rename_and_re_scope(service: KeyService, store: KeyStore, account: Account) -> None:
    issued = service.create("acme", "one", ["read"])
    service.change("acme", issued.record.id, name="two")
    service.change("acme", issued.record.id, permissions=["delete"])
    found = store.find(issued.record.digest)
    assert found is not None
    assert found.name == "two"
    assert found.permissions == {Permission.DELETE}


def test_revoking_is_for_good_and_can_be_repeated(
    service: KeyService, store: KeyStore, account: Account, clock: Clock
) -> None:
    issued = service.create("acme", "one", ["read"])
    service.revoke("acme", issued.record.id)
    revoked_at = int(clock.time)
    clock.time += HOUR
    assert service.revoke("acme", issued.record.id).revoked_at == revoked_at
    found = store.find(issued.record.digest)
    assert found is not None
    assert (found.status, found.revoked_at) == (KeyStatus.REVOKED, revoked_at)
    with pytest.raises(KeyNotActive):
        service.change("acme", issued.record.id, name="back")
    with pytest.raises(KeyNotActive):
        service.rotate("acme", issued.record.id)


def test_a_rotated_key_works_for_its_grace_period(
    service: KeyService, store: KeyStore, account: Account, clock: Clock
) -> None:
    old = service.create("acme", "one", ["read", "delete"]).record
    clock.time += HOUR
    new = service.rotate("acme", old.id, grace_period=2 * HOUR).record
    assert (new.name, new.permissions, new.expires_at) == (old.name, old.permissions, None)
    retired = store.find(old.digest)
    assert retired is not None
    assert retired.replaced_by == new.id
    assert retired.refusal(clock.time + 2 * HOUR - 1) is None
    assert retired.refusal(clock.time + 2 * HOUR) == "expired"


def test_a_grace_period_never_outlives_the_old_keys_expiry(
    service: KeyService, store: KeyStore, account: Account, clock: Clock
) -> None:
    expiry = int(clock.time) + HOUR
    old = service.create("acme", "one", ["read"], expires_at=expiry).record
    clock.time += HOUR / 2
    new = service.rotate("acme", old.id, grace_period=2 * HOUR).record
    retired = store.find(old.digest)
    assert retired is not None
    assert retired.expires_at == expiry
    assert new.expires_at == clock.time + HOUR  # the same lifetime, from now on


@pytest.mark.parametrize("grace", [-1, MAX_GRACE_PERIOD + 1])
def test_a_grace_period_has_limits(service: KeyService, account: Account, grace: int) -> None:
    key_id = service.create("acme", "one", ["read"]).record.id
    with pytest.raises(InvalidKeyRequest, match="7 days"):
        service.rotate("acme", key_id, grace)


def test_a_key_is_rotated_once(service: KeyService, account: Account) -> None:
    key_id = service.create("acme", "one", ["read"]).record.id
    service.rotate("acme", key_id, HOUR)
    with pytest.raises(KeyNotActive):
        service.rotate("acme", key_id, HOUR)
    assert len(service.of_account("acme")) == 2


def test_a_revocation_during_a_rotation_wins(
    service: KeyService, store: KeyStore, account: Account, clock: Clock
) -> None:
    stale = service.create("acme", "one", ["read"]).record
    new = service.create("acme", "two", ["read"]).record
    service.revoke("acme", stale.id)
    with pytest.raises(KeyNotActive):
        store.replace(stale, new, int(clock.time) + HOUR)
