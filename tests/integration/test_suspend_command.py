"""`make suspend` and `make unsuspend`: all that a person could get in by, and their links."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.audit.store import EntryFilter
from jmpy.links.errors import LinkTakenDown
from jmpy.links.new_link import NewLink
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.service import LinkService
from jmpy.links.takedown import Order
from jmpy.redirect.lookup import RedirectLookup
from ops import account, command, key
from ops.deployment import Deployment
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, LINKS, SALTS, SESSIONS
from tests import cognito

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.service import KeyService
    from jmpy.links.model import Link
    from tests.integration.browser import Browser

OUTPUTS = {
    "AccountsTable": ACCOUNTS, "AuditTable": AUDIT, "LinksTable": LINKS, "ActivityTable": ACTIVITY,
    "NewAccountsIdentifier": "shared-by-new-accounts", "SharedFreeKeys": "0",
    "UsagePlans": "{}",
}  # fmt: skip
SUBJECT = cognito.SUBJECT


@pytest.fixture
def target(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    target = Deployment("stack-1", OUTPUTS, boto3.Session(), None)
    monkeypatch.setattr(command, "find_deployment", lambda _stack: target)
    monkeypatch.setattr(Deployment, "tables", {"SessionsTable": SESSIONS})
    return target


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


@pytest.fixture
def links(dynamodb: DynamoDBClient, target: Deployment) -> LinkService:
    return LinkService(target.link_store)


@pytest.fixture
def link(links: LinkService, person: Browser) -> Link:
    return links.create(SUBJECT, NewLink("https://example.com/", custom_alias="theirs"))


def run(*arguments: str) -> int:
    name, *rest = arguments
    return account.main([name, "--stack", "jmpy", "--account", SUBJECT, *rest])


def follows(dynamodb: DynamoDBClient, code: str) -> bool:
    """In an execution environment that has not seen it."""
    try:
        RedirectLookup(dynamodb, LINKS, SALTS).follow(code)
    except LinkTakenDown:
        return False
    return True


def test_a_suspension_ends_keys_sessions_and_links_and_can_be_lifted(
    *,
    target: Deployment,
    person: Browser,
    link: Link,
    service: KeyService,
    dynamodb: DynamoDBClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    created = service.create(SUBJECT, "CI", ["read"], by=SOMEBODY).record
    assert person.get("/dashboard").status == 200
    for _ in range(2):  # A second time changes nothing.
        assert run("suspend", "--reason", "left") == 0
        (known,) = service.of_account(SUBJECT)
        assert known.inactive_reason(0) == "suspended"
        assert person.get("/dashboard").status == 302
        assert not follows(dynamodb, "theirs")
    reported = capsys.readouterr()
    assert f"{SUBJECT} is suspended since" in reported.out
    assert ": left\nIts links lead nowhere now (410): 1." in reported.out
    assert "1 session of the dashboard ended" in reported.err
    assert key.main(["create", "--stack", "jmpy", "--account", SUBJECT, "--name", "x"]) == 1
    assert "make unsuspend" in capsys.readouterr().err
    assert run("unsuspend") == 0
    (known,) = service.of_account(SUBJECT)
    assert (known.id, known.inactive_reason(0)) == (created.id, None)
    assert follows(dynamodb, "theirs")
    entries = target.audit_log.all(SUBJECT, EntryFilter(), 20)
    actions = [entry.action for entry in entries if "suspend" in entry.action]
    assert sorted(actions) == ["account.suspended", "account.unsuspended"]


def test_links_go_on_working_by_choice_and_that_can_be_changed(
    target: Deployment, link: Link, dynamodb: DynamoDBClient
) -> None:
    assert run("suspend", "--keep-links") == 0
    assert follows(dynamodb, "theirs")
    assert run("suspend") == 0
    assert not follows(dynamodb, "theirs")
    assert run("suspend", "--keep-links") == 0
    assert follows(dynamodb, "theirs")


def test_what_was_held_against_a_link_before_still_is_when_the_suspension_ends(
    target: Deployment, link: Link, dynamodb: DynamoDBClient
) -> None:
    order = Order(Cause.LINK, TakedownReason.PHISHING)
    target.takedowns.take_down("theirs", order, by=SOMEBODY)
    assert run("suspend") == run("unsuspend") == 0
    assert not follows(dynamodb, "theirs")


def test_links_of_requests_that_were_authorized_just_before_end_too(
    *,
    target: Deployment,
    link: Link,
    links: LinkService,
    dynamodb: DynamoDBClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    waited: list[float] = []

    def meanwhile(seconds: float) -> None:
        waited.append(seconds)
        links.create(SUBJECT, NewLink("https://example.com/", custom_alias="late"))

    monkeypatch.setattr(time, "sleep", meanwhile)
    assert run("suspend") == 0
    assert not follows(dynamodb, "late")
    assert not follows(dynamodb, "theirs")
    assert 30 < sum(waited) <= 34
    assert "lead nowhere now (410): 2." in capsys.readouterr().out


def test_an_interrupted_suspension_is_finished_by_the_next(
    *,
    target: Deployment,
    person: Browser,
    link: Link,
    service: KeyService,
    dynamodb: DynamoDBClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    for name in ("remove_all", "take_down_account"):
        with monkeypatch.context() as patched:
            owner = type(target.sessions if name == "remove_all" else target.takedowns)
            patched.setattr(owner, name, interrupted)
            with pytest.raises(KeyboardInterrupt):
                run("suspend")
    assert run("suspend") == 0
    assert not follows(dynamodb, "theirs")
    assert person.get("/dashboard").status == 302


def test_an_account_can_be_named_by_the_address_of_its_owner(
    target: Deployment,
    person: Browser,
    accounts: AccountService,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def suspend(named: str) -> int:
        return account.main(["suspend", "--stack", "jmpy", "--account", named])

    assert suspend(cognito.EMAIL.upper()) == 0
    assert accounts.get(SUBJECT).is_suspended
    assert suspend("nobody@example.com") == 1
    assert "no account 'nobody@example.com'" in capsys.readouterr().err
    accounts.ensure("of-another-pool", cognito.EMAIL, by=SOMEBODY)
    assert suspend(cognito.EMAIL) == 1
    assert "of-another-pool" in capsys.readouterr().err
    assert not accounts.get("of-another-pool").is_suspended
