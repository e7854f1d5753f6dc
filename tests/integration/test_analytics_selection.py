"""Figures of an account, restricted to a campaign or to tags."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from project.analytics import Analytics, Clicked
from project.meter import Meter
from project.template import PROJECT
from tests.integration.campaigns import create_campaign

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.model import Link
    from tests.integration.conftest import Clock

# The clock of the tests stands at 2027-01-15T08:00:00Z.
NOW = "2027-01-15T07:30Z"

TOTALS: dict[str, Callable[[Any], int]] = {
    "overview": lambda data: data["total_clicks"],
    "timeseries": lambda data: data["series"][-1]["clicks"],
    "devices": lambda data: data["devices"][0]["clicks"] if data["devices"] else 0,
    "browsers": lambda data: data["browsers"][0]["clicks"] if data["browsers"] else 0,
    "utm": lambda data: data["total_clicks"],
    "top-links": lambda data: sum(link["clicks"] for link in data["links"]),
    "referrers": lambda data: data["total_clicks"],
    "user-traffic-sources": lambda data: sum(source["clicks"] for source in data),
}


@pytest.fixture
def ask(dynamodb: DynamoDBClient, clock: Clock) -> Analytics:
    return Analytics(clock)


@pytest.fixture
def click(dynamodb: DynamoDBClient) -> Clicked:
    return Clicked(dynamodb)


@pytest.fixture
def campaign(dynamodb: DynamoDBClient) -> str:
    return create_campaign(dynamodb, "a")


@pytest.fixture
def links(ask: Analytics, click: Clicked, campaign: str) -> list[Link]:
    """With 1, 10, 100 and 1,000 clicks."""
    fields: list[dict[str, Any]] = [
        {"campaign_id": campaign, "tags": ("Sale", "y")}, {"campaign_id": campaign},
        {"tags": ("y",)}, {},
    ]  # fmt: skip
    links = [ask.link(**of_link) for of_link in fields]
    for number, link in enumerate(links):
        click(link, NOW, clicks=10**number)
    return links


def test_every_operation_on_the_whole_account_can_be_restricted() -> None:
    """Also those that are added."""
    document = json.loads((PROJECT / "functions/docs/openapi.json").read_text())
    roots = ("/api/v1/analytics/", "/api/v1/qranalytics/")
    found = {
        path: {parameter["name"] for parameter in operations["get"]["parameters"]}
        for path, operations in document["paths"].items()
        if path.startswith(roots) and "{" not in path
    }
    assert len(found) > len(TOTALS)
    assert [p for p, names in found.items() if not {"campaign_id", "tags"} <= names] == []


@pytest.mark.parametrize("question", TOTALS)
def test_every_figure_of_the_account_can_be_that_of_a_campaign_or_of_tags(
    ask: Analytics, links: list[Link], campaign: str, question: str
) -> None:
    def clicks(**query: str) -> int:
        return TOTALS[question](ask.data(question, **query))

    assert clicks() == 1111
    assert clicks(campaignId=campaign) == 11
    assert clicks(tags="sale") == 1
    assert clicks(tags=" Y , z,") == 101
    assert clicks(campaign_id=campaign, tags="y") == 1
    assert clicks(campaign_id="none") == clicks(tags="none") == 0


def test_top_links_are_those_of_the_selection(
    ask: Analytics, links: list[Link], campaign: str
) -> None:
    first, second, third, _ = links
    for query, expected in (
        ({"campaign_id": campaign}, [second, first]),
        ({"tags": "y"}, [third, first]),
    ):
        for question, name in (("top-links", "links"), ("overview", "top_links")):
            found = [link["id"] for link in ask.data(question, **query)[name]]
            assert found == [link.id for link in expected]


def test_recent_links_are_those_of_the_selection(
    ask: Analytics, links: list[Link], campaign: str
) -> None:
    for query, numbers in (
        ({}, (3, 2, 1, 0)), ({"campaignId": "autumn 2026"}, (1, 0)), ({"tags": "Y,z"}, (2, 0)),
        ({"campaign_id": campaign, "tags": "y"}, (0,)), ({"campaign_id": "none"}, ()),
    ):  # fmt: skip
        found = [link["id"] for link in ask.data("recent", **query)]
        assert found == [links[number].id for number in numbers]


def test_lists_and_files_of_clicks_are_restricted_alike(
    ask: Analytics, click: Clicked, campaign: str
) -> None:
    inside, tagged, other = ask.link(campaign_id=campaign), ask.link(tags=("y",)), ask.link()
    for minute, link in enumerate((inside, tagged, other, inside)):
        click.keep(link, f"2027-01-15T07:{minute:02}Z", f"c{minute}")
    for query, expected in (
        ({"campaign_id": campaign}, ["c3", "c0"]), ({"tags": "Y"}, ["c1"]), ({"tags": "n"}, []),
        ({"campaign_id": "none"}, []), ({"campaign_id": campaign, "bots": "only"}, []),
    ):  # fmt: skip
        page = ask("click-details", **query).body
        assert [row["id"] for row in page["data"]] == expected
        names = {row["campaign_id"]: row["campaign_name"] for row in page["data"]}
        assert names in ({}, {None: None}, {campaign: "Autumn 2026"})
        assert page["pagination"]["total"] == len(expected)
        file = ask("export", report="clicks", **query).text
        assert [row.split(",")[0] for row in file.splitlines()[1:]] == expected
        series = ask("export", start_date="2027-01-15", **query).text.splitlines()[-1]
        assert series.split(",")[1] == str(len(expected))


def test_a_campaign_costs_one_query_and_tags_one_for_each_link(
    dynamodb: DynamoDBClient, ask: Analytics, links: list[Link], campaign: str
) -> None:
    meter = Meter(dynamodb)
    meter.watch(ask.dynamodb)
    costs = []
    for query in ({}, {"campaign_id": campaign}, {"tags": "y"}):
        meter.take()
        ask.data("devices", **query)
        costs.append(meter.take().calls["Query"])
    assert costs == [1, 1, 1 + 2]
