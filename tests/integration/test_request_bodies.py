"""What is no JSON object in UTF-8 is rejected by every operation that takes a body, before it does
anything, and says what to send instead."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from jmpy.http.body import MalformedBody
from jmpy.web import form
from project import functions
from project.template import PROJECT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

DOCUMENT = json.loads((PROJECT / "functions/docs/openapi.json").read_text())
WITH_BODY = [
    operation
    for operation in functions.operations()
    if "requestBody" in DOCUMENT["paths"][operation.path][operation.method.lower()]
]


def response_to(operation: functions.Operation, body: str, **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return functions.respond(operation, functions.event_for(operation, body=body, headers=sent))


each_operation = pytest.mark.parametrize(
    "operation", WITH_BODY, ids=lambda operation: f"{operation.method} {operation.path}"
)


@each_operation
@pytest.mark.parametrize("body", ['[{"url": "https://a.example/"}]', "[]", '"x"', "null", "5"])
def test_a_body_is_one_json_object(
    dynamodb: DynamoDBClient, operation: functions.Operation, body: str
) -> None:
    response = response_to(operation, body)
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    message = response.body["error"]["details"]["errors"][0]["reason"]
    assert message.startswith("The body must be a JSON object")
    assert ("/api/v1/bulk-urls/create" in message) is body.startswith("[")


@each_operation
@pytest.mark.parametrize("body", ["", "  \n"])
def test_an_empty_body_is_rejected_as_empty(
    dynamodb: DynamoDBClient, operation: functions.Operation, body: str
) -> None:
    response = response_to(operation, body)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    assert "The body is empty" in response.body["error"]["message"]


@each_operation
def test_bytes_that_are_no_utf_8_are_rejected(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    latin_1 = '{"name": "caf\u00e9"}'.encode("latin-1")
    as_api_gateway_hands_them_over = latin_1.decode(errors="replace")
    response = response_to(operation, as_api_gateway_hands_them_over)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
    assert "not UTF-8" in response.body["error"]["message"]


@each_operation
def test_a_compressed_body_is_rejected_with_a_hint(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    compressed = gzip.compress(b'{"url": "https://a.example/"}').decode(errors="replace")
    response = response_to(operation, compressed, Content_Encoding="gzip")
    assert (response.status, response.code) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert "Content-Encoding: gzip" in response.body["error"]["message"]


def test_a_form_is_utf_8_as_well() -> None:
    headers = {"Content-Type": form.MEDIA_TYPE}
    assert form.parse({"body": "name=caf%C3%A9", "headers": headers}).text("name") == "caf\u00e9"
    for body in ("name=caf%E9", b"name=caf\xe9".decode(errors="replace")):
        with pytest.raises(MalformedBody):
            form.parse({"body": body, "headers": headers})
