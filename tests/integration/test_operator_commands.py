"""What all of the operator's commands have in common: whose account they are about, that none but
those which are for it create one, and what they print for programs."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.clock import DAY
from jmpy.limits.plan import LimitClass
from jmpy.links.new_link import NewLink
from ops import account, audit, blocklist, command, key, link, plan, takedown
from ops.deployment import Deployment
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT, LINKS, SESSIONS
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.keys.service import KeyService

OUTPUTS = {
    "AccountsTable": ACCOUNTS, "ActivityTable": ACTIVITY, "AuditTable": AUDIT, "LinksTable": LINKS,
    "NewAccountsIdentifier": "shared-by-new-accounts", "SharedFreeKeys": "0",
    "BaseUrl": "https://go.example.com",
    "OwnHosts": "api.example, go.example.com", "UsagePlans": "{}",
}  # fmt: skip
ADA = "ada@example.com"


@pytest.fixture
def target(
    dynamodb: DynamoDBClient, edge: UsagePlanKeys, monkeypatch: pytest.MonkeyPatch
) -> Deployment:
    target = Deployment("stack-1", OUTPUTS, boto3.Session(), None)
    monkeypatch.setattr(command, "find_deployment", lambda _stack: target)
    monkeypatch.setattr(Deployment, "tables", {"SessionsTable": SESSIONS})
    monkeypatch.setattr(Deployment, "usage_plan_keys", edge)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return target


@pytest.fixture
def acme(target: Deployment, accounts: AccountService) -> Account:
    return accounts.ensure("acme", ADA, by=SOMEBODY)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[[], Any]:
    """What was printed for programs since it was last asked."""
    return lambda: json.loads(capsys.readouterr().out)


def on(whose: str | None = "acme", *arguments: str) -> list[str]:
    return ["--stack", "jmpy", *(("--account", whose) if whose else ()), *arguments]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "links.csv"
    file.write_text("code,url\nfine,https://example.com/\n")
    return file


def test_a_file_of_qr_codes_is_known_by_its_header(
    target: Deployment, acme: Account, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, written = tmp_path / "qr-codes.csv", tmp_path / "written.csv"
    file.write_text(
        "name,content,content_type,content_data,visual_settings\n"
        'Menu,Fish,text,"{""text"": ""Fish""}",{}\n'
        'Lost,Meat,text,"{""text"": ""Fish""}",{}\n'
    )
    assert link.main(["import", *on("acme", "--dry-run"), str(file)]) == 0
    assert "1 would be created" in capsys.readouterr().out
    for created, present in ((1, 0), (0, 1)):
        assert link.main(["import", *on("acme"), str(file)]) == 0
        out = capsys.readouterr().out
        assert f"{created} created\n{present} already there\n1 rejected" in out
        assert "content: It is neither what content_data says nor a short URL (row 2)" in out
    assert link.main(["export", *on("acme", "--qr-codes", "--file", str(written))]) == 0
    (row,) = csv.DictReader(written.read_text().splitlines())
    assert (row["name"], row["content"]) == ("Menu", "Fish")


MISTYPED = {
    "key": (key, ["create", "--name", "x"], []),
    "keys": (key, ["list"], []),
    "revoke": (key, ["revoke"], ["some-id"]),
    "rotate": (key, ["rotate"], ["some-id"]),
    "plan": (plan, ["show"], []),
    "plan PLAN": (plan, ["set"], ["pro"]),
    "suspend": (account, ["suspend"], []),
    "unsuspend": (account, ["unsuspend"], []),
    "import": (link, ["import"], ["FILE"]),
    "import DRY_RUN": (link, ["import", "--dry-run"], ["FILE"]),
    "export": (link, ["export"], []),
    "aliases": (link, ["held"], []),
    "release": (link, ["release"], ["some-alias"]),
    "audit": (audit, ["list"], []),
}


@pytest.mark.parametrize("name", MISTYPED)
@pytest.mark.parametrize("whose", ["acne", "adda@example.com"])
def test_a_mistyped_account_is_an_error_and_creates_nothing(
    *,
    target: Deployment,
    dynamodb: DynamoDBClient,
    file: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    whose: str,
) -> None:
    program, (verb, *options), rest = MISTYPED[name]
    rest = [str(file) if word == "FILE" else word for word in rest]
    assert program.main([verb, *on(whose), *options, *rest]) == 1
    reported = capsys.readouterr()
    assert f"There is no account {whose!r}" in reported.err
    assert "make accounts" in reported.err
    assert reported.out == ""
    for table in (ACCOUNTS, AUDIT, LINKS):
        assert dynamodb.scan(TableName=table)["Items"] == []


@pytest.mark.parametrize("verb", ["disable", "enable"])
def test_takedowns_of_an_account_know_it_by_id_and_by_the_owners_address_only(
    *,
    target: Deployment,
    acme: Account,
    capsys: pytest.CaptureFixture[str],
    verb: str,
) -> None:
    SomebodysLinks(target.link_store).create("acme", NewLink("https://example.com/"))
    reason = ["--reason", "spam"] if verb == "disable" else []
    run = ["--stack", "jmpy", *reason, "--of-account"]
    assert takedown.main([verb, *run, "acne"]) == 1
    assert "There is no account 'acne'" in capsys.readouterr().err
    assert takedown.main([verb, *run, ADA.upper()]) == 0
    assert "1 link of account 'acme'" in capsys.readouterr().out


def test_every_command_about_an_account_finds_it_by_the_owners_address(
    target: Deployment, acme: Account, service: KeyService, file: Path, printed: Callable[[], Any]
) -> None:
    assert key.main(["create", *on(ADA, "--json"), "--name", "CI"]) == 0
    created = printed()
    assert [found.id for found in service.of_account("acme")] == [created["id"]]
    for program, verb, rest in (
        (key, "list", []), (plan, "show", []), (audit, "list", []), (link, "held", []),
        (link, "import", [str(file)]), (key, "rotate", [created["id"]]),
        (key, "revoke", [created["id"]]),
    ):  # fmt: skip
        assert program.main([verb, *on("Ada@Example.com", "--json"), *rest]) == 0


def test_the_default_account_is_created_by_its_first_key_and_no_other_is(
    target: Deployment, dynamodb: DynamoDBClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert key.main(["list", *on(None)]) == 0
    assert "has no API keys" in capsys.readouterr().err
    assert target.account_store.find("default") is None
    assert key.main(["create", *on(None), "--name", "first"]) == 0
    assert target.account_store.find("default") is not None
    assert len([*target.account_store.all()]) == 1


def test_an_account_is_created_by_the_command_that_is_for_it(
    target: Deployment, printed: Callable[[], Any]
) -> None:
    for _ in range(2):
        assert account.main(["create", *on("acme", "--json")]) == 0
        assert printed()["id"] == "acme"
    assert [found.id for found in target.account_store.all()] == ["acme"]


@pytest.mark.parametrize("whose", [ADA, "a b", "x" * 65, ""])
def test_an_account_is_not_created_under_what_is_no_id(
    target: Deployment, whose: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert account.main(["create", "--stack", "jmpy", "--account", whose]) == 1
    assert "is not a valid account id" in capsys.readouterr().err
    assert [*target.account_store.all()] == []


def test_accounts_are_listed_with_plan_state_and_keys(
    target: Deployment, accounts: AccountService, service: KeyService, acme: Account,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    service.create("acme", "one", ["read"], by=SOMEBODY)
    accounts.ensure("other", by=SOMEBODY)
    accounts.suspend("other", "left", by=SOMEBODY)
    assert account.main(["list", "--stack", "jmpy"]) == 0
    reported = capsys.readouterr()
    lines = sorted(reported.out.splitlines())
    assert re.fullmatch(rf"acme  {ADA}  free  active  created .* UTC  1 key created", lines[0])
    assert re.fullmatch(r"other  -  free  suspended  created .* UTC  0 keys created", lines[1])
    assert reported.err == "2 accounts\n"
    assert account.main(["list", "--stack", "jmpy", "--json"]) == 0
    by_id = {found["id"]: found for found in json.loads(capsys.readouterr().out)}
    assert (by_id["acme"]["email"], by_id["acme"]["status"]) == (ADA, "active")
    assert (by_id["other"]["status"], by_id["other"]["suspension_reason"]) == ("suspended", "left")


def test_a_key_is_restricted_to_addresses_and_what_is_stored_in_another_form_is_said(
    target: Deployment, acme: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["create", *on(), "--name", "CI", "--allowed-ips"]
    assert key.main([*command, "203.0.113.5/24, 2001:db8::1"]) == 0
    reported = capsys.readouterr()
    assert re.fullmatch(r"jmpy_\w{38}\n", reported.out)
    assert "203.0.113.5/24 is stored as 203.0.113.0/24." in reported.err
    (created,) = target.keys.of_account("acme")
    assert created.allowed_ips == ("203.0.113.0/24", "2001:db8::1")
    assert key.main([*command, "10.0.0.0/8"]) == 1
    assert "private or reserved" in capsys.readouterr().err
    assert len(target.keys.of_account("acme")) == 1


def test_a_key_is_created_with_daily_budgets(
    target: Deployment, acme: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["create", *on(), "--name", "CI", "--limits"]
    assert key.main([*command, "url_creation=10, analytics=0"]) == 0
    assert "daily budgets" in capsys.readouterr().err
    (created,) = target.keys.of_account("acme")
    assert created.limits == {LimitClass.URL_CREATION: 10, LimitClass.ANALYTICS: 0}
    for wrong in ("links=5", "url_creation", "url_creation=-1", "url_creation=1000000001"):
        with pytest.raises(SystemExit):
            key.main([*command, wrong])
    assert len(target.keys.of_account("acme")) == 1


def test_a_rotated_key_works_for_a_day_and_the_response_says_until_when(
    target: Deployment, acme: Account,     capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    old = target.keys.create("acme", "CI", ["read"], by=SOMEBODY).record
    assert key.main(["rotate", *on(), old.id]) == 0
    reported = capsys.readouterr()
    retired = target.keys.get("acme", old.id)
    new = target.keys.get("acme", str(retired.replaced_by))
    assert retired.expires_at == new.created_at + DAY
    assert re.fullmatch(r"jmpy_\w{38}\n", reported.out)
    assert re.search(r"The old key works until \d{4}-\d\d-\d\d \d\d:\d\d UTC", reported.err)
    assert f"make revoke ID={old.id}" in reported.err
    assert "GRACE=0" in reported.err
    assert key.main(["rotate", *on(), "--grace-days", "0", new.id]) == 0
    assert "The old key has ended" in capsys.readouterr().err


def test_for_programs_each_command_prints_one_json_value_and_nothing_else(
    *,
    target: Deployment,
    acme: Account,
    file: Path,
    printed: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(program: Any, verb: str, *arguments: str, whose: str | None = "acme") -> Any:
        assert program.main([verb, *on(whose, "--json"), *arguments]) == 0
        return printed()

    created = run(key, "create", "--name", "CI → ops", "--permissions", "read")
    assert re.fullmatch(r"jmpy_\w{38}", created["key"])
    assert [found["id"] for found in run(key, "list")] == [created["id"]]
    assert "key" not in run(key, "list")[0]
    rotated = run(key, "rotate", created["id"])
    assert (rotated["name"], rotated["old_key_expires_at"] is not None) == ("CI → ops", True)
    assert run(key, "revoke", created["id"])["status"] == "revoked"
    assert run(plan, "show")["plan"] == "free"
    assert run(link, "import", "--dry-run", str(file))["created"] == 1
    assert run(link, "import", str(file)) == {
        "dry_run": False, "created": 1, "under_new_codes": 0, "already_there": 0, "rejected": 0,
        "rejections": [],
    }  # fmt: skip
    assert run(link, "held") == []
    assert run(takedown, "disable", "--reason", "spam", "--link", "fine", whose=None) == {
        "short_code": "fine", "account_id": "acme", "original_url": "https://example.com/",
        "safety_reason": "spam",
    }  # fmt: skip
    assert run(takedown, "enable", "--of-account", ADA, whose=None) == {"links": 1, "changed": 0}
    blocked = run(blocklist, "block", "--reason", "x", "evil.example", whose=None)
    assert (blocked["host"], blocked["created"]) == ("evil.example", True)
    assert [entry["host"] for entry in run(blocklist, "list", whose=None)] == ["evil.example"]
    assert run(blocklist, "unblock", "evil.example", whose=None)["removed"] is True
    assert run(blocklist, "list", whose=None) == []
    assert {entry["action"] for entry in run(audit, "list")} >= {"api_key.revoked"}
    assert run(account, "suspend", "--keep-links")["status"] == "suspended"
    assert run(account, "unsuspend")["status"] == "active"


def test_only_the_response_that_creates_a_key_holds_it(
    target: Deployment, acme: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert key.main(["create", *on("acme", "--json"), "--name", "x"]) == 0
    reported = capsys.readouterr()
    secret = json.loads(reported.out)["key"]
    assert secret not in reported.err
    for program, verb in ((key, "list"), (audit, "list")):
        assert program.main([verb, *on("acme", "--json")]) == 0
        reported = capsys.readouterr()
        assert secret[9:-4] not in reported.out + reported.err
