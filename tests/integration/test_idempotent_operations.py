"""Every operation that creates something once for each `Idempotency-Key`, as the reference lists
them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from project import functions
from project.tables import LINKS
from project.template import PROJECT
from tests.integration import paths

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Operation, Response

REJECTING = ("/api/v1/bulk-urls/", "/api/v1/api-keys")
"""Paths of operations that reject the header: no response to them is stored."""

DOCUMENT = json.loads((PROJECT / "functions/docs/openapi.json").read_text())


def is_idempotent(operation: Operation) -> bool:
    described = DOCUMENT["paths"][operation.path][operation.method.lower()]
    headers = [one for one in described.get("parameters", ()) if one["name"] == "Idempotency-Key"]
    return bool(headers) and "minLength" in headers[0]["schema"]


OPERATIONS = [
    operation
    for operation in functions.operations()
    if is_idempotent(operation) and not operation.path.startswith(REJECTING)
]


def everything(client: DynamoDBClient) -> list[Any]:
    items = client.scan(TableName=LINKS)["Items"]
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def test_all_that_creates_links_and_what_they_belong_to_is_among_them() -> None:
    found = {operation.path.removeprefix("/api/v1/") for operation in OPERATIONS}
    assert found >= {"short-urls", "qr-codes/generate", "campaigns"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_a_retried_request_gets_the_first_response_and_changes_nothing(
    dynamodb: DynamoDBClient, operation: Operation
) -> None:
    app = functions.load(functions.FOLDERS[operation.function])

    def sent(key: str) -> Response:
        headers = {"Idempotency-Key": key}
        event = functions.event_for(operation, headers=headers, **paths.sent(operation))
        return functions.call(app.handler, event)

    first, stored = sent("once"), everything(dynamodb)
    assert first.status < 300, first
    again = sent("once")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers.get("etag") == first.headers.get("etag")
    assert everything(dynamodb) == stored
    other = sent("twice")
    assert other.status >= 400 or other.body != first.body
