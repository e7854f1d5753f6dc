"""The requests of an account: each once, whatever comes twice, fails, or happens at once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.activity import access_log_line
from jmpy.activity.item import account_subject, key_subject
from jmpy.activity.request_store import AccessLog, RequestFilter
from jmpy.activity.request_writer import AccessLogWriter
from project.tables import ACTIVITY
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.activity.access_log_line import LoggedRequest

AT = 1_800_000_000
DAY = date(2027, 1, 15)


def lines(count: int, **changes: Any) -> list[str]:
    """Requests a second apart, by three keys, of all kinds."""
    return [
        line(
            requestId=f"request-{number}",
            time=str((AT + number) * 1000),
            keyId=f"key-{number % 3}",
            method=("GET", "POST")[number % 2],
            status=("200", "201", "403", "429")[number % 4],
            **changes,
        )
        for number in range(count)
    ]


def requests(count: int, **changes: Any) -> list[LoggedRequest]:
    return access_log_line.read(lines(count, **changes))


@pytest.fixture
def log(dynamodb: DynamoDBClient) -> AccessLog:
    return AccessLog(dynamodb, ACTIVITY)


@pytest.fixture
def writer(dynamodb: DynamoDBClient) -> AccessLogWriter:
    return AccessLogWriter(dynamodb, ACTIVITY, retention=30)


def everything(log: AccessLog, **wanted: Any) -> list[LoggedRequest]:
    return list(log.all("acme", RequestFilter(**wanted), 10_000))


def test_every_request_is_listed_the_latest_first(log: AccessLog, writer: AccessLogWriter) -> None:
    sent = requests(100)
    writer.record(sent)
    assert everything(log) == sent[::-1]
    assert list(log.all("another", RequestFilter(), 10)) == []


def test_what_comes_twice_is_written_and_counted_once(
    log: AccessLog, writer: AccessLogWriter
) -> None:
    sent = requests(100)
    writer.record(sent[:60])
    again = [*sent, *sent[20:40]]
    random.Random(7).shuffle(again)
    writer.record(again)
    assert everything(log) == sent[::-1]
    for number in range(3):
        (usage,) = log.usage(key_subject(f"key-{number}"), DAY, DAY)
        assert usage.total == len([one for one in sent if one.key_id == f"key-{number}"])
    (usage,) = log.usage(account_subject("acme"), DAY, DAY)
    assert usage.total == len(sent)


def test_a_client_that_repeats_the_id_of_its_requests_hides_none(
    log: AccessLog, writer: AccessLogWriter
) -> None:
    """API Gateway lets clients choose `$context.requestId`."""
    sent = [replace(one, request_id="chosen") for one in requests(20)]
    writer.record(sent)
    assert len(everything(log)) == 20


def test_usage_is_by_route_status_and_day(log: AccessLog, writer: AccessLogWriter) -> None:
    writer.record(requests(12))
    before, usage = log.usage(key_subject("key-0"), date(2027, 1, 14), DAY)
    assert (before.total, usage.total) == (0, 4)
    assert usage.counts == {
        ("GET /api/v1/short-urls", 200): 1,
        ("GET /api/v1/short-urls", 403): 1,
        ("POST /api/v1/short-urls", 201): 1,
        ("POST /api/v1/short-urls", 429): 1,
    }


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"key_id": "key-1"}, [10, 7, 4, 1]),
        ({"status": range(400, 500)}, [11, 10, 7, 6, 3, 2]),
        ({"status": range(403, 404)}, [10, 6, 2]),
        ({"start": AT + 9}, [11, 10, 9]),
        ({"end": AT + 1}, [1, 0]),
        ({"key_id": "key-2", "start": AT + 3, "end": AT + 8}, [8, 5]),
        ({"key_id": "nobody"}, []),
    ],
)
def test_a_filter_leaves_out_what_does_not_match(
    log: AccessLog, writer: AccessLogWriter, wanted: dict[str, Any], numbers: list[int]
) -> None:
    writer.record(requests(12))
    assert [one.request_id for one in everything(log, **wanted)] == [
        f"request-{n}" for n in numbers
    ]


@pytest.mark.parametrize("wanted", [RequestFilter(), RequestFilter(key_id="key-1")])
def test_pages_end_where_the_next_begins(
    log: AccessLog, writer: AccessLogWriter, wanted: RequestFilter
) -> None:
    writer.record(requests(23))
    found: list[LoggedRequest] = []
    cursor: str | None = None
    while True:
        page = log.page("acme", wanted, 5, cursor)
        assert len(page.entries) <= 5
        found += page.entries
        cursor = page.cursor
        if cursor is None:
            break
    assert found == list(log.all("acme", wanted, 100))


def test_items_expire_after_their_days(
    dynamodb: DynamoDBClient, log: AccessLog, writer: AccessLogWriter
) -> None:
    writer.record(requests(1))
    days = {
        item["sk"]["S"][:5]: (int(item["expires_ttl"]["N"]) - AT) // 86400
        for item in dynamodb.scan(TableName=ACTIVITY)["Items"]
    }
    assert days == {"18000": 30, "usage": 90}


def denied(count: int, first: int = 0, **changes: Any) -> list[LoggedRequest]:
    """Of a key that was revoked, in one minute."""
    start = AT - AT % 60
    return access_log_line.read(
        line(
            extendedRequestId=f"{number}=",
            requestId=f"denied-{number}",
            time=str(start * 1000 + number),
            credential="-",
            reason="revoked",
            status="401",
            **changes,
        )
        for number in range(first, first + count)
    )


THROTTLED = {"credential": "bearer", "reason": "-", "status": "429", "error": "THROTTLED"}


def rows(dynamodb: DynamoDBClient) -> int:
    """Items that requests were listed by."""
    items = dynamodb.scan(TableName=ACTIVITY)["Items"]
    return len([item for item in items if item["pk"]["S"].startswith("log#")])


@pytest.mark.parametrize("changes", [{}, THROTTLED], ids=["ended", "throttled"])
def test_a_flood_of_requests_that_no_limit_holds_back_takes_a_few_rows_a_minute(
    dynamodb: DynamoDBClient, log: AccessLog, writer: AccessLogWriter, changes: dict[str, str]
) -> None:
    """400 refusals made 400 items."""
    sent = [replace(one, **_named(changes)) for one in denied(400)]
    for start in range(0, 400, 50):
        writer.record(sent[start : start + 50])
    listed = everything(log)
    assert rows(dynamodb) == len(listed) == 11
    assert [one.count for one in listed] == [390, *[1] * 10]
    assert listed[1:] == [replace(one, error="-") for one in sent[9::-1]]
    assert sum(one.count for one in listed) == 400
    for subject in (key_subject("key-1"), account_subject("acme")):
        (usage,) = log.usage(subject, DAY, DAY)
        assert usage.total == 400


def _named(changes: dict[str, str]) -> dict[str, Any]:
    return {name: int(value) if name == "status" else value for name, value in changes.items()}


def test_what_few_requests_of_an_ended_key_say_is_all_there(
    log: AccessLog, writer: AccessLogWriter
) -> None:
    sent = denied(10)
    for one in sent:
        writer.record([one])
    assert everything(log) == sent[::-1]


def test_every_key_and_every_minute_has_rows_of_its_own(
    log: AccessLog, writer: AccessLogWriter
) -> None:
    later = [replace(one, at_milliseconds=one.at_milliseconds + 60_000) for one in denied(20, 100)]
    writer.record([*denied(20), *denied(20, keyId="key-2"), *later])
    assert sorted(one.count for one in everything(log)) == sorted([1, 10] * 3 + [1] * 27)
    assert [one.count for one in everything(log, key_id="key-2")] == [10, *[1] * 10]


@pytest.mark.parametrize("seed", range(3))
def test_denied_requests_that_come_twice_count_once(
    dynamodb: DynamoDBClient, log: AccessLog, seed: int
) -> None:
    chance = random.Random(seed)
    sent = denied(90)
    batches = [sent[start : start + 15] for start in range(0, 90, 15)]
    delivered = [*batches, *chance.sample(batches, 4)]
    chance.shuffle(delivered)
    for batch in delivered:
        AccessLogWriter(dynamodb, ACTIVITY, 30).record(chance.sample(batch, len(batch)))
    assert sum(one.count for one in everything(log)) == 90
    assert log.usage(key_subject("key-1"), DAY, DAY)[0].total == 90


def test_of_two_batches_of_an_ended_key_at_once_both_count(
    dynamodb: DynamoDBClient, log: AccessLog, writer: AccessLogWriter
) -> None:
    other, once = AccessLogWriter(boto3.client("dynamodb"), ACTIVITY, 30), [1]

    def meanwhile(**_: Any) -> None:
        if once:
            once.pop()
            other.record(denied(30, 100))

    # After the first one read what there is, and before it writes.
    dynamodb.meta.events.register("before-call.dynamodb.TransactWriteItems", meanwhile)
    writer.record(denied(30))
    assert sum(one.count for one in everything(log)) == 60
    assert rows(dynamodb) == 11


def test_as_many_routes_as_a_client_chooses_fit_one_update(
    log: AccessLog, writer: AccessLogWriter
) -> None:
    sent = [replace(one, route=f"/api/v1/{number}") for number, one in enumerate(denied(1000))]
    writer.record(sent)
    (usage,) = log.usage(key_subject("key-1"), DAY, DAY)
    assert len(usage.counts) == usage.total == 1000
