"""A key that its owner pauses: denied within seconds, until it is resumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.accounts.errors import AccountSuspended
from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.authorizer.service import Authorizer
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.cache import TTL, Cache
from jmpy.clock import system_clock
from jmpy.keys.errors import KeyChanged, KeyNotActive, KeyPaused, TooManyKeys
from jmpy.keys.model import KeyState
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT
from tests import cognito
from tests.authorizer_events import NO_TOKENS, SETTINGS, event
from tests.integration.api_keys import Keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import ApiKey, IssuedKey
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser
    from tests.integration.conftest import Clock

BOUND = 5
"""Seconds within which a change of a key has to take effect."""


@pytest.fixture
def issued(service: KeyService, account: Account) -> IssuedKey:
    return service.create("acme", "one", ["read"], by=SOMEBODY)


@pytest.fixture
def paused(service: KeyService, issued: IssuedKey) -> ApiKey:
    return service.pause("acme", issued.record.id, by=SOMEBODY)


def test_a_pause_bites_within_the_bound_and_so_does_its_end(
    dynamodb: DynamoDBClient, service: KeyService, issued: IssuedKey, clock: Clock
) -> None:
    find = KeyStore(dynamodb, ACCOUNTS).find
    nobody = SessionAccounts(lambda _token: pytest.fail("verified"), lambda _: None, Cache())
    authorizer = Authorizer(SETTINGS, find, Cache(now=clock), nobody, NO_TOKENS, now=clock)
    sent = event({"Authorization": [f"Bearer {issued.secret}"]})

    def decision() -> tuple[str, str | None]:
        response = authorizer.authorize(sent)
        (statement,) = response["policyDocument"]["Statement"]
        return statement["Effect"], response["context"].get("reason")

    assert TTL < BOUND
    assert decision() == ("Allow", None)
    service.pause("acme", issued.record.id, by=SOMEBODY)
    clock.time += TTL
    assert decision() == ("Deny", "paused")
    service.resume("acme", issued.record.id, by=SOMEBODY)
    clock.time += TTL
    assert decision() == ("Allow", None)


def test_both_are_idempotent_and_in_the_audit_log(
    dynamodb: DynamoDBClient, service: KeyService, paused: ApiKey, clock: Clock
) -> None:
    at = int(clock.time)
    clock.time += 60
    assert service.pause("acme", paused.id, by=SOMEBODY) == paused
    resumed = service.resume("acme", paused.id, by=SOMEBODY)
    assert service.resume("acme", paused.id, by=SOMEBODY) == resumed
    assert (paused.paused_at, resumed.paused_at) == (at, None)
    audit = AuditLog(dynamodb, AUDIT)
    found = audit.page("acme", EntryFilter(target_id=paused.id), 10).entries
    changes = {entry.action: dict(entry.changes) for entry in found}
    assert len(found) == len(changes) == 3
    assert changes[Action.KEY_PAUSED] == {"paused_at": (None, at)}
    assert changes[Action.KEY_RESUMED] == {"paused_at": (at, None)}


def test_a_paused_key_is_changed_and_revoked_but_not_rotated(
    service: KeyService, paused: ApiKey, clock: Clock
) -> None:
    changed = service.change("acme", paused.id, by=SOMEBODY, name="two")
    assert (changed.name, changed.state(clock.time)) == ("two", KeyState.PAUSED)
    with pytest.raises(KeyPaused, match="resume it first"):
        service.rotate("acme", paused.id, by=SOMEBODY)
    revoked = service.revoke("acme", paused.id, by=SOMEBODY)
    assert revoked.state(clock.time) is KeyState.REVOKED
    for switch in (service.pause, service.resume):
        with pytest.raises(KeyNotActive):
            switch("acme", paused.id, by=SOMEBODY)


def test_a_replaced_key_can_be_paused_for_the_rest_of_its_grace_period(
    service: KeyService, issued: IssuedKey, clock: Clock
) -> None:
    service.rotate("acme", issued.record.id, 3600, by=SOMEBODY)
    paused = service.pause("acme", issued.record.id, by=SOMEBODY)
    assert paused.state(clock.time) is KeyState.PAUSED
    resumed = service.resume("acme", issued.record.id, by=SOMEBODY)
    assert resumed.state(clock.time) is KeyState.ROTATING
    clock.time += 3600
    with pytest.raises(KeyNotActive):
        service.pause("acme", issued.record.id, by=SOMEBODY)


def test_a_paused_key_counts_as_one_that_works(
    service: KeyService, paused: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jmpy.keys.working_limit.MAX_WORKING", 1)
    with pytest.raises(TooManyKeys):
        service.create("acme", "two", ["read"], by=SOMEBODY)


def test_under_a_suspension_a_key_is_paused_and_not_resumed(
    accounts: AccountService, service: KeyService, issued: IssuedKey
) -> None:
    accounts.suspend("acme", by=SOMEBODY)
    service.pause("acme", issued.record.id, by=SOMEBODY)
    with pytest.raises(AccountSuspended):
        service.resume("acme", issued.record.id, by=SOMEBODY)


def test_a_version_is_only_of_interest_where_something_changes(
    service: KeyService, issued: IssuedKey
) -> None:
    key_id = issued.record.id
    with pytest.raises(KeyChanged):
        service.pause("acme", key_id, by=SOMEBODY, version=7)
    assert service.pause("acme", key_id, by=SOMEBODY, version=1).version == 2
    service.pause("acme", key_id, by=SOMEBODY, version=1)
    with pytest.raises(KeyChanged):
        service.resume("acme", key_id, by=SOMEBODY, version=1)
    service.resume("acme", key_id, by=SOMEBODY, version=2)


@pytest.mark.usefixtures("account")
def test_the_api_pauses_and_resumes() -> None:
    keys = Keys()
    key_id = keys.create()["id"]
    response = keys("POST", key_id, action="pause")
    assert (response.status, response.body["data"]["status"]) == (200, "paused")
    assert response.body["data"]["paused_at"] is not None
    assert response.headers["etag"] == '"2"'
    listed = keys("GET", query={"status": "paused"}).body["data"]["api_keys"]
    assert [key["id"] for key in listed] == [key_id]
    rotation = keys.rotate(key_id)
    assert (rotation.status, rotation.code) == (409, "CONFLICT")
    assert keys("POST", key_id, action="resume", headers={"If-Match": '"1"'}).status == 412
    response = keys("POST", key_id, action="resume", headers={"If-Match": '"2"'})
    assert (response.body["data"]["status"], response.body["data"]["paused_at"]) == ("active", None)
    for action in ("pause", "resume"):
        assert keys("POST", key_id, action=action, account="another").status == 404
        assert keys("POST", key_id, action=action, authorizer=keys.holder(key_id)).status == 403


def test_the_page_of_a_key_pauses_and_resumes_it(person: Browser) -> None:
    keys: KeyService = person.app.services.keys
    key = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    one = f"/dashboard/api-keys/{key.id}"
    assert "Pause key" in person.get(one).text
    done = person.submit(f"{one}/pause", person.opened(one))
    assert done.headers["location"].endswith(f"{one}?done=key-paused")
    page = person.get(f"{one}?done=key-paused").text
    assert "until you resume it" in page
    assert "Resume key" in page
    assert "Rotate key" not in page
    assert "Paused" in person.get("/dashboard/api-keys").text
    response = person.submit(f"{one}/rotate", {"grace_days": "1"} | person.opened(one))
    assert (response.status, "resume it first" in response.text) == (409, True)
    assert person.submit(f"{one}/resume", person.opened(one)).status == 303
    assert keys.get(cognito.SUBJECT, key.id).state(system_clock()) is KeyState.ACTIVE
    keys.revoke(cognito.SUBJECT, key.id, by=SOMEBODY)
    assert person.submit(f"{one}/pause", {}).status == 409
