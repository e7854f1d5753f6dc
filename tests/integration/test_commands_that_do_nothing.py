"""A command that is rejected, or only looks, creates no account: not even the default one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from ops import command, key, link
from ops.deployment import Deployment
from project.tables import ACCOUNTS, AUDIT, LINKS

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

OUTPUTS = {
    "AccountsTable": ACCOUNTS, "AuditTable": AUDIT, "LinksTable": LINKS, "SharedFreeKeys": "0",
    "NewAccountsIdentifier": "shared-by-new-accounts",
    "BaseUrl": "https://go.example.com", "OwnHosts": "api.example, go.example.com",
    "UsagePlans": "{}",
}  # fmt: skip
ON = ("--stack", "jmpy")


@pytest.fixture
def target(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    target = Deployment("stack-1", OUTPUTS, boto3.Session(), None)
    monkeypatch.setattr(command, "find_deployment", lambda _stack: target)
    return target


@pytest.mark.parametrize(
    "arguments",
    [
        ["--name", "x", "--permissions", "bogus"],
        ["--name", " "],
        ["--name", "x", "--environment", "moon"],
        ["--name", "x", "--permissions", ","],
    ],
)
@pytest.mark.usefixtures("target")
def test_a_key_that_is_rejected(dynamodb: DynamoDBClient, arguments: list[str]) -> None:
    assert key.main(["create", *ON, *arguments]) == 1
    assert nothing_of(dynamodb)


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        ("code,url\nfine,https://example.com/\n", ["--dry-run"], 0),
        ("code,url\nloop,https://go.example.com/x\n", [], 0),
        ("neither,of,these\n1,2,3\n", [], 1),
    ],
)
@pytest.mark.usefixtures("target")
def test_an_import_that_creates_nothing(
    dynamodb: DynamoDBClient, tmp_path: Path, text: str, arguments: list[str], status: int
) -> None:
    file = tmp_path / "links.csv"
    file.write_text(text)
    assert link.main(["import", *ON, *arguments, str(file)]) == status
    assert nothing_of(dynamodb)


def nothing_of(dynamodb: DynamoDBClient) -> bool:
    return not any(dynamodb.scan(TableName=table)["Items"] for table in (ACCOUNTS, AUDIT, LINKS))
