"""Daily limits as a client meets them: what counts, header fields, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.clock import DAY
from project import functions
from project.tables import USAGE
from tests.integration.network import Network, behind
from tests.integration.short_urls import Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

FIELDS = ("limit", "remaining", "reset")


def limited(**changes: str) -> dict[str, str]:
    return functions.authorizer_context() | {"plan": "free"} | changes


def remaining(response: Response) -> int:
    return int(response.headers["x-ratelimit-remaining"])


def counted(dynamodb: DynamoDBClient) -> dict[str, int]:
    """What the table holds, by class."""
    items = dynamodb.scan(TableName=USAGE)["Items"]
    return {item["pk"]["S"].rpartition("#")[2]: int(item["used"]["N"]) for item in items}


def test_a_response_has_the_callers_quota(client: Client) -> None:
    response = client("GET", authorizer=limited())
    limit, left, reset = (int(response.headers[f"x-ratelimit-{name}"]) for name in FIELDS)
    assert (limit, left, reset % DAY) == (500, 499, 0)
    assert response.headers["ratelimit-policy"] == '"daily";q=500;w=86400'
    policy, rest, seconds = response.headers["ratelimit"].split(";")
    assert (policy, rest) == ('"daily"', "r=499")
    assert 1 <= int(seconds.removeprefix("t=")) <= DAY


def test_an_error_is_the_contracts(client: Client) -> None:
    for left in (1, 0):
        created = client("POST", body={"url": "https://example.com/"}, authorizer=limited(limits="url_creation=2"))  # fmt: skip  # noqa: E501
        assert (created.status, remaining(created)) == (201, left)
    rejected = client(
        "POST", body={"url": "https://example.com/"}, authorizer=limited(limits="url_creation=2")
    )
    error = rejected.body["error"]
    assert (rejected.status, rejected.body["success"]) == (429, False)
    assert error["code"] == "RATE_LIMIT_EXCEEDED"
    assert error["message"] == (
        "The daily limit of 2 for url_creation is used up; "
        f"it resets at {error['details']['reset_at']}"
    )
    assert set(error["details"]) == {"limit", "remaining", "reset_at"}
    assert (error["details"]["limit"], error["details"]["remaining"]) == (2, 0)
    assert remaining(rejected) == 0
    assert 1 <= int(rejected.headers["retry-after"]) <= DAY
    # Reads have a budget of their own.
    assert client("GET", authorizer=limited()).status == 200


def test_a_request_denied_before_the_limit_has_the_quota_but_is_not_counted(
    client: Client, dynamodb: DynamoDBClient
) -> None:
    client("GET", authorizer=limited())
    forbidden = client("GET", authorizer=limited(permissions="write"))
    assert (forbidden.status, remaining(forbidden)) == (403, 499)
    no_method = client("HEAD", authorizer=limited())
    assert no_method.status == 405
    assert "x-ratelimit-remaining" in no_method.headers
    nobody = client("GET", authorizer=None)
    assert nobody.status == 401
    assert not [name for name in nobody.headers if "ratelimit" in name]
    assert counted(dynamodb) == {"url_reads": 1}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"method": "GET", "reference": "nothing"}, 404),
        ({"method": "GET", "query": {"limit": "0"}}, 400),
        ({"method": "DELETE", "reference": "nothing"}, 404),
    ],
)
def test_a_failed_request_counts_and_is_reported(
    client: Client, dynamodb: DynamoDBClient, sent: dict[str, Any], status: int
) -> None:
    response = client(**sent, authorizer=limited())
    assert (response.status, remaining(response)) == (status, 499)
    assert counted(dynamodb) == {"url_reads": 1}


def test_the_limiter_adds_one_call_to_a_request(client: Client) -> None:
    link = client.create()
    with behind(Network()) as network:
        assert client("GET", link["id"]).status == 200
    # The limiter's, then the link.
    assert [call.operation for call in network.calls] == ["UpdateItem", "GetItem"]


def test_a_fault_of_the_counters_is_503_and_nothing_is_done(
    client: Client, dynamodb: DynamoDBClient
) -> None:
    dynamodb.delete_table(TableName=USAGE)
    response = client("POST", body={"url": "https://example.com/"})
    assert (response.status, response.code) == (503, "SERVICE_UNAVAILABLE")
    assert response.headers["retry-after"] == "5"
    assert dynamodb.scan(TableName="links")["Items"] == []
    # A refusal does not depend on the counters.
    assert client("GET", authorizer=limited(permissions="write")).status == 403


def test_a_plan_that_is_not_deployed_is_our_fault(client: Client) -> None:
    assert client("GET", authorizer=limited(plan="gold")).code == "SERVICE_UNAVAILABLE"
    assert client("GET", authorizer=limited(plan="gold", permissions="write")).code == "FORBIDDEN"


def test_limits_that_cannot_be_read_let_nobody_in(client: Client) -> None:
    for limits in ("url_creation", "url_creation=many", "links=5"):
        assert client("GET", authorizer=limited(limits=limits)).status == 401


class TestBudgetOfAKey:
    """As the authorizer passes it on; which keys have one, see test_budgets.py."""

    LINK = {"url": "https://example.com/"}  # noqa: RUF012

    def with_budget(self, budget: str = "url_creation=2", **changes: str) -> dict[str, str]:
        return limited(budget=f"line-1 {budget}", **changes)

    def test_the_tighter_of_the_two_is_reported(self, client: Client) -> None:
        created = client("POST", body=self.LINK, authorizer=self.with_budget())
        assert [created.headers[f"x-ratelimit-{name}"] for name in FIELDS[:2]] == ["2", "1"]
        assert created.headers["ratelimit-policy"] == '"key-daily";q=2;w=86400'
        assert created.headers["ratelimit"].startswith('"key-daily";r=1;t=')
        generous = client("POST", body=self.LINK, authorizer=self.with_budget("url_creation=99"))
        assert generous.headers["ratelimit-policy"] == '"daily";q=50;w=86400'
        assert remaining(generous) == 48

    def test_an_error_says_that_it_is_the_keys(self, client: Client) -> None:
        for _ in range(2):
            client("POST", body=self.LINK, authorizer=self.with_budget())
        rejected = client("POST", body=self.LINK, authorizer=self.with_budget())
        assert (rejected.status, rejected.code) == (429, "RATE_LIMIT_EXCEEDED")
        details = rejected.body["error"]["details"]
        assert (details["limit"], details["remaining"], details["scope"]) == (2, 0, "key")
        assert "key's page of the dashboard" in rejected.body["error"]["message"]
        assert 1 <= int(rejected.headers["retry-after"]) <= DAY
        assert rejected.headers["x-ratelimit-limit"] == "2"
        # Other classes of the key, and other keys of the account, are not affected.
        assert client("GET", authorizer=self.with_budget()).status == 200
        assert client("POST", body=self.LINK, authorizer=limited()).status == 201

    def test_an_error_says_that_it_is_the_accounts(self, client: Client) -> None:
        caller = self.with_budget(limits="url_creation=1")
        client("POST", body=self.LINK, authorizer=caller)
        rejected = client("POST", body=self.LINK, authorizer=caller)
        assert rejected.status == 429
        assert rejected.body["error"]["details"]["scope"] == "account"
        assert rejected.headers["x-ratelimit-limit"] == "1"

    def test_a_request_that_is_not_counted_reports_the_tighter_one(self, client: Client) -> None:
        caller = self.with_budget("url_reads=3")
        client("GET", authorizer=caller)
        forbidden = client("GET", authorizer=caller | {"permissions": "write"})
        assert (forbidden.status, remaining(forbidden)) == (403, 2)
        usage = functions.event("GET", "/api/v1/usage", authorizer=caller)
        response = functions.call(functions.load("usage").handler, usage)
        assert (response.status, remaining(response)) == (200, 2)
        # The body is about the account.
        reads = response.body["data"]["today"]["limits"]["url_reads"]
        assert reads == {"limit": 500, "used": 1, "remaining": 499}

    def test_each_row_of_an_upload_counts(self, dynamodb: DynamoDBClient) -> None:
        def send(what: str, number: int) -> Response:
            body = {"csv_content": "url\n" + "https://example.com/\n" * number}
            caller = self.with_budget("url_creation=5")
            path = f"/api/v1/bulk-urls/{what}"
            sent = functions.event("POST", path, body=body, authorizer=caller)
            return functions.call(functions.load("bulk").handler, sent)

        assert remaining(send("create", 3)) == 2
        preview = send("validate", 3)
        assert preview.body["data"]["preview"]["available_limit"] == 2
        rejected = send("create", 3)
        assert (rejected.status, rejected.body["error"]["details"]["scope"]) == (429, "key")
        assert "2 left, but this request needs 3" in rejected.body["error"]["message"]
        assert send("create", 2).status == 201
        assert counted(dynamodb)["url_creation"] == 5

    def test_a_denied_request_is_not_counted(
        self, client: Client, dynamodb: DynamoDBClient
    ) -> None:
        caller = self.with_budget() | {"permissions": "read"}
        assert client("POST", body=self.LINK, authorizer=caller).status == 403
        assert counted(dynamodb) == {}


class TestBulk:
    PATH = "/api/v1/bulk-urls"

    @pytest.fixture
    def bulk(self, client: Client) -> Any:  # noqa: ARG002 - makes the tables
        return functions.load("bulk").handler

    def send(self, bulk: Any, what: str, rows: list[str], limit: int = 5) -> Response:
        body = {"csv_content": "\n".join(["url", *rows])}
        caller = limited(limits=f"url_creation={limit}")
        sent = functions.event("POST", f"{self.PATH}/{what}", body=body, authorizer=caller)
        return functions.call(bulk, sent)

    def test_each_row_that_becomes_a_link_counts(self, bulk: Any, dynamodb: DynamoDBClient) -> None:
        created = self.send(bulk, "create", ["https://example.com/"] * 4 + ["nope"])
        assert (created.status, remaining(created)) == (201, 1)
        assert counted(dynamodb) == {"url_creation": 4}

    def test_an_upload_beyond_the_limit_creates_nothing(
        self, bulk: Any, dynamodb: DynamoDBClient
    ) -> None:
        self.send(bulk, "create", ["https://example.com/"] * 3)
        rejected = self.send(bulk, "create", ["https://example.com/"] * 3)
        assert (rejected.status, remaining(rejected)) == (429, 2)
        assert "2 left, but this request needs 3" in rejected.body["error"]["message"]
        assert counted(dynamodb) == {"url_creation": 3}
        assert self.send(bulk, "create", ["https://example.com/"] * 2).status == 201

    def test_an_upload_without_a_good_row_is_a_request(self, bulk: Any) -> None:
        response = self.send(bulk, "create", ["nope"])
        assert (response.status, remaining(response)) == (422, 4)

    def test_a_preview_shows_the_remaining_quota_and_counts_as_a_read(
        self, bulk: Any, dynamodb: DynamoDBClient
    ) -> None:
        self.send(bulk, "create", ["https://example.com/"] * 3)
        preview = self.send(bulk, "validate", ["https://example.com/"])
        assert preview.body["data"]["preview"]["available_limit"] == 2
        assert counted(dynamodb) == {"url_creation": 3, "url_reads": 1}


class TestUsage:
    def get(self) -> Response:
        sent = functions.event("GET", "/api/v1/usage", authorizer=limited())
        return functions.call(functions.load("usage").handler, sent)

    def test_usage_is_reported_and_not_counted(self, client: Client) -> None:
        client("POST", body={"url": "https://example.com/"}, authorizer=limited())
        for _ in range(2):
            response = self.get()
            assert (response.status, remaining(response)) == (200, 500)
        data = response.body["data"]
        assert data["plan"] == {
            "name": "free",
            "requests_per_second": 5.0,
            "burst": 10,
            "requests_per_day": 5000,
        }
        assert data["today"]["limits"]["url_creation"] == {"limit": 50, "used": 1, "remaining": 49}
        assert data["today"]["reset_at"].endswith("T00:00:00Z")
        assert len(data["days"]) == 30
        assert data["days"][-1]["date"] == data["today"]["date"]
        assert data["days"][-1]["used"]["url_creation"] == 1
