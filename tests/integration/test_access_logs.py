"""`/api/v1/access-logs`, and the usage of a key, through their functions."""

from __future__ import annotations

import csv
import io
import time
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.activity import access_log_line
from jmpy.activity.request_writer import AccessLogWriter
from project import functions
from project.tables import ACTIVITY
from tests.integration.api_keys import Keys
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from project.functions import Response

PATH = "/api/v1/access-logs"
FIELDS = {
    "country",
    "id",
    "time",
    "key_id",
    "token_id",
    "credential",
    "method",
    "route",
    "status",
    "denial_reason",
    "latency_ms",
    "count",
    "ip_address",
    "user_agent",
}
NOW = int(time.time())


def ask(path: str = "", account: str = "acme", **query: Any) -> Response:
    sent = functions.event(
        "GET",
        f"{PATH}{path}",
        query={name: str(value) for name, value in query.items()} or None,
        authorizer=functions.session_context(account),
    )
    return functions.call(functions.load("access_logs").handler, sent)


@pytest.fixture
def sent(dynamodb: DynamoDBClient) -> list[str]:
    """The ids of twelve requests, the latest last; the third of each three with a revoked key."""
    lines = [
        line(
            requestId=f"r-{number}",
            time=str((NOW - 12 + number) * 1000),
            keyId=f"key-{number % 3}",
            status=("200", "429", "401")[number % 3],
            credential="-" if number % 3 == 2 else "bearer",
            reason="revoked" if number % 3 == 2 else "-",
            userAgent="=cmd()",
        )
        for number in range(12)
    ]
    AccessLogWriter(dynamodb, ACTIVITY, 30).record(access_log_line.read(lines))
    return [f"r-{number}" for number in range(12)]


def ids(response: Response) -> list[str]:
    assert response.status == 200, response
    return [request["id"] for request in response.body["data"]["requests"]]


def test_the_requests_are_listed_the_latest_first(sent: list[str]) -> None:
    response = ask()
    assert ids(response) == sent[::-1]
    latest = response.body["data"]["requests"][0]
    assert set(latest) == FIELDS
    assert latest["denial_reason"] == "revoked"
    assert latest["credential"] is None
    assert response.body["data"]["next_cursor"] is None


def test_a_cursor_leads_to_the_next_page(sent: list[str]) -> None:
    first = ask(limit=5)
    assert ids(first) == sent[:-6:-1]
    second = ask(limit=5, cursor=first.body["data"]["next_cursor"])
    third = ask(limit=5, cursor=second.body["data"]["next_cursor"])
    assert [*ids(first), *ids(second), *ids(third)] == sent[::-1]
    assert third.body["data"]["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"key_id": "key-1"}, [10, 7, 4, 1]),
        ({"status": "4xx"}, [11, 10, 8, 7, 5, 4, 2, 1]),
        ({"status": "429", "keyId": "key-1"}, [10, 7, 4, 1]),
        ({"status": "5xx"}, []),
    ],
)
def test_a_list_is_filtered(sent: list[str], query: dict[str, str], numbers: list[int]) -> None:
    assert ids(ask(**query)) == [f"r-{number}" for number in numbers]


def test_a_list_is_of_a_time(sent: list[str]) -> None:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW - 3))
    assert ids(ask(start_date=moment)) == sent[:-4:-1]
    assert ids(ask(end_date=moment)) == sent[9::-1]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "teapot"},
        {"status": "600"},
        {"cursor": "x"},
        {"cursor": "1800000000000#r-1"},
        {"limit": 0},
        {"limit": 101},
        {"start_date": "yesterday"},
        {"nonsense": 1},
    ],
)
def test_a_wrong_parameter_is_named(dynamodb: DynamoDBClient, query: dict[str, Any]) -> None:
    response = ask(**query)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


def test_nobody_sees_the_requests_of_others(sent: list[str]) -> None:
    assert ids(ask(account="another")) == []


def test_the_log_is_taken_as_csv(sent: list[str]) -> None:
    response = ask("/export", status="4xx")
    assert response.headers["content-type"].startswith("text/csv")
    assert response.headers["content-disposition"] == 'attachment; filename="access-log.csv"'
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert set(rows[0]) == FIELDS
    assert [row["id"] for row in rows] == [f"r-{n}" for n in (11, 10, 8, 7, 5, 4, 2, 1)]
    assert {row["user_agent"] for row in rows} == {"'=cmd()"}


def test_the_usage_of_a_key_is_by_route_and_day(dynamodb: DynamoDBClient, account: Account) -> None:
    keys = Keys()
    key_id = keys.create()["id"]
    lines = [
        line(requestId=f"r-{n}", time=str(int(time.time()) * 1000), keyId=key_id, status=status)
        for n, status in enumerate(("200", "200", "403"))
    ]
    AccessLogWriter(dynamodb, ACTIVITY, 30).record(access_log_line.read(lines))
    usage = keys.usage(key_id, days=7).body["data"]
    assert usage["requests"] == 3
    assert usage["routes"] == [{"route": "GET /api/v1/short-urls", "requests": 3, "failed": 1}]
    assert [day["requests"] for day in usage["days"]] == [0, 0, 0, 0, 0, 0, 3]
    assert usage["days"][-1]["statuses"] == {"200": 2, "403": 1}


def test_the_usage_of_anothers_key_is_not_found(dynamodb: DynamoDBClient, account: Account) -> None:
    keys = Keys()
    key_id = keys.create()["id"]
    assert keys.usage(key_id, account="another").status == 404
    assert keys.usage(key_id, days=91).status == 400
