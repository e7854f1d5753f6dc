"""The sizes of uploads to `/api/v1/bulk-urls`, and how they arrive. What is rejected, and with
which reason, is in the contract (ops/contract/bulk.py)."""

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
from tests.unit.test_multipart import CSV, form

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.mark.parametrize("operation", ["validate", "create"])
class TestBoth:
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

    def test_a_response_too_large_for_lambda_is_rejected_before_the_work(
        self, client: Client, dynamodb: DynamoDBClient, operation: str
    ) -> None:
        # Twice JSON, a backslash has four bytes.
        name, tags = "\\" * 255, ",".join("\\" * 48 + str(n) for n in range(20))
        text = "url,name,tags\n" + f'{ROW}{"a" * 2000},{name},"{tags}"\n' * 1000
        response = client(operation, {"csv_content": text})
        assert (response.status, response.code) == (413, "PAYLOAD_TOO_LARGE")
        assert LinkStore(dynamodb, LINKS).count("a") == 0


def test_a_form_is_read_unless_it_is_cut_off(client: Client) -> None:
    body, content_type = form()
    for operation, status in (("validate", 200), ("create", 201)):
        assert client(operation, body, content_type).status == status
        cut_off = client(operation, body[:-10], content_type)
        assert (cut_off.status, cut_off.code) == (400, "INVALID_REQUEST")


def test_a_body_in_base64_is_read_and_bytes_that_are_no_text_are_400(client: Client) -> None:
    sent = functions.event("POST", f"{PATH}/validate", authorizer=functions.authorizer_context())
    for content, status in ((json.dumps({"csv_content": CSV}).encode(), 200), (b"\xff", 400)):
        encoded = {"isBase64Encoded": True, "body": base64.b64encode(content).decode()}
        assert functions.call(client.app.handler, sent | encoded).status == status
