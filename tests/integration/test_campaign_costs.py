"""What lists of campaigns cost, and the clicks that they count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.campaigns import item
from jmpy.campaigns.model import Campaign
from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.item import campaign_subject, day_name, from_counts
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links import membership
from jmpy.links.counts import counter_key
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.uuid7 import uuid7
from project import clicks
from project.analytics import HUMAN
from project.meter import Meter
from project.tables import CLICKS, LINKS
from tests.integration import moto_tables
from tests.integration.campaign_client import Client
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TODAY = date(2027, 1, 15)


@pytest.fixture
def client(dynamodb: DynamoDBClient, clock: Clock) -> Client:
    client = Client()
    client.app.resource.clock = clock
    return client


@pytest.fixture
def meter(dynamodb: DynamoDBClient, client: Client) -> Meter:
    meter = Meter(dynamodb)
    meter.watch(client.app.dynamodb)
    return meter


def filled(account: str, number: int, clock: Clock) -> list[Campaign]:
    """So many campaigns, the oldest first, and as many links in each as its number."""
    created = [
        Campaign(uuid7(clock.time + n), account, f"n{n}", int(clock.time), int(clock.time))
        for n in range(number)
    ]
    for n, campaign in enumerate(created):
        first, *others = membership.CAMPAIGN.empty_counts(account, campaign.id)
        counts = [first | {"links": {"N": str(n)}}, *others]
        moto_tables.put(LINKS, [item.to_item(campaign), *counts])
    moto_tables.put(LINKS, [counter_key(account, 0) | {"campaigns": {"N": str(number)}}])
    return created


def click(campaign: Campaign, day: date, number: int) -> None:
    counts = Counts()
    counts.add(HUMAN, Tally(number, 1))
    key = {"pk": {"S": campaign_subject(campaign.id)}, "sk": {"S": f"{day_name(day)}#00"}}
    moto_tables.put(CLICKS, [key | from_counts(counts)])


def clicked(campaign: Campaign, days: dict[date, int]) -> None:
    """As after so many clicks on these days."""
    for day, number in days.items():
        click(campaign, day, number)
    key = membership.CAMPAIGN.count_key(campaign.account_id, campaign.id, 1)
    counts = {"links": {"N": "0"}, "clicks": {"N": str(sum(days.values()))}}
    moto_tables.put(LINKS, [key | counts])


def test_page_1_costs_the_same_with_10_and_with_1_000_campaigns(
    client: Client, meter: Meter, clock: Clock
) -> None:
    costs = []
    for account, number in (("few", 10), ("many", 1_000)):
        filled(account, number, clock)
        meter.take()
        found = client.listed(account, limit="5")
        costs.append(meter.take())
        assert found["meta"]["total"] == number
        newest = [(one["name"], one["url_count"]) for one in found["data"]]
        assert newest == [(f"n{n}", n) for n in range(number - 1, number - 6, -1)]
    assert costs[0] == costs[1]
    # The limit; the count, the page, and the numbers of its campaigns.
    assert costs[0].calls == {"UpdateItem": 1, "Query": 3}


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({}, 1111),
        ({"range": "all"}, 1111),
        ({"range": "24h"}, 1),
        ({"range": "7d"}, 11),
        ({"range": "30d"}, 11),
        ({"range": "90d"}, 111),
        ({"range": "1y"}, 111),
        ({"range": "last_year"}, 111),
        ({"start_date": "2027-01-09"}, 11),
        ({"start_date": "2027-01-09", "end_date": "2027-01-14"}, 10),
        ({"endDate": "2027-01-14"}, 1110),
    ],
)
def test_a_range_restricts_the_clicks_and_not_the_campaigns(
    client: Client, clock: Clock, query: dict[str, str], total: int
) -> None:
    never, often = filled("a", 2, clock)
    ages = {0: 1, 6: 10, 89: 100, 400: 1000}
    clicked(often, {TODAY - timedelta(days=age): number for age, number in ages.items()})
    listed = {one["id"]: one["total_clicks"] for one in client.listed(**query)["data"]}
    assert listed == {never.id: 0, often.id: total}
    assert client.get(often.id, query=query)["total_clicks"] == total


def test_clicks_are_counted_for_the_campaign_of_their_link(
    client: Client, dynamodb: DynamoDBClient, clock: Clock
) -> None:
    campaign = client.create("Autumn")
    new = NewLink("https://example.com/", campaign_id=campaign["id"])
    link = LinkService(LinkStore(dynamodb, LINKS), clock).create("a", new)
    made = [clicks.click(n, link=link.id, account="a", at=int(clock.time) * 1000) for n in range(7)]
    counted = [replace(one, campaign_id=campaign["id"]) for one in made]
    assert not ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record(counted)
    for query in ({}, {"range": "24h"}):
        found = client.get("Autumn", query=query)
        assert (found["url_count"], found["total_clicks"]) == (1, 7)


def test_counters_are_read_of_campaigns_that_were_clicked(
    client: Client, meter: Meter, clock: Clock
) -> None:
    campaigns = filled("a", 10, clock)
    clicked(campaigns[3], {TODAY: 5})

    def calls(**query: str) -> Any:
        meter.take()
        client.listed(**query)
        return meter.take().calls

    assert calls() == {"UpdateItem": 1, "Query": 3}
    assert calls(range="7d") == {"UpdateItem": 1, "Query": 4}
