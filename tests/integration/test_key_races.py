"""Keys that are made and changed at once, and how many an account may have at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.access.permission import Permission
from jmpy.accounts.errors import AccountChanged
from jmpy.clock import HOUR
from jmpy.keys.errors import KeyNotActive, TooManyKeys
from jmpy.keys.listing import Filter, Request
from jmpy.keys.model import KeyState
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from tests.integration.conftest import Clock
from tests.integration.interleaved import before

if TYPE_CHECKING:
    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService


def test_a_revocation_during_a_rotation_wins(
    service: KeyService, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = service.create("acme", "one", ["read"], by=SOMEBODY).record
    before(monkeypatch, "replace", lambda: service.revoke("acme", old.id, by=SOMEBODY))
    with pytest.raises(KeyNotActive):
        service.rotate("acme", old.id, HOUR, by=SOMEBODY)
    assert [key.state(0) for key in service.of_account("acme")] == [KeyState.REVOKED]


@pytest.mark.parametrize("change", [{"permissions": ["read"]}, {"header_only": True}])
def test_a_right_taken_away_during_a_rotation_does_not_come_back(
    service: KeyService, account: Account, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    old = service.create("acme", "one", ["read", "write"], by=SOMEBODY).record
    before(monkeypatch, "replace", lambda: service.change("acme", old.id, by=SOMEBODY, **change))
    new = service.rotate("acme", old.id, HOUR, by=SOMEBODY).record
    changed = service.get("acme", old.id)
    assert (new.permissions, new.header_only) == (changed.permissions, changed.header_only)
    assert changed.replaced_by == new.id


def test_concurrent_changes_of_different_fields_both_persist(
    service: KeyService, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_id = service.create("acme", "one", ["read", "write"], by=SOMEBODY).record.id
    before(
        monkeypatch,
        "change",
        lambda: service.change("acme", key_id, permissions=["read"], by=SOMEBODY),
    )
    service.change("acme", key_id, name="two", by=SOMEBODY)
    found = service.get("acme", key_id)
    assert (found.name, *found.permissions) == ("two", Permission.READ)


ACTIVE = Request(filter=Filter(states={KeyState.ACTIVE}))


@pytest.fixture
def room_for_two(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jmpy.keys.working_limit.MAX_WORKING", 2)


@pytest.fixture
def full(service: KeyService, room_for_two: None) -> ApiKey:
    """One of the two keys of an account that has no room left."""
    service.create("acme", "one", ["read"], by=SOMEBODY)
    return service.create("acme", "two", ["read"], by=SOMEBODY).record


def test_one_more_is_rejected_until_one_is_revoked(service: KeyService, full: ApiKey) -> None:
    with pytest.raises(TooManyKeys, match=r"at most 2 .* revoke one"):
        service.create("acme", "three", ["read"], by=SOMEBODY)
    service.revoke("acme", full.id, by=SOMEBODY)
    service.create("acme", "three", ["read"], by=SOMEBODY)


def test_expired_keys_do_not_count(service: KeyService, room_for_two: None, clock: Clock) -> None:
    for name in ("one", "two"):
        service.create("acme", name, ["read"], expires_at=int(clock.time) + HOUR, by=SOMEBODY)
    clock.time += HOUR
    service.create("acme", "three", ["read"], by=SOMEBODY)


def test_the_limit_holds_however_many_keys_have_ended(
    service: KeyService, room_for_two: None, clock: Clock
) -> None:
    """An account remembers how many ended, so as not to look at them again."""
    service.create("acme", "one", ["read"], by=SOMEBODY)
    for lifetime in (None, HOUR) * 3:
        ends = lifetime and int(clock.time) + lifetime
        second = service.create("acme", "two", ["read"], expires_at=ends, by=SOMEBODY).record
        with pytest.raises(TooManyKeys):
            service.create("acme", "three", ["read"], by=SOMEBODY)
        second = service.rotate("acme", second.id, 0, by=SOMEBODY).record
        with pytest.raises(TooManyKeys):
            service.rotate("acme", second.id, HOUR, by=SOMEBODY)
        clock.time += HOUR
        if lifetime is None:
            service.revoke("acme", second.id, by=SOMEBODY)
    service.create("acme", "two", ["read"], by=SOMEBODY)
    assert len(service.page("acme", ACTIVE).keys) == 2


def test_a_new_key_looks_at_the_others_only_when_they_might_fill_the_account(
    service: KeyService, room_for_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    look = KeyStore.of_account

    def noted(store: KeyStore, account_id: str) -> list[ApiKey]:
        looks.append(account_id)
        return look(store, account_id)

    monkeypatch.setattr(KeyStore, "of_account", noted)
    for number in range(6):
        service.revoke(
            "acme",
            service.create("acme", f"key {number}", ["read"], by=SOMEBODY).record.id,
            by=SOMEBODY,
        )
    # The first two fit in any case; each look then makes room for two more.
    assert looks == ["acme", "acme"]


def test_another_accounts_keys_do_not_count(
    service: KeyService, full: ApiKey, accounts: AccountService
) -> None:
    service.create(accounts.ensure("other", by=SOMEBODY).id, "one", ["read"], by=SOMEBODY)


def test_a_full_account_can_rotate_at_once_but_not_with_two_keys_at_work(
    service: KeyService, full: ApiKey
) -> None:
    with pytest.raises(TooManyKeys):
        service.rotate("acme", full.id, HOUR, by=SOMEBODY)
    service.rotate("acme", full.id, 0, by=SOMEBODY)
    assert len(service.page("acme", ACTIVE).keys) == 2


def test_keys_created_concurrently_do_not_exceed_the_limit(
    service: KeyService, room_for_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.create("acme", "one", ["read"], by=SOMEBODY)
    before(monkeypatch, "add", lambda: service.create("acme", "quicker", ["read"], by=SOMEBODY))
    with pytest.raises(TooManyKeys):
        service.create("acme", "slower", ["read"], by=SOMEBODY)
    assert [key.name for key in service.of_account("acme")].count("slower") == 0


def test_an_account_that_never_rests_is_given_up(
    service: KeyService, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(*_arguments: Any) -> None:
        raise AccountChanged("acme")

    monkeypatch.setattr(KeyStore, "add", changed)
    with pytest.raises(AccountChanged):
        service.create("acme", "one", ["read"], by=SOMEBODY)
