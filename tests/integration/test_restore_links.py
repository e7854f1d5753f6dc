"""What becomes of links when a backup is restored over a stack that has some."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links.new_link import NewLink
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.store import LinkStore
from jmpy.links.takedown import Order, TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.notices.takedowns import TakedownNotices
from project.clicks import traffic
from project.origins import SOMEBODY
from project.tables import ACTIVITY, AUDIT, CLICKS, LINKS
from tests.integration import backups
from tests.integration.backups import Stack, put, taken
from tests.integration.campaigns import (
    counts_of,
    create_campaign,
    delete_campaign,
    link_count,
    members,
)
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.links.model import Link

GOOD, EVIL = "https://example.com/", "https://evil.example/"


@pytest.fixture
def stack(dynamodb: DynamoDBClient, edge: UsagePlanKeys) -> Stack:
    return backups.deployed(dynamodb, edge)


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore) -> SomebodysLinks:
    return SomebodysLinks(store)


@pytest.fixture
def takedowns(dynamodb: DynamoDBClient) -> TakedownService:
    # A minute after the backup, whose time is told in whole seconds.
    audit, notices = AuditLog(dynamodb, AUDIT), TakedownNotices(dynamodb, ACTIVITY)
    store = TakedownStore(dynamodb, LINKS)
    return TakedownService(store, audit, notices, lambda: time.time() + 60)


@pytest.fixture
def link(links: SomebodysLinks, accounts: AccountService) -> Link:
    accounts.ensure("acme", by=SOMEBODY)
    return links.create("acme", NewLink(GOOD, custom_alias="sale"))


@pytest.fixture
def path(stack: Stack, link: Link, tmp_path: Path) -> Path:
    taken(stack, tmp_path / "backup.jsonl")
    return tmp_path / "backup.jsonl"


def lose_links(client: DynamoDBClient) -> None:
    for item in client.scan(TableName=LINKS)["Items"]:
        client.delete_item(TableName=LINKS, Key={name: item[name] for name in ("pk", "sk")})


@pytest.mark.parametrize("is_lost", [False, True], ids=["over it", "after its links were lost"])
@pytest.mark.parametrize(
    "order",
    [
        Order(Cause.LINK, TakedownReason.PHISHING, "reported by Example Bank"),
        Order(Cause.SUSPENSION, TakedownReason.SUSPENDED),
    ],
    ids=lambda order: order.cause,
)
def test_a_link_that_was_taken_down_since_stays_so(
    *,
    stack: Stack,
    link: Link,
    path: Path,
    takedowns: TakedownService,
    store: LinkStore,
    order: Order,
    is_lost: bool,
) -> None:
    down = takedowns.take_down("sale", order, by=SOMEBODY)
    assert down is not None
    held = down.takedowns
    if is_lost:
        lose_links(stack.dynamodb)
    put(stack, path, force=True)
    restored, target = store.find("acme", link.id), store.target("sale")
    assert restored is not None
    assert target is not None
    assert target.taken_down
    assert [(one.cause, one.text) for one in restored.takedowns] == [
        (one.cause, one.text) for one in held
    ]
    takedowns.restore_account("acme", order.cause, by=SOMEBODY)
    assert store.target("sale") is not None


def test_a_takedown_that_was_lifted_since_is_not_brought_back(
    stack: Stack, link: Link, takedowns: TakedownService, store: LinkStore, tmp_path: Path
) -> None:
    takedowns.take_down("sale", Order(Cause.LINK, TakedownReason.SPAM), by=SOMEBODY)
    taken(stack, tmp_path / "backup.jsonl")
    takedowns.restore("sale", by=SOMEBODY)
    put(stack, tmp_path / "backup.jsonl", force=True)
    target = store.target("sale")
    assert target is not None
    assert not target.taken_down


def test_a_redirected_link_gets_its_destination_back_and_retains_its_clicks(
    *,
    stack: Stack,
    link: Link,
    links: SomebodysLinks,
    path: Path,
    store: LinkStore,
    dynamodb: DynamoDBClient,
) -> None:
    links.change("acme", "sale", {"url": EVIL, "name": "Evil"})
    ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record(
        traffic(5, [link.id], account="acme")
    )
    put(stack, path, force=True)
    restored, target = store.find("acme", link.id), store.target("sale")
    assert restored is not None
    assert target is not None
    assert (restored.url, restored.name, target.url) == (GOOD, None, GOOD)
    assert restored.click_count == 5
    assert [found.id for found in store.by_destination("acme", GOOD, 10)] == [link.id]
    (put_back, *_) = AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(target_id=link.id), 10)
    assert put_back.changes == {"url": (EVIL, GOOD), "name": ("Evil", None)}
    assert put_back.origin == stack.operator


def test_links_that_are_missing_come_back_and_are_counted_once(
    stack: Stack, link: Link, links: SomebodysLinks, path: Path, store: LinkStore
) -> None:
    lose_links(stack.dynamodb)
    since = links.create("acme", NewLink(GOOD))
    for _ in range(2):
        put(stack, path, force=True)
        assert store.count("acme") == 2
        assert store.find("acme", link.id) == link
        assert store.find("acme", since.id) == since


def test_no_code_is_taken_from_a_link_that_has_it_now(
    stack: Stack, link: Link, links: SomebodysLinks, path: Path, store: LinkStore
) -> None:
    lose_links(stack.dynamodb)
    other = links.create("other", NewLink("https://other.example/", custom_alias="sale"))
    put(stack, path, force=True)
    target = store.target("sale")
    assert target is not None
    assert (target.link_id, target.url) == (other.id, "https://other.example/")
    assert store.find("acme", link.id) is None
    assert store.count("acme") == 0


def test_a_link_that_was_renamed_since_has_one_code(
    stack: Stack, link: Link, links: SomebodysLinks, path: Path, store: LinkStore
) -> None:
    links.change("acme", "sale", {"custom_alias": "sold"})
    put(stack, path, force=True)
    restored = store.find("acme", link.id)
    assert restored is not None
    assert restored.short_code == "sold"
    old, new = store.target("sale"), store.target("sold")
    assert old is None or not old.url
    assert new is not None
    assert new.link_id == link.id


def test_a_campaign_that_was_deleted_since_comes_back_with_its_links(
    *,
    stack: Stack,
    links: SomebodysLinks,
    link: Link,
    store: LinkStore,
    dynamodb: DynamoDBClient,
    tmp_path: Path,
) -> None:
    """Those that still named it, that left it, and that are gone, but none that is new."""
    campaign_id = create_campaign(dynamodb, "acme")
    stays, left, gone = (
        links.create("acme", NewLink(GOOD, campaign_id=campaign_id)) for _ in range(3)
    )
    ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record(
        traffic(5, [stays.id], account="acme", campaigns=[campaign_id])
    )
    clicked = clicks_of(dynamodb, campaign_id)
    taken(stack, tmp_path / "backup.jsonl")
    links.change("acme", left.id, {"campaign_id": None})
    links.remove("acme", gone.id, release=True)
    delete_campaign(dynamodb, "acme", campaign_id)
    for _ in range(2):
        put(stack, tmp_path / "backup.jsonl", force=True)
        assert store.campaigns.find("acme", "Autumn 2026").id == campaign_id
        assert members(dynamodb, "acme", campaign_id) == sorted([stays.id, left.id, gone.id])
        assert link_count(dynamodb, "acme", campaign_id) == 3
        assert store.campaigns.count("acme") == 1
        assert clicks_of(dynamodb, campaign_id) == clicked


def test_a_campaign_whose_name_another_one_has_now_does_not_come_back(
    stack: Stack,
    links: SomebodysLinks,
    store: LinkStore,
    dynamodb: DynamoDBClient,
    tmp_path: Path,
) -> None:
    old = create_campaign(dynamodb, "acme")
    link = links.create("acme", NewLink(GOOD, custom_alias="sale", campaign_id=old))
    taken(stack, tmp_path / "backup.jsonl")
    links.remove("acme", link.id, release=True)
    delete_campaign(dynamodb, "acme", old)
    new = create_campaign(dynamodb, "acme")
    put(stack, tmp_path / "backup.jsonl", force=True)
    assert store.campaigns.find("acme", "Autumn 2026").id == new
    assert store.campaigns.count("acme") == 1
    assert links.get("acme", "sale").campaign_id is None
    assert members(dynamodb, "acme", old) == []


def clicks_of(client: DynamoDBClient, campaign_id: str) -> int:
    items = counts_of(client, "acme", campaign_id)
    return sum(int(item["clicks"]["N"]) for item in items if "clicks" in item)
