"""The analytics of a campaign, through its function."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.store import AuditLog
from jmpy.campaigns.changes import CampaignChanges, NewCampaign
from jmpy.campaigns.store import CampaignStore
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from project import functions
from project.analytics import BOT, HUMAN, Clicked
from project.meter import Meter
from project.origins import SOMEBODY
from project.tables import AUDIT, LINKS
from tests.integration.campaign_client import PATH, Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.model import Link
    from project.functions import Response
    from tests.integration.conftest import Clock

# The clock of the tests stands at 2027-01-15T08:00:00Z.
NOW, YESTERDAY = "2027-01-15T07:30:05Z", "2027-01-14T23:30Z"


class CampaignAnalytics:
    """Account `a` and its campaign `Été 2026`, two days after that was created."""

    def __init__(self, clock: Clock) -> None:
        self.client = Client()
        resource = self.client.app.resource
        resource.clock = clock
        self.dynamodb: DynamoDBClient = self.client.app.dynamodb
        self.links = LinkService(LinkStore(self.dynamodb, LINKS), clock)
        changes = CampaignChanges(
            CampaignStore(self.dynamodb, LINKS),
            AuditLog(self.dynamodb, AUDIT),
            lambda: clock.time - 2 * 86_400,
        )
        self.id = changes.create("a", NewCampaign(name="Été 2026"), by=SOMEBODY).id

    def link(self, campaign_id: str | None = None, **fields: Any) -> Link:
        new = NewLink("https://example.com/", campaign_id=campaign_id or self.id, **fields)
        return self.links.create("a", new)

    def __call__(
        self,
        reference: str = "",
        *,
        account: str = "a",
        permissions: str = "analytics",
        **query: str,
    ) -> Response:
        reference = reference or self.id
        return self.client.send(
            "GET",
            f"{PATH}/{reference}/analytics",
            resource=f"{PATH}/{{id}}/analytics",
            parameters={"id": reference},
            query=query,
            authorizer=functions.authorizer_context(permissions, account),
        )

    def data(self, reference: str = "", **query: str) -> Any:
        response = self(reference, **query)
        assert response.status == 200, response
        return response.body["data"]


@pytest.fixture
def ask(dynamodb: DynamoDBClient, clock: Clock) -> CampaignAnalytics:
    return CampaignAnalytics(clock)


@pytest.fixture
def click(dynamodb: DynamoDBClient) -> Clicked:
    return Clicked(dynamodb)


def test_every_figure_is_of_clicks_for_the_campaign(ask: CampaignAnalytics, click: Clicked) -> None:
    first, second = ask.link(name="First"), ask.link()
    outside = ask.links.create("a", NewLink("https://example.com/"))
    click(first, NOW, clicks=5, unique=3)
    click(second, YESTERDAY, 2, 1, BOT)
    click(second, NOW, 3, 2, HUMAN, shard=4, qr_id="q")
    click(outside, NOW, clicks=100)
    found = ask.data(range="7d")
    counted = {
        "total_clicks": 10, "unique_clicks": 6, "human_clicks": 8, "bot_clicks": 2, "scans": 3,
        "campaign_id": ask.id, "campaign_name": "Été 2026", "group_by": "day", "timezone": "UTC",
    }  # fmt: skip
    assert {name: found[name] for name in counted} == counted
    assert [point["clicks"] for point in found["series"]] == [0, 0, 0, 0, 0, 2, 8]
    by_name = {
        name: [(entry["value"], entry["clicks"]) for entry in found[name]]
        for name in ("via", "devices", "browsers", "operating_systems", "referrers")
    }
    assert by_name == {
        "via": [("qr_code", 3), ("link", 7)], "devices": [("desktop", 8), ("bot", 2)],
        "browsers": [("Firefox", 10)], "operating_systems": [("Linux", 10)],
        "referrers": [("google.de", 8), ("direct", 2)],
    }  # fmt: skip
    assert [(entry["country"], entry["clicks"]) for entry in found["countries"]] == [
        ("Germany", 8), ("Unknown", 2),
    ]  # fmt: skip
    top = [(link["short_code"], link["clicks"], link["name"]) for link in found["top_links"]]
    assert sorted(top) == sorted([
        (first.short_code, 5, "First"), (second.short_code, 5, None),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("query", "clicks"),
    [
        ({}, 11), ({"range": "all"}, 11), ({"range": "1y"}, 11), ({"range": "24h"}, 1),
        ({"range": "7d"}, 11), ({"bots": "only"}, 10), ({"range": "24h", "bots": "only"}, 0),
        ({"start_date": "2027-01-14", "end_date": "2027-01-14"}, 10),
        ({"endDate": "2027-01-14"}, 10), ({"startDate": "2027-01-15"}, 1),
    ],
)  # fmt: skip
def test_a_range_and_bots_select_clicks(
    ask: CampaignAnalytics, click: Clicked, query: dict[str, str], clicks: int
) -> None:
    link = ask.link()
    click(link, NOW)
    click(link, YESTERDAY, 10, 1, BOT)
    found = ask.data(**query)
    assert found["total_clicks"] == clicks
    assert sum(point["clicks"] for point in found["series"]) == clicks


def test_all_clicks_are_shown_from_the_day_on_which_the_campaign_was_created(
    ask: CampaignAnalytics,
) -> None:
    for query in ({}, {"range": "all"}):
        assert [point["start"] for point in ask.data(**query)["series"]] == [
            "2027-01-13", "2027-01-14", "2027-01-15",
        ]  # fmt: skip
    (before,) = ask.data(end_date="2027-01-01")["series"]
    assert (before["start"], before["clicks"]) == ("2027-01-01", 0)


def test_hours_are_those_of_the_range(ask: CampaignAnalytics, click: Clicked) -> None:
    click(ask.link(), NOW, clicks=3)
    found = ask.data(range="24h", groupBy="hour")
    assert found["group_by"] == "hour"
    assert [point["clicks"] for point in found["series"]] == [0] * 7 + [3, 0]
    assert [link["clicks"] for link in found["top_links"]] == [3]
    assert ask(range="1y", groupBy="hour").status == 400


def test_a_campaign_is_found_by_its_name(ask: CampaignAnalytics) -> None:
    assert ask.data("E%CC%81TE%CC%81%202026")["campaign_id"] == ask.id
    assert ask("Winter").status == 404
    assert ask(account="b").status == 404


def test_it_needs_the_permission_for_analytics(ask: CampaignAnalytics) -> None:
    assert ask(permissions="read write delete").status == 403


@pytest.mark.parametrize(
    "query",
    [
        {"range": "7d", "start_date": "2027-01-14"}, {"range": "2d"},
        {"start_date": "2027-02-01"}, {"start_date": "2025-01-01"}, {"bots": "some"},
    ],
)  # fmt: skip
def test_a_wrong_range_is_rejected(ask: CampaignAnalytics, query: dict[str, str]) -> None:
    assert ask(**query).status == 400


def test_it_costs_the_same_whatever_the_number_of_links(
    dynamodb: DynamoDBClient, ask: CampaignAnalytics, click: Clicked
) -> None:
    meter = Meter(dynamodb)
    meter.watch(ask.dynamodb)
    calls = []
    for _ in range(2):
        for _ in range(3):
            click(ask.link(), NOW)
        meter.take()
        ask.data()
        calls.append(meter.take().calls)
    assert calls[0] == calls[1] == Counter(UpdateItem=1, Query=1, BatchGetItem=2)
