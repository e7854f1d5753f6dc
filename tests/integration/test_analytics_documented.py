"""The documented questions of `/api/v1/analytics`, in the shapes of the public contract. Lists of
clicks are in `test_analytics_click_details.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.clicks.model import Dimension
from project.analytics import BOT, HUMAN, Analytics, Clicked
from tests.integration.campaigns import create_campaign

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# The clock of the tests stands at 2027-01-15T08:00:00Z.
TODAY, YESTERDAY, LAST_YEAR = "2027-01-15T07:30Z", "2027-01-14T23:59Z", "2026-02-01T12:00Z"
SUSPICIOUS = HUMAN | {Dimension.AGENT: "suspicious"}
MAIL = HUMAN | {Dimension.REFERRER: "mail.google.com", Dimension.SOURCE: "email"}
FRIEND = HUMAN | {Dimension.REFERRER: "friend.example", Dimension.SOURCE: "referral"}


def test_metrics(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click(link, TODAY, clicks=5, unique=3)
    click(link, YESTERDAY, clicks=2, unique=1)
    click(link, "2027-01-14T08:00Z", clicks=1, unique=0)
    click(link, LAST_YEAR, clicks=10, unique=10)
    response = ask("analytics", "abc")
    assert response.status == 200
    assert response.body == {
        "total_clicks": 18,
        "unique_clicks": 14,
        "human_clicks": 18,
        "bot_clicks": 0,
        "scans": 0,
        "new_visitors": 14,
        "returning_visitors": 4,
        "avg_session_duration": None,
        "active_days": 3,
        # Hours of last year are counted no longer, whether DynamoDB deleted them or not.
        "active_hours": 3,
        "filters": {"startDate": None, "endDate": None, "groupBy": "day", "bots": "include"},
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"startDate": "2027-01-14"}, (8, 2, 3)),
        ({"start_date": "2027-01-14T12:00Z", "end_date": "2027-01-14T13:00Z"}, (3, 1, 2)),
        ({"endDate": "2026-12-31"}, (10, 1, 0)),
        ({"startDate": "2027-01-14T12:00Z", "groupBy": "hour"}, (7, 2, 2)),
        ({"startDate": "2027-01-15", "groupBy": "hour"}, (5, 1, 1)),
    ],
)
def test_metrics_of_a_range(
    ask: Analytics, click: Clicked, query: dict[str, str], expected: tuple[int, int, int]
) -> None:
    link = ask.link()
    click(link, TODAY, clicks=5)
    click(link, YESTERDAY, clicks=2)
    click(link, "2027-01-14T08:00Z", clicks=1)
    click(link, LAST_YEAR, clicks=10)
    found = ask("analytics", link.id, **query).body
    assert (found["total_clicks"], found["active_days"], found["active_hours"]) == expected


def test_metrics_say_what_they_were_asked(ask: Analytics) -> None:
    link = ask.link()
    asked = {
        "startDate": "2027-01-01",
        "endDate": "2027-01-02T10:00:00+00:00",
        "groupBy": "hour",
        "bots": "exclude",
    }
    assert ask("analytics", link.id, **asked).body["filters"] == asked


def test_recent(ask: Analytics, dynamodb: DynamoDBClient) -> None:
    ask.link()
    link = ask.link(name="Newest", custom_alias="abc", tracking_enabled=False)
    dynamodb.update_item(
        TableName="links",
        Key={"pk": {"S": "account#a"}, "sk": {"S": f"link#{link.id}"}},
        UpdateExpression="SET last_clicked_at = :at ADD click_count :clicks, bot_count :bots",
        ExpressionAttributeValues={
            ":at": {"N": "1800000000"},
            ":clicks": {"N": "7"},
            ":bots": {"N": "3"},
        },
    )
    newest, other = ask.data("recent")
    assert newest == {
        "id": link.id,
        "short_code": "abc",
        "name": "Newest",
        "original_url": "https://example.com/",
        "click_count": 7,
        "stored_clicks": 7,
        "actual_clicks": 7,
        "human_clicks": 4,
        "bot_clicks": 3,
        "created_at": newest["created_at"],
        "last_clicked_at": "2027-01-15T08:00:00Z",
        "tracking_enabled": False,
    }
    assert newest["created_at"].endswith("Z")
    assert (other["last_clicked_at"], other["click_count"]) == (None, 0)
    assert [entry["id"] for entry in ask.data("recent", limit="1")] == [link.id]


def test_geographic(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click(link, TODAY, clicks=2)
    click(link, LAST_YEAR, clicks=1, values=BOT)
    known = {"country": "Germany", "country_code": "DE", "region": None, "city": None}
    unknown = {"country": "Unknown", "country_code": None, "region": None, "city": None}
    assert ask.data("geographic", "abc") == {
        "data": [
            {**known, "clicks": 2, "human_clicks": 2, "bot_clicks": 0, "percentage": 66.7},
            {**unknown, "clicks": 1, "human_clicks": 0, "bot_clicks": 1, "percentage": 33.3},
        ],
        "total_locations": 2,
        "total_clicks": 3,
        "human_clicks": 2,
        "bot_clicks": 1,
    }


def test_referrers(ask: Analytics, click: Clicked) -> None:
    link = ask.link()
    click(link, TODAY, clicks=6, unique=4)
    click(ask.link(), TODAY, clicks=3, unique=1, values=BOT, shard=9)
    click(link, YESTERDAY, clicks=2, unique=2, values=MAIL)
    click(link, YESTERDAY, clicks=1, unique=1, values=FRIEND)
    click(ask.link(account="b"), TODAY, clicks=100)
    assert ask.data("referrers") == {
        "total_clicks": 12,
        "human_clicks": 9,
        "bot_clicks": 3,
        "data": [
            {
                "referrer": "google.de",
                "source_category": "search",
                "clicks": 6,
                "human_clicks": 6,
                "bot_clicks": 0,
                "unique_visitors": 4,
                "percentage": 50.0,
            },
            {
                "referrer": "direct",
                "source_category": "direct",
                "clicks": 3,
                "human_clicks": 0,
                "bot_clicks": 3,
                "unique_visitors": 1,
                "percentage": 25.0,
            },
            {
                "referrer": "mail.google.com",
                "source_category": "email",
                "clicks": 2,
                "human_clicks": 2,
                "bot_clicks": 0,
                "unique_visitors": 2,
                "percentage": 16.7,
            },
            {
                "referrer": "friend.example",
                "source_category": "referral",
                "clicks": 1,
                "human_clicks": 1,
                "bot_clicks": 0,
                "unique_visitors": 1,
                "percentage": 8.3,
            },
        ],
        "traffic_sources": {"social": 0, "search": 6, "direct": 3, "other": 3},
        "category_totals": {"direct": 3, "search": 6, "social": 0, "email": 2, "referral": 1},
        "human_category_totals": {
            "direct": 0,
            "search": 6,
            "social": 0,
            "email": 2,
            "referral": 1,
        },
        "bot_category_totals": {"direct": 3, "search": 0, "social": 0, "email": 0, "referral": 0},
    }


@pytest.mark.parametrize(
    ("query", "clicks"),
    [
        ({}, 3),
        ({"days": "1"}, 1),
        ({"days": "2"}, 3),
        ({"days": "365"}, 13),
        ({"days": "1", "dateRange": "7d"}, 3),
        ({"dateRange": "1y"}, 13),
        ({"dateRange": "all_time"}, 113),
        ({"dateRange": "custom", "startDate": "2027-01-14", "endDate": "2027-01-14"}, 2),
        ({"date_range": "custom", "start_date": "2026-02-01", "end_date": "2026-02-28"}, 10),
    ],
)
def test_referrers_of_a_period(
    ask: Analytics, click: Clicked, query: dict[str, str], clicks: int
) -> None:
    link = ask.link()
    click(link, TODAY, clicks=1)
    click(link, YESTERDAY, clicks=2)
    click(link, LAST_YEAR, clicks=10)
    click(link, "2024-06-01T00:00Z", clicks=100)
    assert ask.data("referrers", **query)["traffic_sources"]["search"] == clicks


def test_user_traffic_sources(ask: Analytics, click: Clicked) -> None:
    link = ask.link()
    click(link, TODAY, clicks=3)
    click(link, LAST_YEAR, clicks=1, values=MAIL)
    rows = (
        ("Direct", 0, 0.0),
        ("Social", 0, 0.0),
        ("Referral", 0, 0.0),
        ("Email", 1, 25.0),
        ("Search", 3, 75.0),
    )
    expected = [
        {
            "source": source,
            "clicks": clicks,
            "human_clicks": clicks,
            "bot_clicks": 0,
            "percentage": percentage,
        }
        for source, clicks, percentage in rows
    ]
    assert ask.data("user-traffic-sources") == expected
    assert ask.data("user-traffic-sources", urlType="standard") == expected
    for custom_domain in ("branded", "subdomain"):
        found = ask.data("user-traffic-sources", urlType=custom_domain)
        assert {source["clicks"] for source in found} == {0}


@pytest.mark.parametrize(
    ("query", "clicks"),
    [
        ({"dateRange": "last_hour"}, 1),
        ({"dateRange": "last_24_hours"}, 3),
        ({"dateRange": "last_7_days"}, 7),
        ({"dateRange": "last_30_days"}, 7),
        ({"dateRange": "last_year"}, 15),
        ({"dateRange": "custom", "startDate": "2027-01-12", "endDate": "2027-01-14"}, 6),
    ],
)
def test_user_traffic_sources_of_a_period(
    ask: Analytics, click: Clicked, query: dict[str, str], clicks: int
) -> None:
    link = ask.link()
    times = (TODAY, YESTERDAY, "2027-01-12T00:00Z", LAST_YEAR, "2020-01-01T00:00Z")
    for number, at in enumerate(times):
        click(link, at, clicks=2**number)
    assert ask.data("user-traffic-sources", **query)[-1]["clicks"] == clicks


def test_user_traffic_sources_of_a_campaign_and_of_tags(ask: Analytics, click: Clicked) -> None:
    campaign = create_campaign(ask.dynamodb, "a")
    fields: list[dict[str, Any]] = [
        {"campaign_id": campaign, "tags": ("x", "y")},
        {"campaign_id": campaign},
        {"tags": ("y",)},
        {},
    ]
    for number, of_link in enumerate(fields):
        click(ask.link(**of_link), TODAY, clicks=10**number)

    def clicks(**query: str) -> int:
        found: int = ask.data("user-traffic-sources", **query)[-1]["clicks"]
        return found

    assert clicks() == 1111
    assert clicks(campaignId=campaign) == clicks(campaign_id=campaign.upper()) == 11
    assert clicks(tags="x") == 1
    assert clicks(tags=" y , z,") == 101
    assert clicks(campaignId=campaign, tags="y") == 1
    assert clicks(campaignId="no such campaign") == 0


def test_traffic_quality(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click(link, TODAY, clicks=6)
    click(link, TODAY, clicks=2, values=BOT)
    click(link, LAST_YEAR, clicks=1, values=SUSPICIOUS)
    response = ask("traffic-quality", "abc")
    assert response.status == 200
    assert response.body == {
        "human_clicks": 6,
        # Suspicious ones among them.
        "bot_clicks": 3,
        "bot_percentage": 33.3,
        "suspicious_clicks": 1,
        "traffic_health": "fair",
    }


def test_a_link_that_nobody_clicked_has_good_traffic(ask: Analytics) -> None:
    assert ask("traffic-quality", ask.link().id).body == {
        "human_clicks": 0,
        "bot_clicks": 0,
        "bot_percentage": 0.0,
        "suspicious_clicks": 0,
        "traffic_health": "good",
    }
