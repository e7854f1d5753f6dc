"""`Idempotency-Key` on creates, through the function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.errors import AwsUnavailable
from jmpy.idempotency.service import Idempotency
from jmpy.idempotency.store import RETENTION, ResponseStore
from jmpy.links.store import LinkStore
from project import functions
from project.tables import IDEMPOTENCY, LINKS
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

PATH = "/api/v1/short-urls"
LINK = {"url": "https://example.com/"}


@pytest.fixture
def app(dynamodb: DynamoDBClient) -> Any:
    return functions.load("links")


def post(app: Any, key: str | None, body: object = LINK, account: str = "a") -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    caller = functions.authorizer_context(account=account)
    return functions.call(
        app.handler, functions.event("POST", PATH, body=body, headers=headers, authorizer=caller)
    )


def test_a_retried_create_returns_the_first_response_and_creates_one_link(
    app: Any, dynamodb: DynamoDBClient
) -> None:
    first, second = post(app, "k1"), post(app, "k1")
    assert first.status == second.status == 201
    assert first.body == second.body
    assert first.headers["etag"] == second.headers["etag"] == '"1"'
    assert LinkStore(dynamodb, LINKS).count("a") == 1


def test_without_a_key_every_create_creates_a_link(app: Any, dynamodb: DynamoDBClient) -> None:
    assert post(app, None).body["data"]["id"] != post(app, None).body["data"]["id"]
    assert dynamodb.scan(TableName=IDEMPOTENCY)["Count"] == 0


def test_keys_are_the_accounts_own(app: Any) -> None:
    ids = {post(app, "k1", account=name).body["data"]["id"] for name in ("a", "b")}
    assert len(ids) == 2


def test_another_body_under_the_same_key_is_rejected(app: Any) -> None:
    post(app, "k1")
    response = post(app, "k1", {"url": "https://example.com/other"})
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    assert "Idempotency-Key" in response.body["error"]["message"]


def test_a_rejected_create_can_be_repeated_under_its_key(app: Any) -> None:
    taken = {**LINK, "custom_alias": "abc"}
    blocker = post(app, None, taken).body["data"]["id"]
    assert post(app, "k1", taken).code == "ALIAS_TAKEN"
    deletion = functions.event(
        "DELETE", f"{PATH}/{blocker}", resource=f"{PATH}/{{id}}", parameters={"id": blocker},
        authorizer=functions.authorizer_context(),
    )  # fmt: skip
    assert functions.call(app.handler, deletion).status == 200
    assert post(app, "k1", taken).status == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9", "a\tb"])
def test_a_key_has_a_shape(app: Any, key: str) -> None:
    response = post(app, key)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


def test_a_fault_of_the_record_is_503_and_creates_no_link(
    app: Any, dynamodb: DynamoDBClient
) -> None:
    dynamodb.delete_table(TableName=IDEMPOTENCY)
    response = post(app, "k1")
    assert (response.status, response.code) == (503, "SERVICE_UNAVAILABLE")
    assert LinkStore(dynamodb, LINKS).count("a") == 0


def test_the_record_holds_neither_the_key_nor_a_password(
    app: Any, dynamodb: DynamoDBClient
) -> None:
    post(app, "k1-visible", {**LINK, "password": "correct horse"})
    stored = str(dynamodb.scan(TableName=IDEMPOTENCY)["Items"])
    assert "k1-visible" not in stored
    assert "correct horse" not in stored


def test_a_created_link_is_returned_also_if_its_first_response_was_lost(
    app: Any, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them got lost, so that it was 503: an alias is not taken by the request itself."""
    client = app.dynamodb
    transact = client.transact_write_items

    def lose(**writes: Any) -> None:
        transact(**writes)
        raise AwsUnavailable("lost")

    link = {**LINK, "custom_alias": "once"}
    with monkeypatch.context() as patched:
        patched.setattr(client, "transact_write_items", lose)
        assert post(app, "k1", link).status == 503
    response = post(app, "k1", link)
    assert (response.status, response.body["data"]["custom_alias"]) == (201, "once")
    assert post(app, "k1").status == 422
    assert LinkStore(dynamodb, LINKS).count("a") == 1


def test_of_concurrent_requests_one_creates_the_link_and_all_return_it(
    app: Any, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other, responses = app.dynamodb, functions.load("links"), []
    transact = client.transact_write_items

    def after_another(**writes: Any) -> Any:
        responses.append(post(other, "k1"))
        return transact(**writes)

    monkeypatch.setattr(client, "transact_write_items", after_another)
    responses.append(post(app, "k1"))
    assert [response.status for response in responses] == [201, 201]
    assert responses[0].body == responses[1].body
    assert LinkStore(dynamodb, LINKS).count("a") == 1


def test_a_key_is_new_again_after_a_day(app: Any, clock: Clock) -> None:
    app.resource.idempotency = Idempotency(ResponseStore(app.dynamodb, IDEMPOTENCY), clock)
    first = post(app, "k1").body["data"]["id"]
    clock.time += RETENTION - 1
    assert post(app, "k1").body["data"]["id"] == first
    clock.time += 1
    second = post(app, "k1", {"url": "https://example.com/other"})
    assert second.status == 201
    assert second.body["data"]["id"] != first
