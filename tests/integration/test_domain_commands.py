"""`make domains`, `make suspend-domain` and `make restore-domain`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import EntryFilter
from jmpy.domains.changes import DomainChanges, NewSubdomain
from jmpy.domains.lookup import DomainLookup
from jmpy.domains.model import DomainState
from jmpy.links.errors import UnknownDomain
from ops import command, domain
from ops.deployment import Deployment
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.domains.model import Domain

OUTPUTS = {
    "AccountsTable": ACCOUNTS, "AuditTable": AUDIT, "LinksTable": LINKS, "ActivityTable": ACTIVITY,
}  # fmt: skip
HOST = "promo.go.example.com"
REASON = "phishing: imitates Example Bank"


@pytest.fixture
def target(
    dynamodb: DynamoDBClient, accounts: AccountService, monkeypatch: pytest.MonkeyPatch
) -> Deployment:
    target = Deployment("stack-1", OUTPUTS, boto3.Session(), None)
    monkeypatch.setattr(command, "find_deployment", lambda _stack: target)
    accounts.ensure("acme", by=SOMEBODY)
    accounts.ensure("other", by=SOMEBODY)
    return target


def created(target: Deployment, subdomain: str = "promo", account: str = "acme") -> Domain:
    changes = DomainChanges(target.domain_store, target.audit_log)
    new = NewSubdomain(subdomain=subdomain)
    return changes.create_subdomain(account, new, zone="go.example.com", limit=5, by=SOMEBODY)


def run(*arguments: str) -> int:
    return domain.main([arguments[0], "--stack", "jmpy", *arguments[1:]])


def suspended(*arguments: str, host: str = HOST) -> int:
    return run("suspend", "--reason", REASON, "--yes", *arguments, "--", host)


def value(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_domains_of_all_accounts_are_listed(
    target: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    created(target)
    created(target, "sale", "other")
    assert run("list") == 0
    printed = capsys.readouterr()
    assert f"{HOST}  subdomain  active  acme" in printed.out
    assert "sale.go.example.com  subdomain  active  other" in printed.out
    assert "2 domains" in printed.err
    assert run("list", "--json") == 0
    assert {one["host"]: one["account_id"] for one in value(capsys)} == {
        HOST: "acme", "sale.go.example.com": "other",
    }  # fmt: skip


def test_a_domain_is_suspended_for_everybody_and_restored(
    target: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    created(target)
    assert suspended() == 0
    assert "make restore-domain DOMAIN=promo.go.example.com" in capsys.readouterr().out
    record = target.domain_store.host(HOST)
    assert record is not None
    assert record.state is DomainState.SUSPENDED
    with pytest.raises(UnknownDomain, match="suspended"):
        DomainLookup(target.dynamodb, LINKS).usable("acme", HOST)
    assert run("restore", "--json", "--", HOST) == 0
    assert value(capsys)["state"] == "active"
    record = target.domain_store.host(HOST)
    assert record is not None
    assert record.state.serves


def test_no_link_joins_it_meanwhile_even_if_a_request_has_begun(target: Deployment) -> None:
    one = created(target)

    def is_closed() -> set[bool]:
        return {"closed" in item for item in target.domain_store.counts("acme", one.id)}

    assert is_closed() == {False}
    suspended()
    assert is_closed() == {True}
    run("restore", "--", HOST)
    assert is_closed() == {False}


def test_the_audit_log_of_its_account_says_why_and_by_whom(target: Deployment) -> None:
    created(target)
    suspended()
    run("restore", "--", HOST)
    for action, becomes in (
        (Action.DOMAIN_SUSPENDED, ("active", "suspended")),
        (Action.DOMAIN_RESTORED, ("suspended", "active")),
    ):
        (entry,) = target.audit_log.all("acme", EntryFilter(action=action), 10)
        assert entry.origin == target.operator
        assert entry.changes["state"] == becomes
        assert REASON in entry.changes["reason"]


def test_it_is_no_longer_the_primary_domain_of_new_links(target: Deployment) -> None:
    one = created(target)
    changes = DomainChanges(target.domain_store, target.audit_log)
    changes.change("acme", one.id, {"is_primary": True}, by=SOMEBODY)
    suspended()
    assert target.domain_store.lookup.primary("acme") is None


def test_nothing_is_suspended_without_a_confirmation(
    target: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    created(target)
    assert run("suspend", "--reason", REASON, "--", HOST) == 1
    assert "YES=1" in capsys.readouterr().err
    record = target.domain_store.host(HOST)
    assert record is not None
    assert record.state is DomainState.ACTIVE


def test_a_repetition_replaces_the_reason_and_restores_once(
    target: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    one = created(target)
    suspended()
    assert run("suspend", "--reason", "spam", "--yes", "--", f"https://{HOST.upper()}/x") == 0
    assert target.domain_store.find("acme", one.id).reason == "spam"
    run("restore", "--", HOST)
    capsys.readouterr()
    assert run("restore", "--", HOST) == 0
    assert f"{HOST} of account 'acme' is active" in capsys.readouterr().out
    restored = target.audit_log.all("acme", EntryFilter(action=Action.DOMAIN_RESTORED), 10)
    assert len([*restored]) == 1


@pytest.mark.parametrize("verb", [("suspend", "--reason", "x", "--yes"), ("restore",)])
def test_a_host_that_nobody_has_is_reported(
    target: Deployment, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    assert run(*verb, "--", "nobody.go.example.com") == 1
    assert "No such domain" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("suspend", "--", HOST), ("suspend", "--reason", " ", HOST)])
def test_a_suspension_has_a_reason(target: Deployment, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        run(*arguments)
