"""The resource `/api/v1/short-urls`, through its function: what it refuses, and how."""

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


@pytest.mark.parametrize("tag", ["3", '"x"', 'W/"3"', '"1", "2"', '""', '"' + "9" * 99 + '"'])
def test_a_malformed_if_match_is_400(client: Client, tag: str) -> None:
    link = client.create()
    response = client("PUT", link["id"], body={"name": "n"}, headers={"If-Match": tag})
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "body",
    [
        {"url_type": "branded"},
        {"url_type": "subdomain", "subdomain": "s"},
        {"branded_domain": "go.example.com"},
        {"qrCode": True},
        {"qrFormat": "image"},
    ],
)
def test_what_does_not_exist_yet_is_refused_and_not_ignored(
    client: Client, body: dict[str, object]
) -> None:
    link = client.create()
    for method, reference in (("POST", None), ("PUT", link["id"])):
        response = client(method, reference, body={"url": "https://example.com/", **body})
        assert (response.status, response.code) == (422, "VALIDATION_ERROR")
        assert set(errors_of(response)) <= set(body)
        assert "not available" in str(errors_of(response))


@pytest.mark.parametrize(
    "query", [{"url_type": "branded"}, {"urlType": "branded"}, {"qrCode": "true"}]
)
def test_a_list_of_what_does_not_exist_is_refused(client: Client, query: dict[str, str]) -> None:
    response = client("GET", query=query)
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    assert client("GET", query={"urlType": "standard", "qrCode": "false"}).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": 5}, "url"),
        ({"url": None}, "url"),
        ({"url": "https://example.com", "custom_alias": 5}, "custom_alias"),
        ({"url": "https://example.com", "name": "x" * 256}, "name"),
        ({"url": "https://example.com", "expires_at": "soon"}, "expires_at"),
        ({"url": "https://example.com", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"url": "https://example.com", "expires_at": 1893456000}, "expires_at"),
        ({"url": "https://example.com", "tracking_enabled": "yes"}, "tracking_enabled"),
        ({"url": "https://example.com", "colour": "red"}, "colour"),
        ({"url": "https://example.com", "custom_alias": "api"}, "custom_alias"),
        ({"url": "https://example.com", "name": "a\u0000b"}, "name"),
        ({"url": "https://example.com", "tags": "a"}, "tags"),
        ({"url": "https://example.com", "tags": [""]}, "tags.0"),
        ({"url": "https://example.com", "tags": ["a"] * 21}, "tags"),
        ({"url": "https://example.com", "password": "short"}, "password"),
        ({"url": "https://example.com", "password": "x" * 65}, "password"),
        ({"url": "https://example.com", "campaign_id": "summer"}, "campaign_id"),
        ({"url": "https://example.com", "is_dynamic": 1}, "is_dynamic"),
        ([], "body"),
        ("null", "body"),
    ],
)
def test_a_broken_field_is_named(client: Client, body: object, field: str) -> None:
    response = client("POST", body=body)
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    assert field in errors_of(response)


def test_a_bad_destination_has_its_own_code(client: Client) -> None:
    response = client("POST", body={"url": "ftp://example.com"})
    assert (response.status, response.code) == (422, "INVALID_URL")
    assert "http or https" in errors_of(response)["url"]


@pytest.mark.parametrize("body", ["{", "NaN", "9" * 5000, "[" * 50_000])
def test_a_malformed_body_is_400(client: Client, body: str) -> None:
    response = client("POST", body=body)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


def test_a_body_has_a_size_and_an_answer_names_a_few_of_many_problems(client: Client) -> None:
    response = client("POST", body={f"unknown{n}": n for n in range(100_000)})
    assert (response.status, response.code) == (413, "PAYLOAD_TOO_LARGE")
    response = client("POST", body={f"unknown{n}": n for n in range(1000)})
    assert response.status == 422
    assert len(response.body["error"]["details"]["errors"]) == 20


def test_only_json_is_accepted(client: Client) -> None:
    response = client("POST", body="url=x", headers={"Content-Type": "text/plain"})
    assert (response.status, response.code) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "x"},
        {"page": "0"},
        {"page": "x"},
        {"cursor": "x"},
        {"limt": "5"},
        {"sort": "colour"},
        {"order": "up"},
        {"status": "odd"},
        {"start_date": "soon"},
        {"search": "x" * 256},
    ],
)
def test_a_bad_query_parameter_is_400(client: Client, query: dict[str, str]) -> None:
    response = client("GET", query=query)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("reference", ["nope", "a", "x" * 500, "%00", "caf\u00e9", "..", "a b"])
def test_any_reference_that_names_nothing_is_404(client: Client, reference: str) -> None:
    assert client("GET", reference).status == 404


def test_the_legacy_parameter_is_answered_with_a_deprecation(client: Client) -> None:
    legacy = functions.authorizer_context(credential="query")
    response = client("GET", query={"api_key": "jmpy_x"}, authorizer=legacy)
    assert response.status == 200
    assert response.headers["deprecation"].startswith("@")
    assert "deprecation" not in client("GET").headers


def test_every_answer_carries_the_request_id(client: Client) -> None:
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


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "ACTIVE"}, "status"),
        ({"safety_status": "bad"}, "safety_status"),
        ({"start_date": "soon"}, "start_date"),
        ({"limit": "many"}, "limit"),
    ],
)
def test_a_bad_query_parameter_is_named_once_as_it_was_sent(
    client: Client, query: dict[str, str], field: str
) -> None:
    response = client("GET", query=query)
    (error,) = response.body["error"]["details"]["errors"]
    assert (response.status, error["field"]) == (400, field)
    assert "Is invalid" not in error["reason"]


def test_the_length_of_a_password_is_told_in_characters(client: Client) -> None:
    for password, wanted in (("short", "at least 8 characters"), ("x" * 65, "at most 64 char")):
        response = client("POST", body={"url": "https://example.com/", "password": password})
        assert wanted in errors_of(response)["password"]


def test_spaces_around_an_alias_are_no_part_of_it(client: Client) -> None:
    assert client.create(custom_alias=" spring\n")["short_code"] == "spring"
    path = f"{PATH}/check-alias"
    sent = functions.event(
        "GET", path, query={"alias": " spring "}, authorizer=functions.authorizer_context()
    )
    response = functions.call(client.app.handler, sent)
    assert (response.body["data"]["alias"], response.body["data"]["state"]) == ("spring", "taken")
