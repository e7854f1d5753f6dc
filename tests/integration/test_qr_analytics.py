"""The resource `/api/v1/qranalytics`, through its function."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.analytics.click_list import SEARCHED, ClickList
from jmpy.campaigns.store import CampaignStore
from jmpy.clicks.model import Dimension
from jmpy.clicks.reader import ClickReader
from jmpy.links.store import LinkStore
from jmpy.qr.scans import RecentScans
from project import functions
from project.analytics import BOT, HUMAN, KEPT_DAYS, Clicked
from project.meter import Meter
from project.tables import CLICKS, LINKS
from tests.integration import short_urls
from tests.integration.campaigns import create_campaign
from tests.integration.qr_codes import Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clock import Clock
    from jmpy.links.model import Link
    from project.functions import Response

PATH = "/api/v1/qranalytics"

# The clock of the tests stands at 2027-01-15T08:00:00Z.
NOW, EARLIER, YESTERDAY = "2027-01-15T07:30:05Z", "2027-01-15T06:10Z", "2027-01-14T23:30Z"
PHONE = HUMAN | {
    Dimension.COUNTRY: "NZ",
    Dimension.REFERRER: "direct",
    Dimension.SOURCE: "direct",
    Dimension.DEVICE: "mobile",
    Dimension.BROWSER: "Mobile Safari",
    Dimension.OS: "iOS",
    Dimension.UTM_MEDIUM: "poster",
}


class QrAnalytics:
    """For account `a`, at a fixed time."""

    def __init__(self, clock: Clock) -> None:
        self.app = functions.load("qr_analytics")
        self.dynamodb: DynamoDBClient = self.app.dynamodb
        resource = self.app.resource
        resource.clock = clock
        reader, links = ClickReader(self.dynamodb, CLICKS), LinkStore(self.dynamodb, LINKS)
        clicks = ClickList(reader, resource.analytics, links, KEPT_DAYS)
        campaigns = CampaignStore(self.dynamodb, LINKS)
        resource.scans = RecentScans(clicks, resource.qr_codes, campaigns)

    def __call__(
        self, path: str, *, account: str = "a", body: Any = None, **query: str
    ) -> Response:
        is_recent = path == "recent"
        event = functions.event(
            "GET",
            f"{PATH}/{path}",
            resource=f"{PATH}/{path if is_recent else '{id}'}",
            parameters=None if is_recent else {"id": path},
            query=query,
            body=body,
            authorizer=functions.authorizer_context("analytics", account),
        )
        return functions.call(self.app.handler, event)

    def data(self, path: str, **sent: Any) -> Any:
        response = self(path, **sent)
        assert response.status == 200, response
        assert response.body["success"] is True
        return response.body["data"]


@pytest.fixture
def ask(dynamodb: DynamoDBClient, clock: Clock) -> QrAnalytics:
    return QrAnalytics(clock)


@pytest.fixture
def qr_codes(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def poster(qr_codes: Client) -> Any:
    return qr_codes.create(name="Poster", is_dynamic=True, tracking_enabled=True)


def link_of(qr_codes: Client, qr_code: Any) -> Link:
    link: Link = qr_codes.app.resource.creation._links.get("a", qr_code["short_url_id"])
    return link


def ids(scans: list[Any]) -> list[str]:
    return [scan["id"] for scan in scans]


def test_a_scan_is_listed_in_both_spellings(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, poster: Any
) -> None:
    click.keep(link_of(qr_codes, poster), NOW, "s", PHONE, qr_id=poster["id"])
    (scan,) = ask.data("recent", limit="20")
    assert scan == {
        "id": "s", "scan_id": "s",
        "qr_code_id": poster["id"], "qrId": poster["id"],
        "qr_code_name": "Poster", "content_type": "url", "qr_content": poster["content"],
        "scanned_at": NOW, "scannedAt": NOW, "is_unique": True, "isUnique": True,
        "is_bot": False, "agent_kind": "human", "campaign_id": None, "campaign_name": None,
        "country": "New Zealand", "country_code": "NZ",
        "region": None, "city": None, "timezone": None,
        "device_type": "mobile", "device_brand": None, "device_model": None,
        "browser": "Mobile Safari", "browser_version": None, "os": "iOS", "os_version": None,
        "traffic_source": "direct", "traffic_medium": "poster",
        "referrer": None, "referer": None, "referrer_domain": None,
    }  # fmt: skip


def test_a_scan_names_the_campaign_that_its_link_was_in(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, poster: Any, dynamodb: DynamoDBClient
) -> None:
    campaign_id = create_campaign(dynamodb, "a", "Autumn")
    link = replace(link_of(qr_codes, poster), campaign_id=campaign_id)
    click.keep(link, NOW, "s", qr_id=poster["id"])
    click.keep(replace(link, campaign_id="gone"), EARLIER, "t", qr_id=poster["id"])
    scans = ask.data("recent")
    assert [(scan["campaign_id"], scan["campaign_name"]) for scan in scans] == [
        (campaign_id, "Autumn"), ("gone", None),
    ]  # fmt: skip


def test_a_body_is_ignored_as_polling_clients_send_one(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, poster: Any
) -> None:
    click.keep(link_of(qr_codes, poster), NOW, "s", qr_id=poster["id"])
    (scan,) = ask.data("recent", body={"is_polling": True})
    assert (scan["referrer"], scan["referer"], scan["referrer_domain"]) == ("google.de",) * 3


def test_only_scans_are_listed_the_newest_first(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, poster: Any
) -> None:
    link = link_of(qr_codes, poster)
    for minute in range(10):
        click.keep(link, f"2027-01-15T07:{minute:02}Z", f"click {minute}")
        click.keep(link, f"2027-01-15T07:{minute:02}Z", f"scan {minute}", qr_id=poster["id"])
    click.keep(link, NOW, "bot", BOT, qr_id=poster["id"])
    assert ids(ask.data("recent", limit="3")) == ["bot", "scan 9", "scan 8"]
    assert ids(ask.data("recent", limit="2", bots="exclude")) == ["scan 9", "scan 8"]
    assert ids(ask.data("recent", bots="only")) == ["bot"]
    assert ask.data("recent", account="b") == []


def test_scans_of_a_campaign_or_of_tags_are_listed_alone(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, dynamodb: DynamoDBClient
) -> None:
    autumn, links = create_campaign(dynamodb, "a"), short_urls.Client()
    changes = ({"campaign_id": autumn, "tags": ["Sale"]}, {"campaign_id": autumn}, {"tags": ["y"]})
    for number, changed in enumerate(changes):
        code = qr_codes.create(is_dynamic=True, tracking_enabled=True)
        assert links("PATCH", code["short_url_id"], body=changed).status == 200
        link = link_of(qr_codes, code)
        click.keep(link, f"2027-01-15T07:{number:02}Z", f"scan {number}", qr_id=code["id"])
        click.keep(link, f"2027-01-15T07:{number:02}Z", f"click {number}")
    for query, numbers in (
        ({"campaignId": "autumn 2026"}, (1, 0)), ({"tags": "SALE,y"}, (2, 0)),
        ({"campaign_id": autumn, "tags": "sale"}, (0,)), ({"campaign_id": "none"}, ()),
        ({"campaign_id": autumn, "tags": "y"}, ()), ({"tags": "none"}, ()),
    ):  # fmt: skip
        assert ids(ask.data("recent", **query)) == [f"scan {number}" for number in numbers]


def test_scans_of_deleted_codes_do_not_take_the_place_of_others(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, poster: Any
) -> None:
    gone = qr_codes.create(is_dynamic=True)
    link = link_of(qr_codes, gone)
    for minute in range(30):
        click.keep(link, f"2027-01-15T07:{minute:02}Z", f"gone {minute}", qr_id=gone["id"])
    click.keep(link_of(qr_codes, poster), EARLIER, "s", qr_id=poster["id"])
    assert qr_codes("DELETE", gone["id"]).status == 200
    assert ids(ask.data("recent", limit="1")) == ["s"]


def test_without_scans_no_click_is_read(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, poster: Any, dynamodb: DynamoDBClient
) -> None:
    for minute in range(30):
        click.keep(link_of(qr_codes, poster), f"2027-01-15T07:{minute:02}Z", f"click {minute}")
    meter = Meter(dynamodb)
    meter.watch(ask.dynamodb)
    assert ask.data("recent") == []
    assert meter.take().calls == {"UpdateItem": 1, "Query": 1}


def test_so_many_clicks_are_searched_as_the_reference_says(ask: QrAnalytics) -> None:
    assert f"{SEARCHED:,}" in (type(ask.app.resource).list_recent_scans.__doc__ or "")


def test_the_scans_of_a_qr_code(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, poster: Any
) -> None:
    link = link_of(qr_codes, poster)
    click(link, NOW, clicks=5, unique=5)
    click(link, NOW, 3, 2, PHONE, qr_id=poster["id"])
    click(link, YESTERDAY, 1, 1, BOT, qr_id=poster["id"])
    found = ask.data(poster["id"], start_date="2027-01-14")
    counted = {"scans": 4, "unique_scans": 3, "human_scans": 3, "bot_scans": 1}
    assert {name: found[name] for name in counted} == counted
    assert [(point["start"], point["scans"]) for point in found["series"]] == [
        ("2027-01-14", 1), ("2027-01-15", 3),
    ]  # fmt: skip
    assert found["countries"] == [
        {"value": "New Zealand", "country_code": "NZ", "percentage": 75.0,
         "scans": 3, "unique_scans": 2, "human_scans": 3, "bot_scans": 0},
        {"value": "Unknown", "country_code": None, "percentage": 25.0,
         "scans": 1, "unique_scans": 1, "human_scans": 0, "bot_scans": 1},
    ]  # fmt: skip
    by_name = {
        name: [entry["value"] for entry in found[name]]
        for name in ("devices", "browsers", "operating_systems", "referrers")
    }
    assert by_name == {
        "devices": ["mobile", "bot"], "browsers": ["Mobile Safari", "Firefox"],
        "operating_systems": ["iOS", "Linux"], "referrers": ["direct"],
    }  # fmt: skip


def test_ranges_hours_time_zones_and_bots_are_those_of_analytics(
    ask: QrAnalytics, click: Clicked, qr_codes: Client, poster: Any
) -> None:
    link = link_of(qr_codes, poster)
    click(link, NOW, qr_id=poster["id"])
    click(link, YESTERDAY, 2, 1, BOT, qr_id=poster["id"])
    hours = ask.data(poster["id"], start_date="2027-01-15", groupBy="hour")
    assert hours["group_by"] == "hour"
    assert [point["scans"] for point in hours["series"]] == [0] * 7 + [1, 0]
    # 23:30 in Greenwich is the next day in Berlin.
    local = ask.data(poster["id"], start_date="2027-01-14", timezone="Europe/Berlin")
    assert (local["timezone"], local["scans"]) == ("Europe/Berlin", 3)
    assert [point["scans"] for point in local["series"]] == [0, 3]
    people = ask.data(poster["id"], bots="exclude")
    assert (people["scans"], len(people["series"]), people["devices"][0]["value"]) == (
        1, 30, "desktop",
    )  # fmt: skip
    assert ask(poster["id"], start_date="2027-02-01").status == 400


@pytest.mark.parametrize("account", ["a", "b"])
def test_a_code_that_the_account_does_not_have_is_not_found(
    ask: QrAnalytics, poster: Any, account: str
) -> None:
    reference = "019b7a30-0000-7000-8000-000000000001" if account == "a" else poster["id"]
    assert ask(reference, account=account).status == 404


def test_a_static_code_has_no_scans(ask: QrAnalytics, qr_codes: Client) -> None:
    found = ask.data(qr_codes.create()["id"])
    assert (found["scans"], found["countries"]) == (0, [])
