"""The lines that CloudWatch makes metrics of, as the functions write them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from jmpy import metrics
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.metrics import DIMENSIONS, NAMESPACE, Dimension, Metric
from jmpy.notices.service import NoticesFailed
from project import functions
from project.clicks import click
from project.tables import CLICKS_QUEUE, CLICKS_QUEUE_URL, LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.short_urls import Client

Counted = list[tuple[str, float, dict[str, str]]]
"""Metric, value, and dimensions but for the stack's."""

URL = "https://example.com/"


@pytest.fixture(autouse=True)
def _stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "stack-1")


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> LinkService:
    return LinkService(LinkStore(dynamodb, LINKS))


def counted(capsys: pytest.CaptureFixture[str]) -> Counted:
    """Checks each line against the format, too."""
    found: Counted = []
    for line in capsys.readouterr().out.splitlines():
        entry: dict[str, Any] = json.loads(line) if line.startswith("{") else {}
        if "_aws" not in entry:
            continue
        assert isinstance(entry["_aws"]["Timestamp"], int)
        (directive,) = entry["_aws"]["CloudWatchMetrics"]
        (metric,) = directive["Metrics"]
        (dimensions,) = directive["Dimensions"]
        assert (directive["Namespace"], metric["Unit"]) == (NAMESPACE, "Count")
        assert set(dimensions) == {"service", *DIMENSIONS[Metric(metric["Name"])]}
        # Nothing beyond what is counted: no account, no address, no path.
        assert set(entry) == {"_aws", metric["Name"], *dimensions}
        assert entry["service"] == "stack-1"
        by = {name: entry[name] for name in dimensions if name != "service"}
        (value,) = entry[metric["Name"]]
        found.append((metric["Name"], value, by))
    return found


def follow(path: str, **sent: Any) -> functions.Response:
    parameters = {"proxy": path}
    event = functions.event("GET", f"/{path}", resource="/{proxy+}", parameters=parameters, **sent)
    return functions.call(functions.load("redirect").handler, event)


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, "followed"),
        ({"disabled": True}, "gone"),
        ({"password": "correct horse"}, "password"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_visit_is_counted_by_how_it_ended(
    links: LinkService,
    capsys: pytest.CaptureFixture[str],
    fields: dict[str, Any],
    outcome: str,
    accept: str,
) -> None:
    link = links.create("a", NewLink(URL, **fields))
    follow(link.short_code, headers={"accept": accept})
    assert counted(capsys) == [("Redirects", 1, {"Outcome": outcome})]


def test_a_visit_that_finds_nothing_or_a_fault_is_counted(
    dynamodb: DynamoDBClient, capsys: pytest.CaptureFixture[str]
) -> None:
    follow("nope")
    assert counted(capsys) == [("Redirects", 1, {"Outcome": "not found"})]
    dynamodb.delete_table(TableName=LINKS)
    assert follow("nope").status == 503
    assert counted(capsys) == [("Redirects", 1, {"Outcome": "fault"})]


def test_a_click_that_was_not_queued_is_counted(
    links: LinkService, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = CLICKS_QUEUE_URL.replace(CLICKS_QUEUE, "gone")
    monkeypatch.setenv("CLICKS_QUEUE_URL", gone)
    assert follow(links.create("a", NewLink(URL)).short_code).status == 301
    assert counted(capsys) == [
        ("ClicksNotQueued", 1, {}),
        ("Redirects", 1, {"Outcome": "followed"}),
    ]


class Context(functions.LambdaContext):
    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def message(number: int, body: str) -> dict[str, Any]:
    return {"messageId": str(number), "body": body, "eventSource": "aws:sqs"}


def test_clicks_are_counted_and_so_are_those_that_come_again(
    links: LinkService, capsys: pytest.CaptureFixture[str]
) -> None:
    link = links.create("a", NewLink(URL))
    clicks = [json.dumps(asdict(click(number, link=link.id))) for number in range(3)]
    records = [message(number, body) for number, body in enumerate([*clicks, "no click"])]
    response = functions.load("clicks").handler({"Records": records}, Context())
    assert [item["itemIdentifier"] for item in response["batchItemFailures"]] == ["3"]
    assert counted(capsys) == [("ClicksCounted", 3, {}), ("ClicksReturned", 1, {})]


def test_a_throttled_request_is_counted_by_plan_and_limit(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = functions.authorizer_context() | {"plan": "free", "limits": "url_creation=1"}
    assert client("POST", body={"url": URL}, authorizer=caller).status == 201
    assert counted(capsys) == []
    assert client("POST", body={"url": URL}, authorizer=caller).status == 429
    rejected = {"Plan": "free", "Limit": "url_creation"}
    assert counted(capsys) == [("DailyLimitExceeded", 1, rejected)]


def test_a_request_over_the_budget_of_its_key_is_counted_apart(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = functions.authorizer_context() | {"budget": "key-1 url_creation=0"}
    assert client("POST", body={"url": URL}, authorizer=caller).status == 429
    assert counted(capsys) == [("KeyBudgetExceeded", 1, {"Limit": "url_creation"})]


@pytest.mark.parametrize("failed", [0, 2])
def test_notices_are_counted_whether_or_not_others_failed(
    dynamodb: DynamoDBClient,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    failed: int,
) -> None:
    monkeypatch.setenv("NOTICE_SENDER", "jmpy@example.com")
    monkeypatch.setenv("BASE_URL", "https://go.example.com")
    app = functions.load("notices")

    def send() -> int:
        if failed:
            raise NoticesFailed(failed, 3)
        return 3

    monkeypatch.setattr(app.notices, "send", send)
    if failed:
        with pytest.raises(NoticesFailed):
            app.handler({}, None)
    else:
        app.handler({}, None)
    assert counted(capsys) == [("NoticesSent", 3, {})]


def test_a_metric_without_its_dimensions_is_none() -> None:
    with pytest.raises(KeyError):
        metrics.count(Metric.REDIRECTS)
    with pytest.raises(KeyError):
        metrics.count(Metric.DAILY_LIMIT_EXCEEDED, by={Dimension.PLAN: "free"})
