"""What happens at once to links of campaigns, and to campaigns that are deleted meanwhile: in
threads, on AWS's own engine."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.campaigns.errors import CampaignHasLinks, CampaignNotFound
from jmpy.campaigns.store import CampaignStore, StaleCampaign
from jmpy.links.errors import LinkConflict, LinkNotFound, UnknownCampaign
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project.tables import LINKS
from tests.conftest import Figures
from tests.integration.campaigns import create_campaign, delete_campaign, link_count, members
from tests.integration.conftest import DYNAMODB_LOCAL
from tests.integration.somebodys_links import SomebodysLinks
from tests.integration.test_races import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

ENGINES = [DYNAMODB_LOCAL]
RACERS = 200
URL = "https://example.com/"


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore) -> SomebodysLinks:
    return SomebodysLinks(store)


def assert_counted(client: DynamoDBClient, store: LinkStore, campaign_id: str) -> int:
    """The campaign has the links that name it; returns how many."""
    found = [link.id for link in store.newest("a", 1000) if link.campaign_id == campaign_id]
    assert members(client, "a", campaign_id) == sorted(found)
    assert link_count(client, "a", campaign_id) == len(found)
    return len(found)


def test_campaigns_have_the_links_that_two_hundred_racers_leave_in_them(
    dynamodb: DynamoDBClient, store: LinkStore, links: SomebodysLinks, figures: Figures
) -> None:
    campaigns = [create_campaign(dynamodb, "a", f"Campaign {number}") for number in range(3)]
    choice = random.Random(22)
    racing = [links.create("a", NewLink(URL, campaign_id=campaigns[0])).id for _ in range(20)]
    works: list[Callable[[], Any]] = []
    for number in range(RACERS):
        link, campaign = choice.choice(racing), choice.choice([*campaigns, None])
        works.append([
            partial(links.create, "a", NewLink(URL, campaign_id=campaign)),
            partial(links.change, "a", link, {"campaign_id": campaign}),
            partial(links.change, "a", link, {"campaign_id": campaign, "name": str(number)}),
            partial(links.remove, "a", link),
        ][number % 4 if number < RACERS // 2 else number % 3])  # fmt: skip
    outcomes = at_once(works)
    faults = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(fault, LinkNotFound | LinkConflict) for fault in faults), faults
    total = sum(assert_counted(dynamodb, store, campaign) for campaign in campaigns)
    assert 0 < total < store.count("a")
    figures("races", races=RACERS)


def test_a_campaign_that_is_deleted_among_racers_has_no_links_and_leaves_others_exact(
    dynamodb: DynamoDBClient, store: LinkStore, links: SomebodysLinks, figures: Figures
) -> None:
    kept, deleted = (create_campaign(dynamodb, "a", name) for name in ("Kept", "Deleted"))
    racing = [links.create("a", NewLink(URL, campaign_id=deleted)).id for _ in range(8)]
    works: list[Callable[[], Any]] = []
    for link in racing:
        works += [
            partial(links.create, "a", NewLink(URL, campaign_id=deleted)),
            partial(links.change, "a", link, {"campaign_id": kept}),
            partial(links.change, "a", link, {"campaign_id": deleted}),
            partial(links.change, "a", link, {"name": "Other"}),
        ]
    works.insert(len(works) // 3, partial(delete_campaign, dynamodb, "a", deleted))
    faults = [outcome for outcome in at_once(works) if isinstance(outcome, Exception)]
    assert all(isinstance(fault, UnknownCampaign | LinkConflict) for fault in faults), faults
    assert_counted(dynamodb, store, kept)
    assert link_count(dynamodb, "a", deleted) == 0
    shown = [link.campaign_id for link in links.newest("a", 100)]
    assert set(shown) <= {kept, None}
    for link in racing:
        links.remove("a", link)
    assert assert_counted(dynamodb, store, kept) == 0
    figures("races", races=len(works))


def test_an_empty_campaign_is_deleted_or_gets_a_link_and_never_both(
    dynamodb: DynamoDBClient, links: SomebodysLinks, figures: Figures
) -> None:
    campaigns, seen = CampaignStore(dynamodb, LINKS), Counter[str]()
    for number in range(20):
        campaign = campaigns.find("a", create_campaign(dynamodb, "a", f"Campaign {number}"))
        works: list[Callable[[], Any]] = [
            partial(campaigns.remove, campaign),
            partial(links.create, "a", NewLink(URL, campaign_id=campaign.id)),
        ]
        choice = random.Random(number)
        choice.shuffle(works)
        faults = [outcome for outcome in at_once(works) if isinstance(outcome, Exception)]
        assert len(faults) == 1
        try:
            campaigns.find("a", campaign.id)
        except CampaignNotFound:
            assert isinstance(faults[0], UnknownCampaign)
            assert members(dynamodb, "a", campaign.id) == []
            seen["deleted"] += 1
        else:
            assert isinstance(faults[0], CampaignHasLinks | StaleCampaign)
            assert link_count(dynamodb, "a", campaign.id) == 1
            seen["joined"] += 1
    assert seen.total() == 20
    figures("races", races=20)
