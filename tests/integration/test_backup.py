"""A stack's data, taken into a file and put into the tables of another."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.webhooks.model import Webhook
from jmpy.webhooks.store import WebhookStore
from ops import backup_tables
from ops.backup_file import BackupExists, UnsealedBackup, UnusableBackup
from ops.backup_key import NoBackupKey
from project import functions, template
from project.clicks import traffic
from project.origins import SOMEBODY
from project.tables import ACTIVITY, CLICKS, LINKS, SALTS, SESSIONS
from tests.integration import backups
from tests.integration.backups import Stack, contents, put, taken
from tests.integration.campaigns import create_campaign

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.keys.service import KeyService


@pytest.fixture
def old(dynamodb: DynamoDBClient, edge: UsagePlanKeys) -> Stack:
    return backups.deployed(dynamodb, edge)


@pytest.fixture
def new(dynamodb: DynamoDBClient, edge: UsagePlanKeys) -> Stack:
    return backups.empty(dynamodb, edge)


@pytest.fixture
def secret(service: KeyService, account: Account, dynamodb: DynamoDBClient) -> str:
    """A key of an account with links, clicks, a webhook, and somebody signed in."""
    links = LinkService(LinkStore(dynamodb, LINKS))
    created = [links.create("acme", NewLink("https://example.com/")) for _ in range(4)]
    campaign = create_campaign(dynamodb, "acme")
    links.create(
        "acme", NewLink("https://example.com/", password="open sesame", campaign_id=campaign)
    )
    clicks = traffic(20, [link.id for link in created], account="acme")
    ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, retention_days=30)).record(clicks)
    WebhookStore(dynamodb, ACTIVITY).add("acme", Webhook("https://example.com/", "s"))
    dynamodb.put_item(TableName=SESSIONS, Item={"pk": {"S": "session#1"}})
    dynamodb.put_item(TableName=SALTS, Item={"pk": {"S": "salt#1"}, "salt": {"B": b"\0\xff"}})
    service.revoke(
        "acme", service.create("acme", "Ended", ["read"], by=SOMEBODY).record.id, by=SOMEBODY
    )
    return service.create("acme", "Kept", ["read", "write"], by=SOMEBODY).secret


def stored(stack: Stack) -> dict[str, list[Any]]:
    """Without what differs from stack to stack: the account's key at the edge, and the entry of
    the restore."""
    found = {
        name: items
        for name, items in contents(stack).items()
        if name in backup_tables.backed_up(stack.tables)
    }
    for item in found["AccountsTable"]:
        if "subscription" in item:
            del item["subscription"]["M"]["usage_identifier"]
            del item["subscription"]["M"]["version"]
    found["AuditTable"] = [
        item for item in found["AuditTable"] if item["action"]["S"] != "account.restored"
    ]
    return found


def test_what_was_taken_is_what_was_put(
    old: Stack, new: Stack, secret: str, tmp_path: Path
) -> None:
    path = tmp_path / "backup.jsonl"
    taken(old, path)
    put(new, path)
    assert stored(new) == stored(old)
    assert all(stored(old)[name] for name in ("AccountsTable", "LinksTable", "ClicksTable"))
    assert contents(new)["SessionsTable"] == contents(new)["SaltsTable"] == []


def test_keys_and_links_work_after_a_restore(
    old: Stack, new: Stack, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(old, tmp_path / "backup.jsonl")
    put(new, tmp_path / "backup.jsonl")
    monkeypatch.setenv("ACCOUNTS_TABLE", new.tables["AccountsTable"])
    requested = {
        "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/x",
        "requestContext": functions.AUTHORIZER_CONTEXT,
        "multiValueHeaders": {"Authorization": [f"Bearer {secret}"]},
        "multiValueQueryStringParameters": None,
    }
    response = functions.load("authorizer").handler(requested, functions.LambdaContext())
    assert response["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert response["context"]["account_id"] == "acme"
    store = LinkStore(new.dynamodb, new.tables["LinksTable"])
    assert store.count("acme") == 5
    links, _ = store.page("acme", 50, None, newest_first=True)
    assert [store.find("acme", link.id) for link in links] == links
    campaign = store.campaigns.find("acme", "Autumn 2026")
    assert store.campaign_links.count("acme", campaign.id) == 1
    assert store.campaign_links.ids("acme", campaign.id, 10)[0] == [
        link.id for link in links if link.campaign_id == campaign.id
    ]


def test_a_backup_shows_no_key_and_only_to_its_owner(
    old: Stack, secret: str, tmp_path: Path
) -> None:
    path = tmp_path / "backup.jsonl"
    taken(old, path)
    assert secret[9:-4] not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_restore_overwrites_nothing_unless_forced(
    old: Stack, secret: str, tmp_path: Path
) -> None:
    path = tmp_path / "backup.jsonl"
    taken(old, path)
    before = stored(old)
    with pytest.raises(backup_tables.NotEmpty, match="FORCE=1"):
        put(old, path)
    link = next(item for item in before["LinksTable"] if "short_code" in item)
    mine = link["sk"]["S"].removeprefix("link#")
    code = next(i for i in before["LinksTable"] if i.get("link_id", {"S": mine})["S"] != mine)
    for item in (link, code):  # of another link
        old.dynamodb.delete_item(TableName=LINKS, Key={name: item[name] for name in ("pk", "sk")})
    for _ in range(2):  # Again changes nothing.
        put(old, path, force=True)
        assert stored(old) == before
    with pytest.raises(BackupExists):
        taken(old, path)


def test_nothing_is_written_of_a_backup_that_was_cut_off(
    old: Stack, new: Stack, secret: str, tmp_path: Path
) -> None:
    path = tmp_path / "backup.jsonl"
    taken(old, path)
    path.write_text(path.read_text()[:-20])
    with pytest.raises(UnusableBackup, match="nothing was written"):
        put(new, path)
    assert not any(contents(new).values())


def test_nothing_is_written_of_a_backup_that_nobody_vouches_for(
    old: Stack, new: Stack, secret: str, tmp_path: Path
) -> None:
    path = tmp_path / "backup.jsonl"
    taken(old, path)
    backups.key_file(path).rename(tmp_path / "elsewhere")
    with pytest.raises(NoBackupKey, match=r"KEY_FILE=.*UNVERIFIED=1"):
        put(new, path)
    backups.key_file(path).write_text("0" * 64)
    with pytest.raises(UnsealedBackup, match="UNVERIFIED=1"):
        put(new, path)
    assert not any(contents(new).values())
    put(new, path, unverified=True)
    assert stored(new) == stored(old)


def test_what_dynamodb_leaves_is_put_again(monkeypatch: pytest.MonkeyPatch, new: Stack) -> None:
    real, left = new.dynamodb.batch_write_item, [True]

    def half(RequestItems: Any) -> Any:  # noqa: N803 - boto3's name
        if not left.pop() if left else True:
            return real(RequestItems=RequestItems)
        return {"UnprocessedItems": RequestItems}

    monkeypatch.setattr(new.dynamodb, "batch_write_item", half)
    pairs = [("UsageTable", {"pk": {"S": str(n)}, "sk": {"S": "d"}}) for n in range(30)]
    backup_tables.written(new.dynamodb, new.tables, pairs)
    assert len(contents(new)["UsageTable"]) == 30


def test_the_tables_that_are_not_taken_are_those_that_forget() -> None:
    tables = template.resources("AWS::DynamoDB::Table")
    unprotected = {
        name for name, table in tables.items() if not table.get("DeletionProtectionEnabled")
    }
    assert unprotected == backup_tables.FORGETTING
