"""The questions of `/api/v1/analytics` that the public contract does not document."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.clicks import item
from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.model import OTHER, UTM, Dimension
from jmpy.formats import csv_file
from project.analytics import BOT, HUMAN, Analytics, Clicked
from project.tables import CLICKS
from tests.integration.short_urls import BASE_URL
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# The clock of the tests stands at 2027-01-15T08:00:00Z.
TODAY, YESTERDAY, LAST_MONTH = "2027-01-15T07:30Z", "2027-01-14T23:59Z", "2026-12-10T12:00Z"
UTM_CLICK = HUMAN | {Dimension.UTM_SOURCE: "newsletter", Dimension.UTM_MEDIUM: "email"}


def divided(clicks: int, bots: int = 0) -> dict[str, int]:
    return {"human_clicks": clicks - bots, "bot_clicks": bots}


def entry(value: str, clicks: int, unique: int, percentage: float, bots: int = 0) -> dict[str, Any]:
    return {
        "value": value,
        "clicks": clicks,
        "unique_clicks": unique,
        **divided(clicks, bots),
        "percentage": percentage,
    }


def test_overview(ask: Analytics, click: Clicked) -> None:
    link, other = ask.link(custom_alias="abc", name="N"), ask.link(custom_alias="xyz")
    click(link, TODAY, clicks=5, unique=3)
    click(link, YESTERDAY, clicks=2, unique=0, values=BOT)
    click(link, LAST_MONTH, clicks=4, unique=2)
    click(other, YESTERDAY, clicks=1, unique=1)
    expected = {
        "start_date": "2026-12-17",
        "end_date": "2027-01-15",
        "total_clicks": 7,
        "unique_clicks": 3,
        "human_clicks": 5,
        "bot_clicks": 2,
        "suspicious_clicks": 0,
        "today": {"clicks": 5, "unique_clicks": 3, **divided(5)},
        "previous": {
            "start_date": "2026-11-17",
            "end_date": "2026-12-16",
            "clicks": 4,
            "unique_clicks": 2,
            **divided(4),
            "change": 75.0,
        },
        "top_countries": [
            {
                "country": "Germany",
                "country_code": "DE",
                "region": None,
                "city": None,
                "clicks": 5,
                **divided(5),
                "percentage": 71.4,
            },
            {
                "country": "Unknown",
                "country_code": None,
                "region": None,
                "city": None,
                "clicks": 2,
                **divided(2, 2),
                "percentage": 28.6,
            },
        ],
        "top_referrers": [entry("google.de", 5, 3, 71.4), entry("direct", 2, 0, 28.6, bots=2)],
        "top_devices": [entry("desktop", 5, 3, 71.4), entry("bot", 2, 0, 28.6, bots=2)],
        "via": [entry("qr_code", 0, 0, 0.0), entry("link", 7, 3, 100.0, bots=2)],
    }
    assert ask.data("overview", "abc") == expected
    of_account = ask.data("overview")
    assert set(of_account) == {*expected, "top_links"}
    assert of_account["total_clicks"] == 8
    assert [top["short_code"] for top in of_account["top_links"]] == ["abc", "xyz"]
    assert of_account["top_links"] == ask.data("top-links")["links"]


def test_the_overview_of_a_range_compares_it_with_as_many_days_before(
    ask: Analytics, click: Clicked
) -> None:
    link = ask.link()
    click(link, TODAY, clicks=9)
    click(link, "2027-01-10T00:00Z", clicks=1)
    click(link, "2027-01-08T23:59Z", clicks=4)
    found = ask.data("overview", link.id, startDate="2027-01-09", endDate="2027-01-10")
    assert (found["total_clicks"], found["today"]["clicks"]) == (1, 9)
    previous = found["previous"]
    assert (previous["start_date"], previous["end_date"]) == ("2027-01-07", "2027-01-08")
    assert (previous["clicks"], previous["change"]) == (4, -75.0)
    nothing_before = ask.data("overview", link.id, startDate="2027-01-15")["previous"]
    assert (nothing_before["clicks"], nothing_before["change"]) == (0, None)


def test_no_clicks_are_answered_with_zeros(ask: Analytics) -> None:
    found = ask.data("overview")
    assert (found["total_clicks"], found["top_links"], found["top_countries"]) == (0, [], [])
    assert ask.data("devices") == {"total_clicks": 0, **divided(0), "devices": []}
    assert {point["clicks"] for point in ask.data("timeseries")["series"]} == {0}


def test_timeseries(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click(link, TODAY, clicks=5, unique=3)
    click(link, "2027-01-13T01:00Z", clicks=2, unique=2)
    click(ask.link(), TODAY, clicks=100, unique=1, shard=7)
    found = ask.data("timeseries", "abc", startDate="2027-01-13")
    assert found == {
        "group_by": "day",
        "timezone": "UTC",
        "total_clicks": 7,
        "unique_clicks": 5,
        **divided(7),
        "series": [
            {"start": "2027-01-13", "clicks": 2, "unique_clicks": 2, **divided(2)},
            {"start": "2027-01-14", "clicks": 0, "unique_clicks": 0, **divided(0)},
            {"start": "2027-01-15", "clicks": 5, "unique_clicks": 3, **divided(5)},
        ],
    }
    of_account = ask.data("timeseries")
    assert len(of_account["series"]) == 30
    newest = {"start": "2027-01-15", "clicks": 105, "unique_clicks": 4, **divided(105)}
    assert of_account["series"][-1] == newest


def test_timeseries_in_a_time_zone(ask: Analytics, click: Clicked) -> None:
    link = ask.link()
    click(link, "2027-01-13T22:59Z", clicks=1)  # 23:59 in Berlin
    click(link, "2027-01-13T23:00Z", clicks=2)
    click(link, "2027-01-14T23:00Z", clicks=4)
    query = {"startDate": "2027-01-13", "endDate": "2027-01-14", "timezone": "Europe/Berlin"}
    found = ask.data("timeseries", link.id, **query)
    assert [point["clicks"] for point in found["series"]] == [1, 2]
    assert (found["timezone"], found["total_clicks"]) == ("Europe/Berlin", 3)
    by_hour = ask.data("timeseries", groupBy="hour", **query)
    assert (by_hour["group_by"], len(by_hour["series"])) == ("hour", 48)
    assert by_hour["series"][23:25] == [
        {"start": "2027-01-13T23:00:00+01:00", "clicks": 1, "unique_clicks": 1, **divided(1)},
        {"start": "2027-01-14T00:00:00+01:00", "clicks": 2, "unique_clicks": 1, **divided(2)},
    ]
    in_utc = ask.data("timeseries", groupBy="hour", startDate="2027-01-13T22:00Z")["series"]
    first = {"start": "2027-01-13T22:00:00Z", "clicks": 1, "unique_clicks": 1, **divided(1)}
    assert in_utc[0] == first
    assert in_utc[-1]["start"] == "2027-01-15T08:00:00Z"


def test_devices_browsers_and_systems(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click(link, TODAY, clicks=3, unique=2)
    click(link, YESTERDAY, clicks=1, unique=1, values=BOT | {Dimension.BROWSER: "Bot"})
    click(link, LAST_MONTH, clicks=50)
    for reference in ("abc", None):
        assert ask.data("devices", reference) == {
            "total_clicks": 4,
            **divided(4, 1),
            "devices": [entry("desktop", 3, 2, 75.0), entry("bot", 1, 1, 25.0, bots=1)],
        }
        assert ask.data("browsers", reference) == {
            "total_clicks": 4,
            **divided(4, 1),
            "browsers": [entry("Firefox", 3, 2, 75.0), entry("Bot", 1, 1, 25.0, bots=1)],
            "operating_systems": [entry("Linux", 4, 3, 100.0, bots=1)],
        }


def test_utm(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click(link, TODAY, clicks=3, unique=1)
    click(link, TODAY, clicks=1, unique=1, values=UTM_CLICK)
    for reference in ("abc", None):
        assert ask.data("utm", reference) == {
            "total_clicks": 4,
            **divided(4),
            **{name.value: [] for name in UTM},
            "utm_source": [entry("newsletter", 1, 1, 25.0)],
            "utm_medium": [entry("email", 1, 1, 25.0)],
        }


def test_top_links(ask: Analytics, click: Clicked) -> None:
    one, two, gone = ask.link(custom_alias="one", name="One"), ask.link(), ask.link()
    click(one, TODAY, clicks=2, unique=1)
    click(two, YESTERDAY, clicks=1)
    click(two, LAST_MONTH, clicks=10)
    click(gone, TODAY, clicks=17, unique=5)
    SomebodysLinks(ask.app.resource.links._store).remove("a", gone.id)
    first, second = ask.data("top-links")["links"]
    assert first == {
        "id": one.id,
        "short_code": "one",
        "short_url": f"{BASE_URL}/one",
        "name": "One",
        "original_url": "https://example.com/",
        "clicks": 2,
        "unique_clicks": 1,
        **divided(2),
        "percentage": 10.0,
    }
    assert (second["id"], second["clicks"], second["name"]) == (two.id, 1, None)
    assert [link["id"] for link in ask.data("top-links", limit="1")["links"]] == [one.id]
    (top,) = ask.data("top-links", startDate="2026-12-10", endDate="2026-12-10")["links"]
    assert (top["id"], top["clicks"]) == (two.id, 10)


def test_links_that_a_counter_has_no_room_for_are_no_link(
    ask: Analytics, dynamodb: DynamoDBClient
) -> None:
    link = ask.link()
    counts = Counts(Tally(10, 0), {Dimension.LINK: {OTHER: Tally(9, 0), link.id: Tally(1, 0)}})
    key = {"pk": {"S": "account#a"}, "sk": {"S": "day#2027-01-15#00"}}
    dynamodb.put_item(TableName=CLICKS, Item={**key, **item.from_counts(counts)})
    assert [link["clicks"] for link in ask.data("top-links")["links"]] == [1]


def test_links_behind_many_that_were_deleted_are_found(
    ask: Analytics, dynamodb: DynamoDBClient
) -> None:
    link, gone = ask.link(), {f"gone-{number}": Tally(5, 0) for number in range(250)}
    counts = Counts(Tally(1251, 0), {Dimension.LINK: {**gone, link.id: Tally(1, 0)}})
    key = {"pk": {"S": "account#a"}, "sk": {"S": "day#2027-01-15#00"}}
    dynamodb.put_item(TableName=CLICKS, Item={**key, **item.from_counts(counts)})
    assert [found["id"] for found in ask.data("top-links")["links"]] == [link.id]


def test_export(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click.keep(link, TODAY, "1")
    response = ask("export", "abc", startDate="2027-01-14")
    assert (response.status, response.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert response.headers["content-disposition"] == 'attachment; filename="timeseries-abc.csv"'
    assert "x-truncated" not in response.headers
    header = "start,clicks,unique_clicks,human_clicks,bot_clicks"
    assert response.text == f"{header}\r\n2027-01-14,0,0,0,0\r\n2027-01-15,1,1,1,0\r\n"
    by_hour = ask("export", startDate="2027-01-15", groupBy="hour", timezone="Asia/Tokyo").text
    assert "\r\n2027-01-15T16:00:00+09:00,1,1,1,0\r\n" in by_hour


@pytest.mark.parametrize("reference", ["abc", None])
def test_export_of_clicks(ask: Analytics, click: Clicked, reference: str | None) -> None:
    link = ask.link(custom_alias="abc")
    evil = HUMAN | {Dimension.REFERRER: "=cmd|' /C calc'!A0"}
    click.keep(link, TODAY, "2", evil)
    click.keep(link, YESTERDAY, "1")
    response = ask("export", reference, report="clicks")
    name = f"clicks-{reference or 'all'}.csv"
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    found = list(csv.DictReader(io.StringIO(response.text, newline="")))
    assert [row["id"] for row in found] == ["2", "1"]
    assert found[0]["referrer"] == "'=cmd|' /C calc'!A0"
    assert found[0]["short_url"].endswith("/live/abc")
    assert found[1] == {
        "id": "1",
        "short_code": "abc",
        "short_url": found[0]["short_url"],
        "original_url": "https://example.com/",
        "clicked_at": "2027-01-14T23:59:00Z",
        "user_agent": "Agent/1",
        "referrer": "google.de",
        "country": "Germany",
        "device_type": "desktop",
        "browser": "Firefox",
        "os": "Linux",
        "is_bot": "false",
        "agent_kind": "human",
        "qr_code_id": "",
        "campaign_id": "",
        "campaign_name": "",
    }


def test_an_export_that_had_to_end_says_so(
    ask: Analytics, click: Clicked, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = ask.link()
    click.keep(link, TODAY, "2")
    click.keep(link, YESTERDAY, "1")
    monkeypatch.setattr(csv_file, "MAX_ROWS", 2)
    assert "x-truncated" not in ask("export", report="clicks").headers
    monkeypatch.setattr(csv_file, "MAX_ROWS", 1)
    response = ask("export", report="clicks")
    assert response.headers["x-truncated"] == "true"
    assert [row["id"] for row in csv.DictReader(io.StringIO(response.text))] == ["2"]
