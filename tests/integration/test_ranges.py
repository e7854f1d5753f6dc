"""A range that ends before it begins, and a page that begins outside its range, are the client's
mistakes on every operation and command: never a fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jmpy.activity.request_store import RequestFilter
from jmpy.audit.store import EntryFilter
from jmpy.formats.time_range import ReversedRange
from jmpy.links.listing import Filter as LinkFilter
from project import functions
from project.template import PROJECT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

DOCUMENT = json.loads((PROJECT / "functions/docs/openapi.json").read_text())
START, END = "2026-11-20T00:00:00Z", "2026-11-10T00:00:00Z"


def takes(operation: functions.Operation, name: str) -> bool:
    described = DOCUMENT["paths"][operation.path][operation.method.lower()]
    return name in {parameter["name"] for parameter in described["parameters"]}


def each(*names: str) -> pytest.MarkDecorator:
    """Operations that take all of these parameters."""
    return pytest.mark.parametrize(
        "operation",
        [
            operation
            for operation in functions.operations()
            if all(takes(operation, name) for name in names)
        ],
        ids=lambda operation: f"{operation.method} {operation.path}",
    )


def ask(operation: functions.Operation, **query: str) -> Response:
    return functions.respond(operation, functions.event_for(operation, query=query))


@each("start_date", "end_date")
def test_a_reversed_range_is_a_mistake_that_names_both_ends(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    if takes(operation, "date_range"):
        response = ask(operation, date_range="custom", start_date=START[:10], end_date=END[:10])
    elif operation.path.startswith("/api/v1/analytics"):
        response = ask(operation, start_date=START[:10], end_date=END[:10])
    else:
        response = ask(operation, start_date=START, end_date=END)
    if operation.path.endswith("{id}"):
        assert response.status in (400, 404)
        return
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    message = str(response.body["error"])
    assert START[:10] in message
    assert END[:10] in message


@each("cursor", "end_date")
def test_a_cursor_outside_the_range_is_a_mistake(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    cursor = "2026-11-15T00:00:00.000Z." + "0" * 36
    response = ask(operation, cursor=cursor, end_date=END)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "reversed_range",
    [
        lambda: RequestFilter(start=2, end=1),
        lambda: EntryFilter(start=2, end=1),
        lambda: LinkFilter(created_from=2, created_until=1),
    ],
)
def test_no_filter_is_of_a_reversed_range(reversed_range: object) -> None:
    assert callable(reversed_range)
    with pytest.raises(ReversedRange, match="1970-01-01T00:00:02Z, is after the end"):
        reversed_range()
