"""What `/api/v1/analytics` refuses, and how it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.analytics.selection import MAX_LINKS
from jmpy.limits.plan import LimitClass
from project import functions
from project.analytics import PATH, Analytics
from project.tables import USAGE
from tests.integration.short_urls import errors_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


OF_LINKS = (
    "click-details",
    "analytics",
    "geographic",
    "traffic-quality",
    "overview",
    "timeseries",
    "devices",
    "browsers",
    "utm",
    "export",
)
RANGED = ("overview", "timeseries", "devices", "browsers", "utm", "top-links", "export")


def test_every_operation_needs_the_permission_and_counts_as_analytics(ask: Analytics) -> None:
    operations = ask.app.resource.operations
    assert {one.access_policy.limit for one in operations.values()} == {LimitClass.ANALYTICS}
    assert {one.access_policy.permission for one in operations.values()} == {"analytics"}
    of_links = {path.split("/")[4] for _, path in operations if path.endswith("<id>")}
    assert of_links == set(OF_LINKS)


def test_a_key_without_the_permission_is_refused_and_nothing_is_counted(
    ask: Analytics, dynamodb: DynamoDBClient
) -> None:
    response = ask("overview", permissions="read write delete")
    assert (response.status, response.code) == (403, "FORBIDDEN")
    assert dynamodb.scan(TableName=USAGE)["Items"] == []


@pytest.mark.parametrize("question", OF_LINKS)
def test_a_link_is_found_by_id_code_and_alias_and_only_by_its_account(
    ask: Analytics, question: str
) -> None:
    mine, others = ask.link(custom_alias="mine"), ask.link(account="b", custom_alias="others")
    for reference in (mine.id, "mine"):
        assert ask(question, reference).status == 200
    for reference in (others.id, "others", "no-such-link", "a" * 300):
        response = ask(question, reference)
        assert (response.status, response.code) == (404, "NOT_FOUND")


@pytest.mark.parametrize("question", RANGED)
@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        (
            {"startDate": "2027-01-02", "endDate": "2027-01-01"},
            "end_date",
            "is before start_date (2027-01-02)",
        ),
        ({"start_date": "2025-01-01"}, "start_date", "At most 366 days"),
        ({"startDate": "soon"}, "start_date", "ISO 8601"),
        ({"endDate": "2027-01-01T00:00:00+99:00"}, "end_date", "ISO 8601"),
        ({"endDate": "0001-01-01T00:00:00+14:00"}, "end_date", "The year must be"),
    ],
)
def test_a_range_that_is_wrong(
    ask: Analytics, question: str, query: dict[str, str], field: str, reason: str
) -> None:
    response = ask(question, **query)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    assert reason in errors_of(response)[field]


@pytest.mark.parametrize(
    ("question", "query", "field", "reason"),
    [
        ("click-details", {"limit": "0"}, "limit", "at least"),
        ("click-details", {"limit": "1001"}, "limit", "1000"),
        ("click-details", {"offset": "-1"}, "offset", "at least"),
        ("click-details", {"offset": "10001"}, "offset", "report=clicks"),
        ("click-details", {"offset": "9" * 5000}, "offset", ""),
        ("recent", {"limit": "101"}, "limit", "100"),
        ("top-links", {"limit": "0"}, "limit", "at least"),
        ("referrers", {"days": "0"}, "days", "at least"),
        ("referrers", {"days": "366"}, "days", "365"),
        ("referrers", {"dateRange": "last_7_days"}, "date_range", "'7d'"),
        ("referrers", {"dateRange": "custom"}, "start_date", "needs start_date"),
        ("referrers", {"dateRange": "custom", "startDate": "2027-01-01"}, "end_date", "needs"),
        ("referrers", {"startDate": "2027-01-01"}, "start_date", "date_range=custom"),
        ("user-traffic-sources", {"dateRange": "7d"}, "date_range", "'last_7_days'"),
        ("user-traffic-sources", {"urlType": "short"}, "url_type", "'branded'"),
        ("user-traffic-sources", {"dateRange": "custom"}, "start_date", "needs start_date"),
        ("user-traffic-sources", {"campaignId": "x" * 101}, "campaign_id", "100"),
        ("user-traffic-sources", {"tags": "x" * 1001}, "tags", "1000"),
        ("timeseries", {"groupBy": "week"}, "group_by", "'day' or 'hour'"),
        ("timeseries", {"timezone": "Mars/Olympus"}, "timezone", "IANA name"),
        ("timeseries", {"timezone": "../../etc/passwd"}, "timezone", "IANA name"),
        ("timeseries", {"timezone": "x" * 65}, "timezone", "64"),
        ("timeseries", {"groupBy": "hour", "startDate": "2026-12-01"}, "start_date", "31 days"),
        (
            "timeseries",
            {"groupBy": "hour", "startDate": "2026-09-01", "endDate": "2026-09-02"},
            "start_date",
            "90 days",
        ),
        (
            "timeseries",
            {"timezone": "Asia/Tokyo", "startDate": "2026-10-17"},
            "start_date",
            "Days of a time zone other than UTC go back 90 days",
        ),
        ("export", {"report": "links"}, "report", "'clicks'"),
        ("export", {"report": "clicks", "endDate": "2027-01-01"}, "end_date", "timeseries"),
    ],
)
def test_a_parameter_that_is_wrong(
    ask: Analytics, question: str, query: dict[str, str], field: str, reason: str
) -> None:
    response = ask(question, **query)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    assert reason in errors_of(response)[field]


def test_a_parameter_that_there_is_not(ask: Analytics) -> None:
    response = ask("overview", groupBy="day")
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    assert "end_date, start_date" in response.body["error"]["message"]


def test_tags_that_too_many_links_have(ask: Analytics) -> None:
    for _ in range(MAX_LINKS):
        ask.link(tags=("x",))
    assert ask("user-traffic-sources", tags="x").status == 200
    ask.link(tags=("x",))
    response = ask("user-traffic-sources", tags="x")
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    assert errors_of(response) == {
        "tags": "More than 100 links match; choose tags with fewer links"
    }


def test_url_clicks_is_not_served(ask: Analytics) -> None:
    response = functions.call(
        ask.app.handler,
        functions.event(
            "GET", f"{PATH}/url-clicks", authorizer=functions.authorizer_context("analytics")
        ),
    )
    assert (response.status, response.code) == (404, "NOT_FOUND")
