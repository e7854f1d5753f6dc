"""An account that is suspended: nobody gets in for it, whatever they hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.accounts.errors import AccountSuspended, InvalidReason, SubscriptionChanged
from jmpy.accounts.model import Suspension
from jmpy.accounts.service import MAX_REASON
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.authorizer.service import Authorizer
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.cache import TTL, Cache
from jmpy.keys.model import KeyState
from jmpy.keys.store import KeyStore
from jmpy.keys.working_limit import MAX_WORKING
from jmpy.limits.plan import LimitClass
from jmpy.sessions.model import Claims
from jmpy.sessions.store import SessionStore
from project import functions
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT, SESSIONS
from tests import cognito
from tests.authorizer_events import NO_TOKENS, SETTINGS, event
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import ApiKey, IssuedKey
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

ID_TOKEN = "eyJh.eyJz.c2ln"


@pytest.fixture
def issued(service: KeyService, account: Account) -> IssuedKey:
    return service.create("acme", "one", ["read"], by=SOMEBODY)


@pytest.fixture
def authorizer(dynamodb: DynamoDBClient, clock: Clock) -> Authorizer:
    """Of one execution environment, which lives on."""
    sessions = SessionAccounts(
        lambda _token: Claims("acme", cognito.EMAIL, int(clock.time) + 3600),
        AccountStore(dynamodb, ACCOUNTS).find,
        Cache(now=clock),
    )
    find_key = KeyStore(dynamodb, ACCOUNTS).find
    return Authorizer(SETTINGS, find_key, Cache(now=clock), sessions, NO_TOKENS, now=clock)


def authorized(authorizer: Authorizer, credential: str) -> tuple[str, str | None]:
    """The effect of the policy, and the reason of a denial."""
    headers = {"Authorization": [f"Bearer {credential}"]}
    response = authorizer.authorize(event(headers))
    (statement,) = response["policyDocument"]["Statement"]
    return statement["Effect"], response["context"].get("reason")


@pytest.mark.parametrize("credential", ["key", "ID token"])
def test_a_suspension_bites_within_the_bound_and_so_does_its_end(
    authorizer: Authorizer,
    accounts: AccountService,
    issued: IssuedKey,
    clock: Clock,
    credential: str,
) -> None:
    sent = issued.secret if credential == "key" else ID_TOKEN
    assert authorized(authorizer, sent) == ("Allow", None)
    accounts.suspend("acme", "left", by=SOMEBODY)
    clock.time += TTL
    assert authorized(authorizer, sent) == ("Deny", "suspended")
    accounts.unsuspend("acme", by=SOMEBODY)
    clock.time += TTL
    assert authorized(authorizer, sent) == ("Allow", None)


def test_the_log_says_whose_session_was_denied(
    authorizer: Authorizer, accounts: AccountService, account: Account
) -> None:
    accounts.suspend("acme", by=SOMEBODY)
    headers = {"Authorization": [f"Bearer {ID_TOKEN}"]}
    response = authorizer.authorize(event(headers))
    reported = {"reason": "suspended", "account_id": "acme", "lookup": "table"}
    assert response["context"].items() >= reported.items()


def test_what_ended_a_key_before_is_still_the_reason(
    authorizer: Authorizer, accounts: AccountService, service: KeyService, issued: IssuedKey
) -> None:
    service.revoke("acme", issued.record.id, by=SOMEBODY)
    accounts.suspend("acme", by=SOMEBODY)
    assert authorized(authorizer, issued.secret) == ("Deny", "revoked")


def test_every_key_carries_it_and_an_owner_can_still_revoke(
    accounts: AccountService, service: KeyService, issued: IssuedKey, clock: Clock
) -> None:
    service.create("acme", "two", ["write"], by=SOMEBODY)
    accounts.suspend("acme", by=SOMEBODY)
    states = {key.name: key.state(clock.time) for key in service.of_account("acme")}
    assert states == {"one": KeyState.SUSPENDED, "two": KeyState.SUSPENDED}
    service.revoke("acme", issued.record.id, by=SOMEBODY)
    accounts.unsuspend("acme", by=SOMEBODY)
    states = {key.name: key.state(clock.time) for key in service.of_account("acme")}
    assert states == {"one": KeyState.REVOKED, "two": KeyState.ACTIVE}


def test_a_suspended_account_gets_no_key_and_no_wider_one(
    accounts: AccountService, service: KeyService, issued: IssuedKey
) -> None:
    accounts.suspend("acme", by=SOMEBODY)
    key_id = issued.record.id
    for attempt in (
        lambda: service.create("acme", "two", ["read"], by=SOMEBODY),
        lambda: service.rotate("acme", key_id, by=SOMEBODY),
        lambda: service.change("acme", key_id, by=SOMEBODY, permissions=["read", "write"]),
        lambda: accounts.ensure("acme", by=SOMEBODY),
    ):
        with pytest.raises(AccountSuspended):
            attempt()
    (key,) = service.of_account("acme")
    assert key.permissions == {"read"}


@pytest.mark.parametrize("write", ["add", "replace"])
def test_a_key_is_not_created_while_its_account_is_suspended(
    accounts: AccountService,
    service: KeyService,
    issued: IssuedKey,
    monkeypatch: pytest.MonkeyPatch,
    write: str,
) -> None:
    real = getattr(KeyStore, write)

    def suspended_before(store: KeyStore, *arguments: Any) -> None:
        if not accounts.get("acme").is_suspended:
            accounts.suspend("acme", by=SOMEBODY)
        real(store, *arguments)

    def make() -> IssuedKey:
        if write == "add":
            return service.create("acme", "two", ["read"], by=SOMEBODY)
        return service.rotate("acme", issued.record.id, by=SOMEBODY)

    monkeypatch.setattr(KeyStore, write, suspended_before)
    with pytest.raises(AccountSuspended):
        make()
    assert [key.id for key in service.of_account("acme")] == [issued.record.id]


def test_a_full_account_is_not_taken_for_one_whose_keys_have_ended(
    accounts: AccountService, service: KeyService, account: Account
) -> None:
    for number in range(MAX_WORKING):
        service.create("acme", f"key {number}", ["read"], by=SOMEBODY)
    accounts.suspend("acme", by=SOMEBODY)
    with pytest.raises(AccountSuspended):
        service.create("acme", "one more", ["read"], by=SOMEBODY)
    assert accounts.get("acme").keys_ended == 0


def test_a_plan_that_changes_meanwhile_does_not_lift_it(
    accounts: AccountService, service: KeyService, issued: IssuedKey
) -> None:
    accounts.suspend("acme", "unpaid", by=SOMEBODY)
    accounts.subscribe("acme", "pro", {LimitClass.ANALYTICS: 7}, by=SOMEBODY)
    (key,) = service.of_account("acme")
    assert key.subscription == accounts.get("acme").subscription
    assert key.subscription.suspension is not None
    assert key.subscription.plan == "pro"
    accounts.unsuspend("acme", by=SOMEBODY)
    assert accounts.get("acme").subscription.limits == {LimitClass.ANALYTICS: 7}


def test_of_a_suspension_and_a_change_of_plan_at_once_one_is_tried_again(
    accounts: AccountService, dynamodb: DynamoDBClient, account: Account
) -> None:
    accounts.suspend("acme", by=SOMEBODY)
    stale = replace(account.subscription, plan="pro", version=account.subscription.version + 1)
    with pytest.raises(SubscriptionChanged):
        AccountStore(dynamodb, ACCOUNTS).subscribe("acme", stale)
    assert accounts.get("acme").is_suspended


def test_it_can_be_repeated_after_it_was_interrupted(
    accounts: AccountService,
    service: KeyService,
    issued: IssuedKey,
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
) -> None:
    for repeated in (accounts.suspend, accounts.unsuspend):
        with monkeypatch.context() as patched:
            patched.setattr(KeyStore, "subscribe", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                repeated("acme", by=SOMEBODY)
        stands = repeated("acme", by=SOMEBODY).subscription
        assert [key.subscription for key in service.of_account("acme")] == [stands]
    assert issued.record.inactive_reason(clock.time) is None


def test_working_keys_are_updated_first(
    accounts: AccountService,
    service: KeyService,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(6):
        key = service.create("acme", f"ended {number}", ["read"], by=SOMEBODY).record
        service.revoke("acme", key.id, by=SOMEBODY)
    working = service.create("acme", "working", ["read"], by=SOMEBODY).record
    reported: list[str] = []

    def noting(_store: KeyStore, key: ApiKey, _subscription: Any) -> None:
        reported.append(key.id)

    monkeypatch.setattr(KeyStore, "subscribe", noting)
    accounts.suspend("acme", by=SOMEBODY)
    assert reported[0] == working.id
    assert len(reported) == 7


def test_it_is_audited_once_with_its_reason(
    accounts: AccountService, account: Account, dynamodb: DynamoDBClient, clock: Clock
) -> None:
    clock.time += 60
    since = int(clock.time)
    accounts.suspend("acme", "left", by=SOMEBODY)
    clock.time += 60
    accounts.suspend("acme", "left", by=SOMEBODY)
    accounts.suspend("acme", by=SOMEBODY)
    assert accounts.get("acme").subscription.suspension == Suspension(since, "left")
    clock.time += 60
    accounts.suspend("acme", "left with a grudge", by=SOMEBODY)
    clock.time += 60
    accounts.unsuspend("acme", by=SOMEBODY)
    accounts.unsuspend("acme", by=SOMEBODY)
    entries = [*AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(), 10)]
    assert [(entry.action, dict(entry.changes)) for entry in reversed(entries)][1:] == [
        ("account.suspended", {"suspended_at": (None, since), "reason": (None, "left")}),
        ("account.suspended", {"reason": ("left", "left with a grudge")}),
        (
            "account.unsuspended",
            {"suspended_at": (since, None), "reason": ("left with a grudge", None)},
        ),
    ]


@pytest.mark.parametrize("reason", ["", "x" * (MAX_REASON + 1), "two\nlines", "\x1b[31mred"])
def test_a_reason_is_one_line(accounts: AccountService, account: Account, reason: str) -> None:
    with pytest.raises(InvalidReason):
        accounts.suspend("acme", reason, by=SOMEBODY)
    assert not accounts.get("acme").is_suspended


# Who signed in


def test_its_sessions_end_at_once_and_those_of_others_do_not(
    accounts: AccountService, person: Browser, dynamodb: DynamoDBClient
) -> None:
    store = SessionStore(dynamodb, SESSIONS)
    dynamodb.put_item(
        TableName=SESSIONS, Item={"pk": {"S": "session#other"}, "account_id": {"S": "other"}}
    )
    assert person.get("/dashboard").status == 200
    accounts.suspend(cognito.SUBJECT, by=SOMEBODY)
    assert store.remove_all(cognito.SUBJECT) == 1
    assert person.get("/dashboard").status == 302
    assert [item["pk"]["S"] for item in dynamodb.scan(TableName=SESSIONS)["Items"]] == [
        "session#other"
    ]


def test_its_owner_cannot_sign_in_again_and_learns_why(
    accounts: AccountService, person: Browser, dynamodb: DynamoDBClient
) -> None:
    accounts.suspend(cognito.SUBJECT, "left", by=SOMEBODY)
    SessionStore(dynamodb, SESSIONS).remove_all(cognito.SUBJECT)
    response = person.sign_in()
    assert (response.status, "Your account is suspended" in response.text) == (403, True)
    assert "left" not in response.text
    assert dynamodb.scan(TableName=SESSIONS)["Items"] == []
    accounts.unsuspend(cognito.SUBJECT, by=SOMEBODY)
    assert person.sign_in().status == 302
    assert person.get("/dashboard").status == 200


def test_a_sign_in_that_is_on_its_way_ends_with_no_session(
    accounts: AccountService,
    browser: Browser,
    dynamodb: DynamoDBClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who suspends looks for sessions before this one is written."""
    accounts.ensure(cognito.SUBJECT, by=SOMEBODY)
    add = SessionStore.add

    def suspended_before(store: SessionStore, session: Any, *others: Any) -> None:
        accounts.suspend(cognito.SUBJECT, by=SOMEBODY)
        assert store_of_operator.remove_all(cognito.SUBJECT) == 0
        add(store, session, *others)

    store_of_operator = SessionStore(dynamodb, SESSIONS)
    monkeypatch.setattr(SessionStore, "add", suspended_before)
    assert browser.sign_in().status == 403
    assert dynamodb.scan(TableName=SESSIONS)["Items"] == []
    assert browser.session_id is None


def test_a_session_that_was_suspended_a_moment_ago_creates_no_key(
    accounts: AccountService, account: Account
) -> None:
    app = functions.load("keys")
    accounts.suspend("acme", by=SOMEBODY)
    sent = functions.event(
        "POST",
        "/api/v1/api-keys",
        body={"name": "one", "permissions": ["read"]},
        authorizer=functions.session_context("acme"),
    )
    response = functions.call(app.handler, sent)
    assert (response.status, response.code) == (401, "INVALID_API_KEY")
    assert response.body["error"]["message"] == (
        "The provided API key is invalid or has been revoked"
    )
