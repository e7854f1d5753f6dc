"""A query parameter is rejected by every operation, and named, where its value would be a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from project import functions

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

each_operation = pytest.mark.parametrize(
    "operation",
    functions.operations(),
    ids=lambda operation: f"{operation.method} {operation.path}",
)


def response_to(operation: functions.Operation, query: str) -> Response:
    event = functions.event_for(operation)
    sent = parse_qs(query, keep_blank_values=True, errors="replace")
    event["multiValueQueryStringParameters"] = sent
    event["queryStringParameters"] = {name: values[-1] for name, values in sent.items()}
    return functions.respond(operation, event)


@each_operation
@pytest.mark.parametrize("query", ["limit=2&limit=3", "limit=&limit=3", "startDate=a&start_date=b"])
def test_one_that_was_sent_twice_is_rejected(
    dynamodb: DynamoDBClient, operation: functions.Operation, query: str
) -> None:
    response = response_to(operation, query)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    assert "was sent more than once" in response.body["error"]["message"]


@each_operation
@pytest.mark.parametrize("query", ["search=%FF", "caf%E9=1"])
def test_one_that_is_no_utf_8_is_rejected(
    dynamodb: DynamoDBClient, operation: functions.Operation, query: str
) -> None:
    response = response_to(operation, query)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    assert "is not percent-encoded UTF-8" in response.body["error"]["message"]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [("sortBy=clicks", "sort"), ("cursr=x", "cursor"), ("campain_id=x", "campaign_id")],
)
def test_one_that_is_misspelled_has_a_hint(dynamodb: DynamoDBClient, sent: str, meant: str) -> None:
    listing = next(
        operation
        for operation in functions.operations()
        if (operation.method, operation.path) == ("GET", "/api/v1/short-urls")
    )
    message = response_to(listing, sent).body["error"]["message"]
    assert f"did you mean {meant!r}? accepted: " in message
