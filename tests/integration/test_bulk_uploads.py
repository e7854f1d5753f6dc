"""What `/api/v1/bulk-urls` takes as an upload, and how it refuses the rest."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from jmpy.links.store import LinkStore
from project import functions
from project.tables import LINKS
from tests.integration.test_bulk import PATH, Client
from tests.integration.test_bulk_service import ROW
from tests.unit.test_multipart import CSV, DISPOSITION, form

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.mark.parametrize("operation", ["validate", "create"])
class TestBoth:
    def test_refuses_a_read_only_key(self, client: Client, operation: str) -> None:
        response = client(operation, {"csv_content": CSV}, permissions="read delete analytics")
        assert (response.status, response.code) == (403, "FORBIDDEN")

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({}, "exactly one of file, csv_content"),
            ({"csv_content": CSV, "file": CSV}, "exactly one of"),
            ({"csv_content": 5}, "Must be text"),
            ({"csv_content": CSV, "colour": "red"}, "Unknown field"),
            ({"csv_content": ""}, "exactly one of"),
            ({"csv_content": "url\n"}, "no rows"),
            ({"csv_content": 'url\n"'}, "quotes"),
            ({"csv_content": "url\nhttps://a.example\ud800\n"}, "UTF-8"),
            ([], "JSON object"),
            ("5", "JSON object"),
        ],
    )
    def test_an_upload_that_cannot_be_read_is_422(
        self, client: Client, operation: str, body: object, message: str
    ) -> None:
        response = client(operation, body)
        assert (response.status, response.code) == (422, "VALIDATION_ERROR")
        (error,) = response.body["error"]["details"]["errors"]
        assert message in error["reason"]

    @pytest.mark.parametrize("body", ["", "{", "[" * 100_000, None])
    def test_a_malformed_body_is_400(
        self, client: Client, operation: str, body: str | None
    ) -> None:
        response = client(operation, body)
        assert (response.status, response.code) == (400, "INVALID_REQUEST")

    def test_a_thousand_rows_and_no_more(self, client: Client, operation: str) -> None:
        text = f"url\n{ROW}\n" + "nope\n" * 999
        assert client(operation, {"csv_content": text}).status in (200, 201)
        response = client(operation, {"csv_content": text + ROW})
        assert (response.status, response.code) == (422, "VALIDATION_ERROR")
        assert "at most 1,000 rows" in response.body["error"]["message"]

    def test_five_megabytes_and_no_more(self, client: Client, operation: str) -> None:
        text = CSV + "\n" * (5 * 1024 * 1024 - len(CSV))
        assert client(operation, *form(text)).status in (200, 201)
        for response in (
            client(operation, *form(text + "x")),
            client(operation, {"file": text + "x"}),
        ):
            assert (response.status, response.code) == (413, "PAYLOAD_TOO_LARGE")
            assert "5 MB" in response.body["error"]["message"]

    def test_an_answer_too_large_for_lambda_is_refused_before_the_work(
        self, client: Client, dynamodb: DynamoDBClient, operation: str
    ) -> None:
        # Twice JSON, a backslash has four bytes.
        name, tags = "\\" * 255, ",".join("\\" * 48 + str(n) for n in range(20))
        text = "url,name,tags\n" + f'{ROW}{"a" * 2000},{name},"{tags}"\n' * 1000
        response = client(operation, {"csv_content": text})
        assert (response.status, response.code) == (413, "PAYLOAD_TOO_LARGE")
        assert LinkStore(dynamodb, LINKS).count("a") == 0

    def test_another_type_of_body_is_415(self, client: Client, operation: str) -> None:
        for content_type in ("text/csv", "application/x-www-form-urlencoded", "multipart/mixed"):
            response = client(operation, CSV, content_type)
            assert (response.status, response.code) == (415, "UNSUPPORTED_MEDIA_TYPE")
            assert "multipart/form-data" in response.body["error"]["message"]


@pytest.mark.parametrize(
    ("validated_urls", "message"),
    [
        ([], "no rows"),
        ([None] * 1001, "at most 1,000 rows"),
        ("https://a.example", "Must be a list"),
    ],
)
def test_a_list_that_cannot_be_read_is_422(
    client: Client, validated_urls: object, message: str
) -> None:
    response = client("create", {"validated_urls": validated_urls})
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    assert message in response.body["error"]["details"]["errors"][0]["reason"]


def test_validate_takes_no_list_and_create_takes_one_way_only(client: Client) -> None:
    items = [{"original_url": ROW}]
    assert client("validate", {"validated_urls": items}).code == "VALIDATION_ERROR"
    assert client("create", {"validated_urls": items, "csv_content": CSV}).status == 422


def test_a_form_is_read_and_answered(client: Client) -> None:
    body, content_type = form()
    for operation, status in (("validate", 200), ("create", 201)):
        assert client(operation, body, content_type).status == status
        cut_off = client(operation, body[:-10], content_type)
        assert (cut_off.status, cut_off.code) == (400, "INVALID_REQUEST")


def test_a_form_with_another_part_is_422(client: Client) -> None:
    for name in ("upload", "validated_urls"):
        response = client("create", *form(headers=DISPOSITION.replace("file", name)))
        assert (response.status, response.code) == (422, "VALIDATION_ERROR")


def test_a_body_in_base64_is_read_and_bytes_that_are_no_text_are_400(client: Client) -> None:
    sent = functions.event("POST", f"{PATH}/validate", authorizer=functions.authorizer_context())
    for content, status in ((json.dumps({"csv_content": CSV}).encode(), 200), (b"\xff", 400)):
        encoded = {"isBase64Encoded": True, "body": base64.b64encode(content).decode()}
        assert functions.call(client.app.handler, sent | encoded).status == status
