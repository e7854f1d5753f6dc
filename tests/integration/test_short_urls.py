"""The resource `/api/v1/short-urls`, through its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.integration import functions
from tests.integration.conftest import LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.functions import Answer

PATH = "/api/v1/short-urls"
BASE_URL = "https://api123.execute-api.eu-west-1.amazonaws.com/live"


class Client:
    def __init__(self) -> None:
        self.app = functions.load("links")

    def __call__(
        self, method: str, reference: str | None = None, *, account: str = "a", **sent: Any
    ) -> Answer:
        sent.setdefault("authorizer", functions.authorizer_context(account=account))
        if reference is not None:
            sent |= {"resource": f"{PATH}/{{id}}", "parameters": {"id": reference}}
        path = PATH if reference is None else f"{PATH}/{reference}"
        return functions.call(self.app.handler, functions.event(method, path, **sent))

    def create(self, account: str = "a", **body: Any) -> Any:
        answer = self("POST", account=account, body={"url": "https://example.com/", **body})
        assert answer.status == 201, answer
        return answer.body["data"]


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


def errors_of(answer: Answer) -> dict[str, str]:
    return {e["field"]: e["reason"] for e in answer.body["error"]["details"]["errors"]}


def test_create_answers_with_the_link(client: Client) -> None:
    link = client.create(url="https://example.com/a?b=c", name="N", custom_alias="My-alias")
    assert link["short_code"] == link["custom_alias"] == "My-alias"
    assert link["short_url"] == link["full_url"] == f"{BASE_URL}/My-alias"
    assert link["original_url"] == "https://example.com/a?b=c"
    assert link["name"] == "N"
    assert link["clicks"] == link["click_count"] == 0
    assert link["created_at"].endswith("Z")


def test_short_urls_start_with_the_operators_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")
    assert client.create(custom_alias="abc")["short_url"] == "https://go.example.com/abc"


def test_a_link_is_read_by_uuid_code_and_alias(client: Client) -> None:
    by_alias, random = client.create(custom_alias="abc"), client.create()
    for link, reference in (
        (by_alias, by_alias["id"]),
        (by_alias, by_alias["id"].upper()),
        (by_alias, "abc"),
        (random, random["short_code"]),
    ):
        assert client("GET", reference).body == {"success": True, "data": link}


def test_aliases_are_case_sensitive(client: Client) -> None:
    client.create(custom_alias="abc")
    assert client("GET", "ABC").status == 404
    client.create(custom_alias="ABC")


def test_a_taken_alias_is_a_conflict(client: Client) -> None:
    client.create(custom_alias="abc")
    answer = client("POST", account="b", body={"url": "https://x.example", "custom_alias": "abc"})
    assert (answer.status, answer.code) == (409, "ALIAS_TAKEN")


def test_an_account_sees_only_its_own(client: Client) -> None:
    link = client.create(custom_alias="abc")
    for method, body in (("GET", None), ("PUT", {"name": "mine"}), ("DELETE", None)):
        for reference in (link["id"], "abc"):
            answer = client(method, reference, account="b", body=body)
            assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert client("GET", account="b").body["data"]["shortUrls"] == []
    assert client("GET", "abc").body["data"] == link


def test_pages_go_through_all_links_newest_first(client: Client) -> None:
    made = [client.create(name=str(n))["id"] for n in range(5)]
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        answer = client("GET", query=query).body
        assert answer["pagination"] == answer["data"]["pagination"]
        seen += [link["id"] for link in answer["data"]["shortUrls"]]
        if answer["pagination"]["next_cursor"] is None:
            break
        query["cursor"] = answer["pagination"]["next_cursor"]
    assert sorted(seen) == sorted(made)
    assert seen == sorted(seen, reverse=True)


def test_a_change_touches_only_the_fields_that_are_sent(client: Client) -> None:
    link = client.create(custom_alias="abc", name="old", expires_at="2030-01-01T00:00:00Z")
    answer = client("PUT", "abc", body={"url": "https://example.com/new"})
    assert answer.status == 200
    changed = answer.body["data"]
    assert changed["original_url"] == "https://example.com/new"
    assert {
        **changed,
        "original_url": link["original_url"],
        "updated_at": link["updated_at"],
    } == link
    cleared = client("PUT", "abc", body={"name": None, "expires_at": None}).body["data"]
    assert (cleared["name"], cleared["expires_at"]) == (None, None)
    assert client("GET", "abc").body["data"] == cleared


def test_delete_frees_the_code(client: Client) -> None:
    link = client.create(custom_alias="abc")
    answer = client("DELETE", link["id"])
    assert answer.status == 200
    assert "abc" in answer.body["data"]["message"]
    assert answer.body["timestamp"].endswith("Z")
    assert client("GET", "abc").status == 404
    assert client("DELETE", "abc").status == 404
    assert client.create(account="b", custom_alias="abc")["id"] != link["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": 5}, "url"),
        ({"url": None}, "url"),
        ({"url": "https://example.com", "custom_alias": 5}, "custom_alias"),
        ({"url": "https://example.com", "name": ""}, "name"),
        ({"url": "https://example.com", "name": "x" * 256}, "name"),
        ({"url": "https://example.com", "expires_at": "soon"}, "expires_at"),
        ({"url": "https://example.com", "expires_at": 1893456000}, "expires_at"),
        ({"url": "https://example.com", "tracking_enabled": "yes"}, "tracking_enabled"),
        ({"url": "https://example.com", "colour": "red"}, "colour"),
        ({"url": "https://example.com", "custom_alias": "api"}, "custom_alias"),
        ([], "body"),
        ("null", "body"),
        (None, "body"),
    ],
)
def test_a_broken_field_is_named(client: Client, body: object, field: str) -> None:
    answer = client("POST", body=body)
    assert (answer.status, answer.code) == (422, "VALIDATION_ERROR")
    assert field in errors_of(answer)


def test_a_bad_destination_has_its_own_code(client: Client) -> None:
    answer = client("POST", body={"url": "ftp://example.com"})
    assert (answer.status, answer.code) == (422, "INVALID_URL")
    assert "http or https" in errors_of(answer)["url"]
    client.create(custom_alias="abc")
    assert client("PUT", "abc", body={"url": ""}).code == "INVALID_URL"


@pytest.mark.parametrize("body", ["{", "NaN", "9" * 5000, "[" * 100_000])
def test_a_malformed_body_is_400(client: Client, body: str) -> None:
    answer = client("POST", body=body)
    assert (answer.status, answer.code) == (400, "INVALID_REQUEST")


def test_only_json_is_accepted(client: Client) -> None:
    answer = client("POST", body="url=x", headers={"Content-Type": "text/plain"})
    assert (answer.status, answer.code) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"cursor": "x"}, {"limt": "5"}],
)
def test_a_bad_query_parameter_is_400(client: Client, query: dict[str, str]) -> None:
    answer = client("GET", query=query)
    assert (answer.status, answer.code) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("reference", ["nope", "a", "x" * 500, "%00", "caf\u00e9", "..", "a b"])
def test_any_reference_that_names_nothing_is_404(client: Client, reference: str) -> None:
    assert client("GET", reference).status == 404


def test_the_legacy_parameter_is_answered_with_a_deprecation(client: Client) -> None:
    legacy = functions.authorizer_context(credential="query")
    answer = client("GET", query={"api_key": "jmpy_x"}, authorizer=legacy)
    assert answer.status == 200
    assert answer.headers["deprecation"].startswith("@")
    assert "deprecation" not in client("GET").headers


def test_every_answer_carries_the_request_id(client: Client) -> None:
    for answer in (client("GET"), client("GET", "nope"), client("GET", authorizer={})):
        assert answer.headers["x-request-id"] == "request-1"


def test_a_fault_behind_the_function_is_503(client: Client, dynamodb: DynamoDBClient) -> None:
    client.create(custom_alias="abc")
    dynamodb.delete_table(TableName=LINKS)
    for method, reference in (("GET", None), ("POST", None), ("GET", "abc"), ("DELETE", "abc")):
        answer = client(method, reference, body={"url": "https://example.com/"})
        assert (answer.status, answer.code) == (503, "SERVICE_UNAVAILABLE")
        assert int(answer.headers["retry-after"]) >= 1


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

    monkeypatch.setattr(client.app.links, "page", fail)
    answer = client("GET")
    assert answer.status == status
    assert set(answer.body["error"]) == {"code", "message"}
    assert type(fault).__name__ not in str(answer.body)
