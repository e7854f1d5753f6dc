from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jmpy.access.permission import Permission
from jmpy.clock import HOUR
from jmpy.keys import token
from jmpy.keys.errors import InvalidKeyRequest, KeyNotActive, KeyNotFound
from jmpy.keys.item import primary_key
from jmpy.keys.model import Environment, KeyStatus
from jmpy.keys.rotation import MAX_GRACE_PERIOD
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> KeyStore:
    return KeyStore(dynamodb, ACCOUNTS)


def test_a_created_key_is_found_by_its_digest(
    service: KeyService, store: KeyStore, account: Account
) -> None:
    issued = service.create("acme", "  CI  ", ["read", "write"], by=SOMEBODY)
    found = store.find(token.parse(issued.secret))
    assert found == issued.record
    assert found.name == "CI"
    assert found.permissions == {Permission.READ, Permission.WRITE}
    assert (found.account_id, found.subscription) == ("acme", account.subscription)


def test_the_table_holds_no_key(
    service: KeyService, account: Account, dynamodb: DynamoDBClient
) -> None:
    first = service.create("acme", "one", ["read"], by=SOMEBODY)
    second = service.rotate("acme", first.record.id, HOUR, by=SOMEBODY)
    stored = json.dumps(dynamodb.scan(TableName=ACCOUNTS)["Items"])
    for secret in (first.secret, second.secret):
        assert secret not in stored
        assert secret.removeprefix("jmpy_")[4:-4] not in stored


def test_an_issued_key_does_not_show_its_secret(service: KeyService, account: Account) -> None:
    issued = service.create("acme", "one", ["read"], by=SOMEBODY)
    assert issued.secret not in repr(issued)


@pytest.mark.parametrize(
    ("name", "permissions", "message"),
    [
        ("", ["read"], "1 to 100"),
        ("   ", ["read"], "1 to 100"),
        ("x" * 312, ["read"], "The name is 312 characters long; the maximum is 100"),
        ("a\nb", ["read"], "one line"),
        ("one", [], "at least one permission"),
        ("one", ["read", "admin"], "'admin'"),
    ],
)
def test_a_bad_request_says_what_is_wrong(
    service: KeyService, account: Account, name: str, permissions: list[str], message: str
) -> None:
    with pytest.raises(InvalidKeyRequest, match=message):
        service.create("acme", name, permissions, by=SOMEBODY)


def test_an_expiry_is_in_the_future(service: KeyService, account: Account, clock: Clock) -> None:
    with pytest.raises(InvalidKeyRequest, match="future"):
        service.create("acme", "one", ["read"], expires_at=int(clock.time), by=SOMEBODY)


def test_keys_are_listed_newest_first_and_by_account(
    service: KeyService, accounts: AccountService, account: Account, clock: Clock
) -> None:
    service.create(accounts.ensure("other", by=SOMEBODY).id, "not mine", ["read"], by=SOMEBODY)
    for name in ("first", "second", "third"):
        service.create("acme", name, ["read"], by=SOMEBODY)
        clock.time += 1
    assert [key.name for key in service.of_account("acme")] == ["third", "second", "first"]


def test_another_accounts_key_is_not_found(service: KeyService, account: Account) -> None:
    key_id = service.create("acme", "one", ["read"], by=SOMEBODY).record.id
    with pytest.raises(KeyNotFound):
        service.get("other", key_id)
    for attempt in (service.change, service.revoke, service.rotate):
        with pytest.raises(KeyNotFound):
            attempt("other", key_id, by=SOMEBODY)


def test_rename_and_re_scope(service: KeyService, store: KeyStore, account: Account) -> None:
    issued = service.create("acme", "one", ["read"], by=SOMEBODY)
    service.change("acme", issued.record.id, name="two", by=SOMEBODY)
    service.change("acme", issued.record.id, permissions=["delete"], by=SOMEBODY)
    found = store.find(issued.record.digest)
    assert found is not None
    assert found.name == "two"
    assert found.permissions == {Permission.DELETE}


def test_revoking_is_for_good_and_can_be_repeated(
    service: KeyService, store: KeyStore, account: Account, clock: Clock
) -> None:
    issued = service.create("acme", "one", ["read"], by=SOMEBODY)
    service.revoke("acme", issued.record.id, by=SOMEBODY)
    revoked_at = int(clock.time)
    clock.time += HOUR
    assert service.revoke("acme", issued.record.id, by=SOMEBODY).revoked_at == revoked_at
    found = store.find(issued.record.digest)
    assert found is not None
    assert (found.status, found.revoked_at) == (KeyStatus.REVOKED, revoked_at)
    with pytest.raises(KeyNotActive):
        service.change("acme", issued.record.id, name="back", by=SOMEBODY)
    with pytest.raises(KeyNotActive):
        service.rotate("acme", issued.record.id, by=SOMEBODY)


def test_a_rotated_key_works_for_its_grace_period(
    service: KeyService, store: KeyStore, account: Account, clock: Clock
) -> None:
    old = service.create("acme", "one", ["read", "delete"], by=SOMEBODY).record
    clock.time += HOUR
    new = service.rotate("acme", old.id, grace_period=2 * HOUR, by=SOMEBODY).record
    assert (new.name, new.permissions, new.expires_at) == (old.name, old.permissions, None)
    retired = store.find(old.digest)
    assert retired is not None
    assert retired.replaced_by == new.id
    assert retired.inactive_reason(clock.time + 2 * HOUR - 1) is None
    assert retired.inactive_reason(clock.time + 2 * HOUR) == "expired"


def test_a_grace_period_never_outlives_the_old_keys_expiry(
    service: KeyService, store: KeyStore, account: Account, clock: Clock
) -> None:
    expiry = int(clock.time) + HOUR
    old = service.create("acme", "one", ["read"], expires_at=expiry, by=SOMEBODY).record
    clock.time += HOUR / 2
    new = service.rotate("acme", old.id, grace_period=2 * HOUR, by=SOMEBODY).record
    retired = store.find(old.digest)
    assert retired is not None
    assert retired.expires_at == expiry
    assert new.expires_at == clock.time + HOUR  # the same lifetime, from now on


@pytest.mark.parametrize("grace", [-1, MAX_GRACE_PERIOD + 1])
def test_a_grace_period_has_limits(service: KeyService, account: Account, grace: int) -> None:
    key_id = service.create("acme", "one", ["read"], by=SOMEBODY).record.id
    with pytest.raises(InvalidKeyRequest, match="7 days"):
        service.rotate("acme", key_id, grace, by=SOMEBODY)


def test_a_key_is_rotated_once(service: KeyService, account: Account) -> None:
    key_id = service.create("acme", "one", ["read"], by=SOMEBODY).record.id
    service.rotate("acme", key_id, HOUR, by=SOMEBODY)
    with pytest.raises(KeyNotActive):
        service.rotate("acme", key_id, HOUR, by=SOMEBODY)
    assert len(service.of_account("acme")) == 2


def test_a_key_has_an_environment_and_may_be_for_headers_only(
    service: KeyService, store: KeyStore, account: Account
) -> None:
    created = service.create(
        "acme", "one", ["read"], environment="production", header_only=True, by=SOMEBODY
    ).record
    found = store.find(created.digest)
    assert found == created
    assert (found.environment, found.header_only) == (Environment.PRODUCTION, True)
    plain = service.create("acme", "two", ["read"], by=SOMEBODY).record
    assert (plain.environment, plain.header_only) == (None, False)


def test_an_unknown_environment_is_rejected(service: KeyService, account: Account) -> None:
    with pytest.raises(InvalidKeyRequest, match=r"'moon'.*production") as rejected:
        service.create("acme", "one", ["read"], environment="moon", by=SOMEBODY)
    assert rejected.value.field == "environment"


def test_both_can_be_changed_and_cleared(service: KeyService, account: Account) -> None:
    key_id = service.create("acme", "one", ["read"], by=SOMEBODY).record.id
    for environment, header_only in ((Environment.STAGING, True), (None, False)):
        changed = service.change(
            "acme", key_id, environment=environment, header_only=header_only, by=SOMEBODY
        )
        assert changed == service.get("acme", key_id)
        assert (changed.environment, changed.header_only) == (environment, header_only)
        assert changed.name == "one"


def test_a_change_of_nothing_changes_nothing(service: KeyService, account: Account) -> None:
    created = service.create("acme", "one", ["read"], environment="staging", by=SOMEBODY).record
    assert (
        service.change("acme", created.id, by=SOMEBODY)
        == created
        == service.get("acme", created.id)
    )


def test_a_successor_has_them_too(service: KeyService, account: Account) -> None:
    old = service.create(
        "acme", "one", ["read"], environment="staging", header_only=True, by=SOMEBODY
    )
    new = service.rotate("acme", old.record.id, by=SOMEBODY).record
    assert (new.environment, new.header_only) == (Environment.STAGING, True)


ADDRESSES = ("203.0.113.0/24", "2001:db8::1")


def test_a_key_is_restricted_to_addresses_and_freed_again(
    service: KeyService, store: KeyStore, account: Account, dynamodb: DynamoDBClient
) -> None:
    sent = ["2001:db8:0::1", "203.0.113.5/24"]
    created = service.create("acme", "one", ["read"], allowed_ips=sent, by=SOMEBODY).record
    assert store.find(created.digest) == created
    assert created.allowed_ips == ADDRESSES
    narrowed = service.change("acme", created.id, allowed_ips=ADDRESSES[:1], by=SOMEBODY)
    assert narrowed.allowed_ips == ADDRESSES[:1]
    freed = service.change("acme", created.id, allowed_ips=[], by=SOMEBODY)
    assert freed.allowed_ips == service.get("acme", created.id).allowed_ips == ()
    item = dynamodb.get_item(TableName=ACCOUNTS, Key=primary_key(created.digest))["Item"]
    assert "allowed_ips" not in item


def test_a_successor_is_accepted_from_the_same_addresses(
    service: KeyService, account: Account
) -> None:
    old = service.create("acme", "one", ["read"], allowed_ips=ADDRESSES, by=SOMEBODY).record
    assert service.rotate("acme", old.id, by=SOMEBODY).record.allowed_ips == ADDRESSES


def test_the_same_addresses_in_another_form_are_no_change(
    service: KeyService, account: Account
) -> None:
    created = service.create("acme", "one", ["read"], allowed_ips=ADDRESSES, by=SOMEBODY).record
    same = ["2001:DB8::1/128", "203.0.113.9/24", "203.0.113.0/24"]
    assert service.change("acme", created.id, allowed_ips=same, by=SOMEBODY) == created


@pytest.mark.parametrize("entry", ["10.0.0.0/8", "0.0.0.0/0", "here"])
def test_a_key_is_not_restricted_to_what_is_no_callers_address(
    service: KeyService, account: Account, entry: str
) -> None:
    with pytest.raises(InvalidKeyRequest) as rejected:
        service.create("acme", "one", ["read"], allowed_ips=[entry], by=SOMEBODY)
    assert rejected.value.field == "allowed_ips"
    assert service.of_account("acme") == []
