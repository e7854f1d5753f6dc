"""`make disable`, `make enable`, `make block`, `make unblock` and `make blocklist`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import EntryFilter
from jmpy.links.new_link import NewLink
from ops import blocklist, command, takedown
from ops.deployment import Deployment
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, LINKS
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.links.model import Link

OUTPUTS = {
    "AccountsTable": ACCOUNTS, "AuditTable": AUDIT, "LinksTable": LINKS, "ActivityTable": ACTIVITY,
}  # fmt: skip
URL = "https://login.evil.example/"


@pytest.fixture
def target(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    target = Deployment("stack-1", OUTPUTS, boto3.Session(), None)
    monkeypatch.setattr(command, "find_deployment", lambda _stack: target)
    return target


def links(target: Deployment) -> SomebodysLinks:
    return SomebodysLinks(target.link_store)


@pytest.fixture
def link(target: Deployment) -> Link:
    return links(target).create("acme", NewLink(URL, custom_alias="abc"))


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


def run(*arguments: str) -> int:
    return takedown.main([*arguments, "--stack", "jmpy"])


def is_down(target: Deployment, code: str = "abc") -> bool:
    found = target.link_store.target(code)
    assert found is not None
    return found.taken_down


def test_a_link_is_taken_down_and_restored(
    target: Deployment, link: Link, printed: pytest.CaptureFixture[str]
) -> None:
    assert run("disable", "--link", "abc", "--reason", "Phishing:  reported by  a bank") == 0
    assert is_down(target)
    assert "phishing: reported by a bank" in printed.readouterr().out
    assert run("enable", "--link", "abc") == 0
    assert not is_down(target)
    assert f"abc is restored and leads to {URL}" in printed.readouterr().out


def test_the_operator_is_named_in_the_audit_log(target: Deployment, link: Link) -> None:
    run("disable", "--link", "abc", "--reason", "spam")
    (entry,) = target.audit_log.all("acme", EntryFilter(action=Action.LINK_TAKEN_DOWN), 10)
    assert entry.origin == target.operator
    assert entry.changes == {"takedown": (None, "spam")}


@pytest.mark.parametrize("domain", ["evil.example", "https://EVIL.example/x", "*.evil.example"])
def test_all_links_to_a_domain(
    target: Deployment, link: Link, printed: pytest.CaptureFixture[str], domain: str
) -> None:
    links(target).create("other", NewLink("https://notevil.example/", custom_alias="honest"))
    assert run("disable", "--domain", domain, "--reason", "malware") == 0
    assert (is_down(target), is_down(target, "honest")) == (True, False)
    stated = printed.readouterr()
    assert "1 link to evil.example, 1 of them taken down now" in stated.out
    assert "make block HOST=evil.example" in stated.out
    assert "2 links read, 1 found, 1 changed" in stated.err
    assert run("enable", "--domain", domain) == 0
    assert not is_down(target)


def test_all_links_of_an_account(
    target: Deployment, accounts: AccountService, link: Link, printed: pytest.CaptureFixture[str]
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    assert run("disable", "--of-account", "acme", "--reason", "not what we want here") == 0
    assert is_down(target)
    assert "1 link of account 'acme', 1 of them taken down now" in printed.readouterr().out
    assert run("enable", "--of-account", "acme") == 0
    assert not is_down(target)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--link", "nothing"), "No such short URL"),
        (("--of-account", "nobody"), "nobody"),
    ],
)
def test_a_missing_object_is_reported(
    target: Deployment,
    printed: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    assert run("disable", *arguments, "--reason", "spam") == 1
    assert run("enable", *arguments) == 1
    assert printed.readouterr().err.count(words) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--reason", "spam"),
        ("--link", "abc"),
        ("--link", "abc", "--reason", " "),
        ("--link", "abc", "--reason", "other:"),
        ("--link", "abc", "--reason", "x" * 501),
        ("--link", "abc", "--domain", "evil.example", "--reason", "spam"),
        ("--domain", "com", "--reason", "spam"),
        ("--domain", "a b", "--reason", "spam"),
    ],
)
def test_half_an_order_is_none(target: Deployment, link: Link, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        run("disable", *arguments)
    assert not is_down(target)


def test_the_code_of_a_deleted_link_is_freed(
    target: Deployment, link: Link, printed: pytest.CaptureFixture[str]
) -> None:
    run("disable", "--link", "abc", "--reason", "spam")
    links(target).remove("acme", "abc")
    assert run("enable", "--link", "abc") == 0
    assert "anybody may have it" in printed.readouterr().out
    assert target.link_store.target("abc") is None


def test_restoring_a_link_to_a_blocked_host_names_the_remaining_steps(
    target: Deployment, link: Link, printed: pytest.CaptureFixture[str]
) -> None:
    run("disable", "--link", "abc", "--reason", "spam")
    blocklist.main(["block", "--stack", "jmpy", "--reason", "phishing", "evil.example"])
    assert run("enable", "--link", "abc") == 0
    assert "make unblock HOST=evil.example" in printed.readouterr().out


def test_a_host_is_blocked_listed_and_unblocked(
    target: Deployment, printed: pytest.CaptureFixture[str]
) -> None:
    def stated(*arguments: str) -> str:
        assert blocklist.main([*arguments, "--stack", "jmpy"]) == 0
        both = printed.readouterr()
        return both.out + both.err

    assert "empty" in stated("list")
    assert "within a minute" in stated("block", "--reason", "phishing\nkit", "B\u00fccher.example")
    assert "already" in stated("block", "--reason", "malware", "xn--bcher-kva.example")
    listed = stated("list")
    assert "xn--bcher-kva.example  since " in listed
    assert listed.endswith("  malware\n")
    assert target.operator.actor.id in listed
    assert "not blocked any more" in stated("unblock", "b\u00fccher.example")
    assert "was not on the blocklist" in stated("unblock", "b\u00fccher.example")
    assert "empty" in stated("list")


@pytest.mark.parametrize("host", ["", "zip", "a b"])
def test_what_is_no_host_is_not_blocked(target: Deployment, host: str) -> None:
    with pytest.raises(SystemExit):
        blocklist.main(["block", "--stack", "jmpy", "--reason", "x", "--", host])
    assert target.link_store.blocked_hosts() == frozenset()
