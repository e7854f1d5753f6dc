"""`make recount`: the bot clicks of links that were clicked before links had that number, and the
links of campaigns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest

from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links import membership
from jmpy.links.item import link_key
from jmpy.links.new_link import NewLink
from ops import command, recount
from ops.deployment import Deployment
from project.clicks import traffic
from project.tables import ACCOUNTS, CLICKS, LINKS
from tests.integration.campaigns import create_campaign, link_count, members
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore

OUTPUTS = {"AccountsTable": ACCOUNTS, "ClicksTable": CLICKS, "LinksTable": LINKS}


@pytest.fixture
def store(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> LinkStore:
    target = Deployment("stack-1", OUTPUTS, boto3.Session(), None)
    monkeypatch.setattr(command, "find_deployment", lambda _stack: target)
    return target.link_store


def clicked(dynamodb: DynamoDBClient, store: LinkStore, count: int) -> Link:
    link = SomebodysLinks(store).create("acme", NewLink("https://example.com/"))
    clicks = traffic(count, [link.id], account="acme")
    assert ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record(clicks) == set()
    return found(store, link)


def found(store: LinkStore, link: Link) -> Link:
    known = store.find(link.account_id, link.id)
    assert known is not None
    return known


def changed(dynamodb: DynamoDBClient, link: Link, expression: str) -> None:
    dynamodb.update_item(
        TableName=LINKS, Key=link_key(link.account_id, link.id), UpdateExpression=expression
    )


def test_links_of_before_are_corrected_once(
    dynamodb: DynamoDBClient, store: LinkStore, capsys: pytest.CaptureFixture[str]
) -> None:
    links = [clicked(dynamodb, store, count) for count in (40, 25, 0)]
    assert links[0].bot_count > 0
    for link in links[:2]:
        changed(dynamodb, link, "REMOVE bot_count")
    for corrected in (2, 0):
        assert recount.main(["bots", "--stack", "jmpy"]) == 0
        assert [found(store, link) for link in links] == links
        assert (
            f"Links: {corrected} corrected, {3 - corrected} right before" in capsys.readouterr().out
        )


def test_a_link_whose_counters_are_gone_stays_as_it_is(
    dynamodb: DynamoDBClient, store: LinkStore, capsys: pytest.CaptureFixture[str]
) -> None:
    link = clicked(dynamodb, store, 20)
    changed(dynamodb, link, "SET click_count = click_count + click_count REMOVE bot_count")
    assert recount.main(["bots", "--stack", "jmpy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"corrected": 0, "right": 0, "left": 1}
    assert recount.main(["bots", "--stack", "jmpy"]) == 0
    assert ", 1 left as they are" in capsys.readouterr().out
    assert found(store, link).bot_count == 0


def test_a_concurrent_click_is_detected(dynamodb: DynamoDBClient, store: LinkStore) -> None:
    link = clicked(dynamodb, store, 20)
    changed(dynamodb, link, "SET click_count = click_count + click_count")
    assert not store.set_bot_count(link, 7)
    assert found(store, link).bot_count == link.bot_count


def test_campaigns_get_the_links_that_name_them(
    dynamodb: DynamoDBClient, store: LinkStore, capsys: pytest.CaptureFixture[str]
) -> None:
    links = SomebodysLinks(store)
    right, wrong = (create_campaign(dynamodb, "acme", name) for name in ("Right", "Wrong"))
    links.create("acme", NewLink("https://example.com/", campaign_id=right))
    one, two, moved = (
        links.create("acme", NewLink("https://example.com/", campaign_id=wrong)) for _ in range(3)
    )
    changed(dynamodb, moved, "REMOVE campaign_id")
    key = membership.CAMPAIGN.key("acme", wrong, one.id)
    dynamodb.delete_item(TableName=LINKS, Key=key)
    told = ["1 of 2 corrected; 1 links", "0 of 2 corrected; 0 links"]
    for words in told:
        assert recount.main(["campaigns", "--stack", "jmpy"]) == 0
        assert words in capsys.readouterr().out
        assert members(dynamodb, "acme", wrong) == [one.id, two.id]
        assert link_count(dynamodb, "acme", wrong) == 2
        assert link_count(dynamodb, "acme", right) == len(members(dynamodb, "acme", right)) == 1
