"""The policy of an account for its keys: who has to comply, and what becomes of older keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.accounts.store import AccountStore
from jmpy.audit.model import Action, Change
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.clock import DAY, HOUR
from jmpy.key_policy.errors import InvalidKeyPolicy, KeyPolicyChanged
from jmpy.key_policy.service import KeyPolicies, Outcome
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.item import expiry_day
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT
from tests.integration.interleaved import before

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.audit.model import Origin
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from tests.integration.conftest import Clock

DAYS = 90


@pytest.fixture
def policies(
    dynamodb: DynamoDBClient, service: KeyService, clock: Clock, account: Account
) -> KeyPolicies:
    accounts = AccountStore(dynamodb, ACCOUNTS)
    return KeyPolicies(accounts, service, AuditLog(dynamodb, AUDIT), clock)


def new_key(service: KeyService, days: int | None, clock: Clock) -> ApiKey:
    expires_at = None if days is None else int(clock.time) + days * DAY
    return service.create("acme", "one", ["read"], expires_at, by=SOMEBODY).record


def test_without_a_policy_a_key_may_live_forever(
    policies: KeyPolicies, service: KeyService, clock: Clock
) -> None:
    assert new_key(service, None, clock).expires_at is None
    assert policies.get("acme").max_key_days is None
    assert policies.get("acme").exceeding == ()


@pytest.mark.parametrize("days", [None, 91, 3650])
def test_a_key_that_would_live_longer_is_not_created(
    policies: KeyPolicies, service: KeyService, clock: Clock, days: int | None
) -> None:
    policies.set("acme", DAYS, by=SOMEBODY)
    with pytest.raises(InvalidKeyRequest, match="limits the lifetime of keys to 90 days") as error:
        new_key(service, days, clock)
    assert error.value.field == "expires_at"
    assert service.of_account("acme") == []


@pytest.mark.parametrize("days", [1, DAYS])
def test_a_key_may_live_as_long_as_the_policy_says(
    policies: KeyPolicies, service: KeyService, clock: Clock, days: int
) -> None:
    policies.set("acme", DAYS, by=SOMEBODY)
    assert new_key(service, days, clock).expires_at == int(clock.time) + days * DAY


def test_a_key_without_an_expiry_gets_the_longest_one(
    policies: KeyPolicies, service: KeyService, clock: Clock
) -> None:
    policies.set("acme", DAYS, by=SOMEBODY)
    created = service.create("acme", "one", ["read"], by=SOMEBODY).record
    assert created.expires_at == int(clock.time) + DAYS * DAY


@pytest.mark.parametrize(("lifetime", "expected"), [(None, DAYS), (365, DAYS), (30, 30)])
def test_a_rotation_gives_a_fresh_lifetime_within_the_policy(
    policies: KeyPolicies,
    service: KeyService,
    clock: Clock,
    lifetime: int | None,
    expected: int,
) -> None:
    old = new_key(service, lifetime, clock)
    policies.set("acme", DAYS, by=SOMEBODY)
    clock.time += 10 * DAY
    new = service.rotate("acme", old.id, HOUR, by=SOMEBODY).record
    assert new.expires_at == int(clock.time) + expected * DAY


def test_a_policy_that_is_set_while_a_key_is_created_binds_it(
    policies: KeyPolicies, service: KeyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before(monkeypatch, "add", lambda: policies.set("acme", DAYS, by=SOMEBODY))
    with pytest.raises(InvalidKeyRequest, match="90 days"):
        new_key(service, None, clock)
    assert service.of_account("acme") == []


def test_a_policy_that_is_narrowed_while_a_key_is_rotated_binds_it(
    policies: KeyPolicies, service: KeyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies.set("acme", DAYS, by=SOMEBODY)
    old = new_key(service, DAYS, clock)
    before(monkeypatch, "replace", lambda: policies.set("acme", 7, by=SOMEBODY))
    new = service.rotate("acme", old.id, HOUR, by=SOMEBODY).record
    assert new.expires_at == int(clock.time) + 7 * DAY


def test_a_policy_that_is_lifted_while_a_key_is_created_does_not_bind_it(
    policies: KeyPolicies, service: KeyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies.set("acme", DAYS, by=SOMEBODY)
    before(monkeypatch, "add", lambda: policies.set("acme", None, by=SOMEBODY))
    assert service.create("acme", "one", ["read"], by=SOMEBODY).record.expires_at is None


def test_a_policy_that_is_set_while_a_key_is_extended_binds_it(
    policies: KeyPolicies, service: KeyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key(service, 30, clock)
    before(monkeypatch, "change", lambda: policies.set("acme", DAYS, by=SOMEBODY))
    with pytest.raises(InvalidKeyRequest, match="90 days"):
        service.change("acme", key.id, by=SOMEBODY, expires_at=None)
    assert service.get("acme", key.id) == key


def test_a_policy_that_is_narrowed_while_a_key_is_extended_binds_it(
    policies: KeyPolicies, service: KeyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies.set("acme", DAYS, by=SOMEBODY)
    key = new_key(service, 1, clock)
    before(monkeypatch, "change", lambda: policies.set("acme", 7, by=SOMEBODY))
    with pytest.raises(InvalidKeyRequest, match="7 days"):
        service.change("acme", key.id, by=SOMEBODY, expires_at=int(clock.time) + 8 * DAY)
    assert service.get("acme", key.id) == key


def test_a_policy_that_is_lifted_while_a_key_is_extended_does_not_bind_it(
    policies: KeyPolicies, service: KeyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies.set("acme", DAYS, by=SOMEBODY)
    key = new_key(service, 30, clock)
    before(monkeypatch, "change", lambda: policies.set("acme", None, by=SOMEBODY))
    until = int(clock.time) + DAYS * DAY
    assert service.change("acme", key.id, by=SOMEBODY, expires_at=until).expires_at == until


def test_a_change_of_something_else_does_not_wait_for_the_policy(
    policies: KeyPolicies, service: KeyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key(service, None, clock)
    before(monkeypatch, "change", lambda: policies.set("acme", DAYS, by=SOMEBODY))
    changed = service.change("acme", key.id, by=SOMEBODY, name="two")
    assert (changed.name, changed.expires_at) == ("two", None)


def test_a_policy_changes_only_from_what_was_read(policies: KeyPolicies) -> None:
    policies.set("acme", DAYS, by=SOMEBODY, version=0)
    with pytest.raises(KeyPolicyChanged):
        policies.set("acme", 30, by=SOMEBODY, version=0)
    assert policies.set("acme", DAYS, by=SOMEBODY, version=0).max_key_days == DAYS, "a repeat"
    assert policies.set("acme", None, by=SOMEBODY, version=DAYS).version == 0


def test_of_two_changes_at_once_the_second_sees_the_first(
    policies: KeyPolicies, monkeypatch: pytest.MonkeyPatch
) -> None:
    before(
        monkeypatch,
        "set_max_key_days",
        lambda: policies.set("acme", 30, by=SOMEBODY),
        AccountStore,
    )
    with pytest.raises(KeyPolicyChanged):
        policies.set("acme", DAYS, by=SOMEBODY, version=0)
    assert policies.get("acme").max_key_days == 30


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_policy_is_a_number_of_days(policies: KeyPolicies, days: int) -> None:
    with pytest.raises(InvalidKeyPolicy, match="1 to 3650"):
        policies.set("acme", days, by=SOMEBODY)


def test_every_change_of_the_policy_is_recorded(
    policies: KeyPolicies, dynamodb: DynamoDBClient, clock: Clock
) -> None:
    for days in (DAYS, DAYS, None):
        clock.time += 1
        policies.set("acme", days, by=SOMEBODY)
    wanted = EntryFilter(action=Action.KEY_POLICY_CHANGED)
    entries = AuditLog(dynamodb, AUDIT).page("acme", wanted, 10).entries
    assert [entry.changes["max_key_days"] for entry in entries] == [
        Change(DAYS, None),
        Change(None, DAYS),
    ]


def test_working_keys_that_live_longer_are_listed_and_left_alone(
    policies: KeyPolicies, service: KeyService, clock: Clock
) -> None:
    forever, long, _short = (new_key(service, days, clock) for days in (None, 365, 30))
    revoked = new_key(service, None, clock)
    service.revoke("acme", revoked.id, by=SOMEBODY)
    exceeding = policies.set("acme", DAYS, by=SOMEBODY).exceeding
    assert {key.id for key in exceeding} == {forever.id, long.id}
    assert service.get("acme", forever.id).expires_at is None


def test_a_key_that_is_nearly_over_no_longer_exceeds(
    policies: KeyPolicies, service: KeyService, clock: Clock
) -> None:
    new_key(service, 91, clock)
    assert policies.set("acme", DAYS, by=SOMEBODY).exceeding
    clock.time += DAY
    assert policies.get("acme").exceeding == ()


def test_applying_the_policy_shortens_what_exceeds_it(
    policies: KeyPolicies, service: KeyService, clock: Clock
) -> None:
    forever, long, short = (new_key(service, days, clock) for days in (None, 365, 30))
    policies.set("acme", DAYS, by=SOMEBODY)
    clock.time += DAY
    applied = policies.apply("acme", by=SOMEBODY)
    latest = int(clock.time) + DAYS * DAY
    assert {one.key.id: one.key.expires_at for one in applied} == {
        forever.id: latest,
        long.id: latest,
    }
    assert {one.outcome for one in applied} == {Outcome.SHORTENED}
    assert service.get("acme", forever.id).expires_at == latest
    assert service.get("acme", short.id) == short
    assert policies.get("acme").exceeding == ()


def test_applying_the_policy_again_changes_nothing(
    policies: KeyPolicies, service: KeyService, clock: Clock
) -> None:
    key = new_key(service, None, clock)
    policies.set("acme", DAYS, by=SOMEBODY)
    policies.apply("acme", by=SOMEBODY)
    shortened = service.get("acme", key.id)
    clock.time += HOUR
    assert policies.apply("acme", by=SOMEBODY) == []
    assert service.get("acme", key.id) == shortened


def test_without_a_policy_nothing_is_applied(policies: KeyPolicies, service: KeyService) -> None:
    service.create("acme", "one", ["read"], by=SOMEBODY)
    assert policies.apply("acme", by=SOMEBODY) == []


def test_only_the_policy_that_was_read_is_applied(policies: KeyPolicies) -> None:
    policies.set("acme", DAYS, by=SOMEBODY)
    with pytest.raises(KeyPolicyChanged):
        policies.apply("acme", by=SOMEBODY, version=30)


def test_each_shortened_key_has_its_own_entry_in_the_audit_log(
    policies: KeyPolicies, service: KeyService, clock: Clock, dynamodb: DynamoDBClient
) -> None:
    keys = [new_key(service, None, clock) for _ in range(2)]
    policies.set("acme", DAYS, by=SOMEBODY)
    policies.apply("acme", by=SOMEBODY)
    for key in keys:
        wanted = EntryFilter(target_id=key.id, action=Action.KEY_CHANGED)
        (entry,) = AuditLog(dynamodb, AUDIT).page("acme", wanted, 10).entries
        assert entry.changes == {"expires_at": Change(None, int(clock.time) + DAYS * DAY)}
        assert entry.takes_away


def test_a_key_that_is_revoked_meanwhile_is_reported_and_the_others_are_shortened(
    policies: KeyPolicies, service: KeyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (new_key(service, None, clock) for _ in range(2))
    policies.set("acme", DAYS, by=SOMEBODY)
    shorten = service.shorten

    def late(account_id: str, key_id: str, latest: int, *, by: Origin) -> ApiKey:
        if key_id == first.id:
            service.revoke(account_id, key_id, by=by)
        return shorten(account_id, key_id, latest, by=by)

    monkeypatch.setattr(service, "shorten", late)
    applied = policies.apply("acme", by=SOMEBODY)
    assert {one.key.id: one.outcome for one in applied} == {
        first.id: Outcome.ENDED,
        second.id: Outcome.SHORTENED,
    }


def test_a_key_that_is_shortened_further_meanwhile_stays_so(
    policies: KeyPolicies, service: KeyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key(service, None, clock)
    policies.set("acme", DAYS, by=SOMEBODY)
    sooner = int(clock.time) + DAY
    before(monkeypatch, "change", lambda: service.shorten("acme", key.id, sooner, by=SOMEBODY))
    policies.apply("acme", by=SOMEBODY)
    assert service.get("acme", key.id).expires_at == sooner


def test_a_shortened_key_is_found_by_its_new_day(
    policies: KeyPolicies, service: KeyService, clock: Clock, dynamodb: DynamoDBClient
) -> None:
    key = new_key(service, None, clock)
    policies.set("acme", DAYS, by=SOMEBODY)
    policies.apply("acme", by=SOMEBODY)
    day = expiry_day(int(clock.time) + DAYS * DAY)
    assert [found.id for found in KeyStore(dynamodb, ACCOUNTS).ending_on(day)] == [key.id]
