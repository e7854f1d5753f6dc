"""The requests of an account: each once, whatever comes twice, fails, or happens at once."""

from __future__ import annotations

import base64
import gzip
import json
import random
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jmpy.activity import access_log
from jmpy.activity.log import (
    AccessLog,
    AccessLogWriter,
    Filter,
    account_subject,
    key_subject,
)
from tests.integration import functions
from tests.integration.conftest import ACTIVITY
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.activity.access_log import Request

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


def requests(count: int, **changes: Any) -> list[Request]:
    return access_log.read(lines(count, **changes))


@pytest.fixture
def log(dynamodb: DynamoDBClient) -> AccessLog:
    return AccessLog(dynamodb, ACTIVITY)


@pytest.fixture
def writer(dynamodb: DynamoDBClient) -> AccessLogWriter:
    return AccessLogWriter(dynamodb, ACTIVITY, kept=30)


def everything(log: AccessLog, **wanted: Any) -> list[Request]:
    return list(log.all("acme", Filter(**wanted), 10_000))


def test_every_request_is_listed_the_latest_first(log: AccessLog, writer: AccessLogWriter) -> None:
    sent = requests(100)
    writer.record(sent)
    assert everything(log) == sent[::-1]
    assert list(log.all("another", Filter(), 10)) == []


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


@pytest.mark.parametrize("wanted", [Filter(), Filter(key_id="key-1")])
def test_pages_end_where_the_next_begins(
    log: AccessLog, writer: AccessLogWriter, wanted: Filter
) -> None:
    writer.record(requests(23))
    found: list[Request] = []
    cursor: str | None = None
    while True:
        page = log.page("acme", wanted, 5, cursor)
        assert len(page.requests) <= 5
        found += page.requests
        cursor = page.cursor
        if cursor is None:
            break
    assert found == list(log.all("acme", wanted, 100))


def test_what_is_kept_goes_after_its_days(
    dynamodb: DynamoDBClient, log: AccessLog, writer: AccessLogWriter
) -> None:
    writer.record(requests(1))
    days = {
        item["sk"]["S"][:5]: (int(item["expires_ttl"]["N"]) - AT) // 86400
        for item in dynamodb.scan(TableName=ACTIVITY)["Items"]
    }
    assert days == {"18000": 30, "usage": 90}


def packed(messages: list[str]) -> dict[str, Any]:
    events = [{"id": str(n), "timestamp": AT, "message": text} for n, text in enumerate(messages)]
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": "access",
        "logStream": "s",
        "subscriptionFilters": ["f"],
        "logEvents": events,
    }
    text = base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()
    return {"awslogs": {"data": text}}


def test_the_function_reads_what_cloudwatch_logs_sends(log: AccessLog) -> None:
    app = functions.load("activity")
    app.handler(packed(lines(5)), functions.LambdaContext())
    assert everything(log) == requests(5)[::-1]


def test_a_batch_that_failed_is_all_there_once_the_table_recovers(
    dynamodb: DynamoDBClient, log: AccessLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some of it was written before the fault; Lambda then puts the event into the queue."""
    app = functions.load("activity")
    whole = app._dynamodb.transact_write_items
    calls: list[int] = []

    def fail_from_the_second(**request: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            error: Any = {"Error": {"Code": "InternalServerError", "Message": "injected"}}
            raise ClientError(error, "TransactWriteItems")
        return whole(**request)

    event = packed(lines(100))
    with monkeypatch.context() as fault:
        fault.setattr(app._dynamodb, "transact_write_items", fail_from_the_second)
        with pytest.raises(ClientError):
            app.handler(event, functions.LambdaContext())
        waiting = {"version": "1.0", "requestPayload": event}
        record = {"messageId": "m-1", "body": json.dumps(waiting), "eventSource": "aws:sqs"}
        answer = app.handler({"Records": [record]}, functions.LambdaContext())
        assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    answer = app.handler({"Records": [record]}, functions.LambdaContext())
    assert answer == {"batchItemFailures": []}
    assert everything(log) == requests(100)[::-1]
    assert sum(log.usage(key_subject(f"key-{n}"), DAY, DAY)[0].total for n in range(3)) == 100
