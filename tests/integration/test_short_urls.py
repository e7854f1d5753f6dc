"""The resource `/api/v1/short-urls`, through its function: what depends on its configuration and on
faults behind it. The contract with clients is in ops/contract (test_contract.py)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from project import functions
from project.tables import LINKS
from tests.integration.short_urls import PATH, Client, errors_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_short_urls_start_with_the_operators_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")
    assert client.create(custom_alias="abc")["short_url"] == "https://go.example.com/abc"


@pytest.mark.parametrize(
    "host", ["go.example.com", "api123.execute-api.eu-west-1.amazonaws.com", "d1.cloudfront.net"]
)
def test_no_name_of_the_service_is_a_destination(
    client: Client, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")
    monkeypatch.setenv("OWN_DOMAINS", "go.example.org, d1.cloudfront.net")
    link = client.create()
    sent = {"url": f"https://{host}/abc"}
    for response in (client("POST", body=sent), client("PATCH", link["id"], body=sent)):
        assert (response.status, response.body["error"]["code"]) == (422, "INVALID_URL")
        assert "itself" in errors_of(response)["url"]


def test_every_response_carries_the_request_id(client: Client) -> None:
    for response in (client("GET"), client("GET", "nope"), client("GET", authorizer={})):
        assert response.headers["x-request-id"] == "request-1"


def test_a_fault_behind_the_function_is_503(client: Client, dynamodb: DynamoDBClient) -> None:
    client.create(custom_alias="abc")
    dynamodb.delete_table(TableName=LINKS)
    for method, reference in (("GET", None), ("POST", None), ("GET", "abc"), ("DELETE", "abc")):
        response = client(method, reference, body={"url": "https://example.com/"})
        assert (response.status, response.code) == (503, "SERVICE_UNAVAILABLE")
        assert int(response.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (EndpointConnectionError(endpoint_url="x"), 503),
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "Query"), 503),
        (ZeroDivisionError(), 500),
    ],
)
def test_no_fault_shows_its_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(client.app.resource.links, "page", fail)
    response = client("GET")
    assert response.status == status
    assert set(response.body["error"]) == {"code", "message"}
    assert type(fault).__name__ not in str(response.body)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bytes_that_are_no_text_are_400_in_every_method(client: Client, method: str) -> None:
    sent = functions.event(method, PATH, authorizer=functions.authorizer_context())
    bytes_ = {"body": base64.b64encode(b"\xf0(\x8c").decode(), "isBase64Encoded": True}
    response = functions.call(client.app.handler, sent | bytes_)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")
