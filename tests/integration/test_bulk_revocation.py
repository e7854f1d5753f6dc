"""Several keys that are revoked at once: each has its outcome, and its entry in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.accounts.errors import AccountChanged
from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.keys.model import KeyState
from jmpy.keys.revocation import Outcome
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from project.tables import AUDIT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.keys.service import KeyService


def test_each_key_has_its_outcome(
    service: KeyService, accounts: AccountService, account: Account, dynamodb: DynamoDBClient
) -> None:
    other = accounts.ensure("other", by=SOMEBODY).id
    theirs = service.create(other, "theirs", ["read"], by=SOMEBODY).record.id
    one, two, ended = (
        service.create("acme", name, ["read"], by=SOMEBODY).record.id for name in "abc"
    )
    service.revoke("acme", ended, by=SOMEBODY)
    found = service.revoke_each("acme", [two, ended, theirs, one, two, "lost"], by=SOMEBODY)
    assert [(each.key_id, each.outcome) for each in found] == [
        (two, Outcome.REVOKED),
        (ended, Outcome.REVOKED_BEFORE),
        (theirs, Outcome.NOT_FOUND),
        (one, Outcome.REVOKED),
        ("lost", Outcome.NOT_FOUND),
    ]
    assert {key.state(0) for key in service.of_account("acme")} == {KeyState.REVOKED}
    assert service.get(other, theirs).state(0) is KeyState.ACTIVE
    log = AuditLog(dynamodb, AUDIT).page("acme", EntryFilter(), 20).entries
    revoked = [entry.target_id for entry in log if entry.action is Action.KEY_REVOKED]
    assert sorted(revoked) == sorted([one, two, ended])


def test_a_key_that_another_request_revokes_meanwhile_is_said_to_be_theirs(
    service: KeyService, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    write, others = KeyStore.revoke, [True]

    def late(store: KeyStore, *arguments: Any) -> Any:
        if others:
            others.pop()
            service.revoke("acme", key.id, by=SOMEBODY)
        return write(store, *arguments)

    monkeypatch.setattr(KeyStore, "revoke", late)
    (found,) = service.revoke_each("acme", [key.id], by=SOMEBODY)
    assert found.outcome is Outcome.REVOKED_BEFORE


def test_a_key_that_never_rests_does_not_hold_up_the_others(
    service: KeyService, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, idle = (service.create("acme", name, ["read"], by=SOMEBODY).record for name in "ab")
    write = KeyStore.revoke

    def contended(store: KeyStore, key: Any, *arguments: Any) -> Any:
        if key.id == busy.id:
            raise AccountChanged("acme")
        return write(store, key, *arguments)

    monkeypatch.setattr(KeyStore, "revoke", contended)
    found = service.revoke_each("acme", [busy.id, idle.id], by=SOMEBODY)
    assert [each.outcome for each in found] == [Outcome.CONTENDED, Outcome.REVOKED]
    assert service.get("acme", busy.id).state(0) is KeyState.ACTIVE
