"""Names, reasons and columns that somebody else wrote, in what the operator's commands print: one
line each, and nothing that a terminal would obey."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from ops import audit, command, key, link, private
from ops.deployment import Deployment
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT, LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.keys.service import KeyService

HOSTILE = "x\x1b]0;owned\x07\x9b2K\u202e\nforged-id  jmpy_abcd...wxyz  read  active"
OUTPUTS = {
    "AccountsTable": ACCOUNTS, "AuditTable": AUDIT, "LinksTable": LINKS,
    "BaseUrl": "https://go.example.com", "OwnHosts": "api.example, go.example.com",
    "NewAccountsIdentifier": "shared-by-new-accounts", "SharedFreeKeys": "0",
    "UsagePlans": "{}",
}  # fmt: skip


@pytest.fixture
def target(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    target = Deployment("stack-1", OUTPUTS, boto3.Session(), None)
    monkeypatch.setattr(command, "find_deployment", lambda _stack: target)
    return target


def harmless(text: str) -> bool:
    return all(line.isprintable() for line in text.splitlines()) and "\\x1b]0;owned" in text


ON = ("--stack", "jmpy", "--account", "acme")


def test_names_of_keys(
    target: Deployment,
    dynamodb: DynamoDBClient,
    account: Account,
    service: KeyService,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No name like that is accepted; a table that was restored may hold one."""
    record = service.create("acme", "one", ["read"], by=SOMEBODY).record
    for item in dynamodb.scan(TableName=ACCOUNTS)["Items"]:
        if item.get("name") == {"S": "one"}:
            dynamodb.put_item(TableName=ACCOUNTS, Item=item | {"name": {"S": HOSTILE}})
    assert key.main(["list", *ON]) == 0
    printed = capsys.readouterr().out
    assert harmless(printed)
    assert len(printed.splitlines()) == 1
    assert key.main(["revoke", *ON, record.id]) == 0
    assert harmless(capsys.readouterr().out)
    assert audit.main(["list", *ON]) == 0
    printed = capsys.readouterr().out
    assert harmless(printed)
    assert len(printed.splitlines()) == 3  # with the creation of the account


def test_columns_and_rows_of_an_import(
    target: Deployment, account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "links.csv"
    file.write_text(
        '"code","url","x\x1b]0;owned\x07"\n"a b\x1b]0;owned\x07","https://example.com/","1"\n'
    )
    assert link.main(["import", "--dry-run", *ON, str(file)]) == 0
    assert harmless(capsys.readouterr().out)


def test_a_report_and_an_export_are_for_their_owner_only(
    target: Deployment, account: Account, tmp_path: Path
) -> None:
    file, report, exported = (tmp_path / name for name in ("links.csv", "report", "exported"))
    file.write_text("code,url\nmoved-here,https://example.com/\n")
    exported.touch(mode=0o644)
    assert link.main(["import", *ON, "--report", str(report), str(file)]) == 0
    assert link.main(["export", *ON, "--file", str(exported)]) == 0
    for written in (report, exported):
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
        assert "moved-here" in written.read_text()


def test_a_private_file_replaces_what_was_there_and_leaves_devices_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("longer than what comes")
    private.write(path, "short")
    assert path.read_text() == "short"
    before = Path("/dev/null").stat().st_mode
    private.write(Path("/dev/null"), "gone")
    assert Path("/dev/null").stat().st_mode == before
