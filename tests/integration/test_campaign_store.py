"""Campaigns, their names and their numbers of links, as they are stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.dynamodb import transact
from jmpy.campaigns.errors import CampaignHasLinks, CampaignNotFound
from jmpy.campaigns.model import Campaign, Numbers
from jmpy.campaigns.store import CampaignStore, NameTaken, StaleCampaign
from jmpy.links import membership
from jmpy.uuid7 import uuid7
from project.tables import LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = 1_800_000_000


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> CampaignStore:
    return CampaignStore(dynamodb, LINKS)


def campaign(name: str = "Autumn", account: str = "a", at: int = NOW) -> Campaign:
    return Campaign(uuid7(at), account, name, at, at)


def added(store: CampaignStore, name: str = "Autumn", account: str = "a") -> Campaign:
    new = campaign(name, account)
    store.add(new)
    return new


def join(dynamodb: DynamoDBClient, to: Campaign, number: int = 1) -> list[int]:
    return transact(dynamodb, [membership.CAMPAIGN.counted(LINKS, to.account_id, to.id, number)])


def items(dynamodb: DynamoDBClient) -> list[str]:
    """The sort keys of all items but the account's counts."""
    found = dynamodb.scan(TableName=LINKS)["Items"]
    return [key for item in found if not (key := item["sk"]["S"]).startswith("count#")]


def test_a_campaign_is_found_as_it_was_added(store: CampaignStore) -> None:
    full = replace(
        campaign(),
        description="Leaves",
        start_date=NOW,
        end_date=NOW + 9,
        tags=("x",),
        archived=True,
    )
    store.add(full)
    assert store.find("a", full.id) == full
    assert store.find("a", full.id.upper()) == full
    assert list(store.newest("a", 5)) == [full]


@pytest.mark.parametrize("text", ["Été 2026", "été 2026", " e\u0301te\u0301 2026"])
def test_a_campaign_is_found_by_any_spelling_of_its_name(store: CampaignStore, text: str) -> None:
    named = added(store, "Été 2026")
    assert store.find("a", text) == named


@pytest.mark.parametrize(
    "text", ["", "Autumn", "no\x00name", "019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"]
)
def test_what_is_not_there_is_not_found(store: CampaignStore, text: str) -> None:
    other = added(store, account="b")
    for reference in (text, other.id):
        with pytest.raises(CampaignNotFound):
            store.find("a", reference)


def test_an_id_wins_over_a_name_of_the_same_spelling(store: CampaignStore) -> None:
    first = added(store)
    named_like_it = added(store, first.id)
    assert store.find("a", first.id) == first
    store.remove(first)
    assert store.find("a", first.id) == named_like_it


def test_a_name_is_taken_once_in_an_account(store: CampaignStore, dynamodb: DynamoDBClient) -> None:
    added(store, "Été 2026")
    before = items(dynamodb)
    with pytest.raises(NameTaken):
        store.add(campaign("e\u0301te\u0301 2026"))
    assert items(dynamodb) == before
    assert store.count("a") == 1
    added(store, "Été 2026", account="b")


def test_a_new_name_replaces_the_old_one(store: CampaignStore) -> None:
    changed = store.change(added(store), {"name": "Winter", "description": "Snow"})
    assert changed.version == 2
    assert store.find("a", "winter") == changed
    added(store, "Autumn")
    with pytest.raises(NameTaken):
        store.change(changed, {"name": "AUTUMN"})
    respelled = store.change(changed, {"name": "WINTER"})
    assert store.find("a", "winter") == respelled


def test_a_change_is_made_to_what_was_read(store: CampaignStore) -> None:
    first = added(store)
    store.change(first, {"archived": True})
    for changes in ({"archived": False}, {"name": "Winter"}):
        with pytest.raises(StaleCampaign):
            store.change(first, changes)
    with pytest.raises(StaleCampaign):
        store.remove(first)


def test_a_deleted_campaign_leaves_nothing(store: CampaignStore, dynamodb: DynamoDBClient) -> None:
    first = added(store)
    assert store.count("a") == 1
    store.remove(first)
    assert items(dynamodb) == []
    assert store.count("a") == 0
    with pytest.raises(StaleCampaign):
        store.remove(first)


def test_a_campaign_with_links_is_not_deleted(
    store: CampaignStore, dynamodb: DynamoDBClient
) -> None:
    first = added(store)
    assert join(dynamodb, first, 3) == []
    with pytest.raises(CampaignHasLinks):
        store.remove(first)
    assert join(dynamodb, first, -3) == []
    store.remove(first)


def test_a_campaign_is_deleted_with_its_links_if_that_is_wanted(
    store: CampaignStore, dynamodb: DynamoDBClient
) -> None:
    first = added(store)
    join(dynamodb, first)
    store.remove(first, only_without_links=False)
    assert items(dynamodb) == []


def test_no_link_joins_a_campaign_that_is_gone(
    store: CampaignStore, dynamodb: DynamoDBClient
) -> None:
    first = added(store)
    store.remove(first)
    assert join(dynamodb, first) == [0]
    assert items(dynamodb) == []


def test_a_link_that_joins_meanwhile_keeps_the_campaign(
    store: CampaignStore, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = added(store)
    counts_deleted = store._counts_deleted

    def joined_meanwhile(*args: Any, **options: Any) -> Any:
        writes = counts_deleted(*args, **options)
        join(dynamodb, first)
        return writes

    monkeypatch.setattr(store, "_counts_deleted", joined_meanwhile)
    with pytest.raises(StaleCampaign):
        store.remove(first)
    assert store.find("a", first.id) == first


def test_numbers_are_found_for_the_campaigns_of_a_page(
    store: CampaignStore, dynamodb: DynamoDBClient
) -> None:
    made = [campaign(f"n{number}", at=NOW + number) for number in range(4)]
    for number, one in enumerate(made):
        store.add(one)
        for _ in range(number):
            join(dynamodb, one)
    oldest, newest = made[1], made[2]
    assert store.numbers("a", oldest.id, newest.id) == {
        oldest.id: Numbers(links=1),
        newest.id: Numbers(links=2),
    }
    assert [one.name for one in store.newest("a", 3)] == ["n3", "n2", "n1"]
