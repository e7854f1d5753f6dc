"""The page of requests: what it shows, and to whom."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from jmpy.activity import access_log_line
from jmpy.activity.request_writer import AccessLogWriter
from jmpy.alerts.facts import KeyInUrl
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.store import AlertStore
from project.origins import SOMEBODY
from project.tables import ACTIVITY
from tests.cognito import SUBJECT
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

PATH = "/dashboard/activity"
NOW = int(time.time())


@pytest.fixture
def key(person: Browser, service: KeyService) -> ApiKey:
    return service.create(SUBJECT, "<Newsletter>", ["read"], by=SOMEBODY).record


@pytest.fixture
def used(dynamodb: DynamoDBClient, key: ApiKey) -> ApiKey:
    """Sixty requests of it, ten of them refused, and one of another key."""
    lines = [
        line(
            requestId=f"r-{number}",
            time=str((NOW - number) * 1000),
            accountId=SUBJECT,
            keyId=key.id if number else "key-gone",
            status="401" if number % 6 == 5 else "200",
            credential="-" if number % 6 == 5 else "query",
            reason="revoked" if number % 6 == 5 else "-",
            userAgent=f"agent-{number}",
        )
        for number in range(61)
    ]
    AccessLogWriter(dynamodb, ACTIVITY, 30).record(access_log_line.read(lines))
    return key


def agents(page: str) -> list[int]:
    return [int(number) for number in re.findall(r">agent-(\d+)<", page)]


def test_the_latest_requests_are_shown(person: Browser, used: ApiKey) -> None:
    page = person.get(PATH).text
    assert agents(page) == list(range(50))
    assert "61 in total, 10 errors" in page
    for shown in ("&lt;Newsletter&gt;", "the key is revoked", "in the URL", "192.0.2.1"):
        assert shown in page
    assert "<Newsletter>" not in page
    older = re.search(r'rel="next" href="([^"]*)"', page)
    assert older
    assert agents(person.get(older[1].removeprefix("/live")).text) == list(range(50, 61))


def test_requests_are_filtered_by_key_and_status(person: Browser, used: ApiKey) -> None:
    page = person.get(f"{PATH}?key={used.id}&status=401").text
    assert agents(page) == list(range(5, 61, 6))
    assert "60 in total" in page
    assert agents(person.get(f"{PATH}?key=key-gone").text) == [0]
    assert agents(person.get(f"{PATH}?status=nonsense&cursor=x").text) == list(range(50))


def test_the_chosen_requests_are_taken_as_csv(person: Browser, used: ApiKey) -> None:
    file = person.get(f"{PATH}/export?status=4xx")
    assert file.headers["content-type"].startswith("text/csv")
    assert "attachment" in file.headers["content-disposition"]
    assert len(file.text.splitlines()) == 1 + 10


def test_requests_that_share_a_row_say_how_many_they_are(
    person: Browser, dynamodb: DynamoDBClient, key: ApiKey
) -> None:
    minute = NOW - NOW % 60
    sent = [
        line(
            extendedRequestId=str(number), time=str((minute + number % 60) * 1000),
            accountId=SUBJECT, keyId=key.id, status="401", credential="-", reason="revoked",
        )
        for number in range(2011)
    ]  # fmt: skip
    AccessLogWriter(dynamodb, ACTIVITY, 30).record(access_log_line.read(sent))
    page = person.get(PATH).text
    assert page.count("the key is revoked") == 11
    assert page.count("one of 2,001 in the minute") == 1
    assert "2,011 in total, 2,011 errors" in page


def test_before_the_first_request_the_page_says_so(person: Browser, key: ApiKey) -> None:
    assert "No requests yet" in person.get(PATH).text
    assert "No matching requests" in person.get(f"{PATH}?status=5xx").text


def test_a_stranger_is_asked_to_sign_in(browser: Browser) -> None:
    for path in (PATH, f"{PATH}/export"):
        assert browser.get(path).status == 302


def test_open_alerts_are_pointed_at(person: Browser, dynamodb: DynamoDBClient, key: ApiKey) -> None:
    evidence = Evidence("192.0.2.1", "GET /api/v1/short-urls", 200)
    noticed = Alert(SUBJECT, key.id, NOW, KeyInUrl(), evidence)
    assert AlertStore(dynamodb, ACTIVITY).add(noticed)
    for path in (PATH, "/dashboard"):
        assert "1 open alert<" in person.get(path).text
    assert person.submit(f"/dashboard/alerts/{noticed.id}/dismiss", {}).status == 303
    assert "open alert" not in person.get(PATH).text
