"""What DynamoDB says when others hold an item, or it is throttled: nothing was written, and it is
tried again, by requests' own client and by the commands'."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.aws import clients
from jmpy.aws.dynamodb import WritesRejected, transact
from jmpy.retry import CONTENTION
from ops.deployment import Deployment
from tests.integration import over_http
from tests.integration.over_http import Script, response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler

    from jmpy.aws.operations import DynamoDBOperations

PREFIX = "com.amazonaws.dynamodb.v20120810#"
KEY: Any = {"pk": {"S": "a"}}
WRITES: Any = [{"Put": {"TableName": "t", "Item": KEY}}, {"Put": {"TableName": "u", "Item": KEY}}]
PASSING = [
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
]


class Service:
    """A DynamoDB that follows a script, one step per request; the last step goes on for ever."""

    def __init__(self) -> None:
        self.steps: list[Script] = []
        self.requests: list[dict[str, Any]] = []

    def run(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        self.requests.append(json.loads(body))
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        step(request, body)

    @property
    def tokens(self) -> list[str]:
        return [request["ClientRequestToken"] for request in self.requests]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture(params=["requests", "commands"])
def client(
    request: pytest.FixtureRequest,
    service: Service,
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DynamoDBOperations]:
    with over_http.server(service.run) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
        if request.param == "requests":
            yield clients.dynamodb()
        else:
            yield Deployment("stack", {}, boto3.Session(), endpoint).dynamodb


def done(request: BaseHTTPRequestHandler, _body: bytes) -> None:
    response(request, 200, {})


def rejected(code: str, **more: Any) -> Script:
    return lambda request, _: response(
        request, 400, {"__type": PREFIX + code, "Message": "-", **more}
    )


def cancelled(*codes: str) -> Script:
    reasons = [
        {"Code": code} if code == "None" else {"Code": code, "Message": "-"} for code in codes
    ]
    return rejected("TransactionCanceledException", CancellationReasons=reasons)


@pytest.mark.parametrize("code", PASSING)
def test_a_transaction_that_was_throttled_or_conflicted_is_retried(
    client: DynamoDBOperations, service: Service, pauses: list[float], code: str
) -> None:
    service.steps = [cancelled("None", code), cancelled(code, code), done]
    assert transact(client, WRITES) == []
    assert len(set(service.tokens)) == 3
    assert len(pauses) == 2


@pytest.mark.parametrize("code", PASSING)
def test_a_transaction_that_never_finds_room_is_a_fault_that_names_its_cause(
    client: DynamoDBOperations, service: Service, pauses: list[float], code: str
) -> None:
    service.steps = [cancelled("None", code)]
    with pytest.raises(WritesRejected, match=code) as fault:
        transact(client, WRITES)
    assert isinstance(fault.value, clients.faults())
    assert fault.value.writes == WRITES[1:]
    assert len(service.requests) == 8
    assert sum(pauses) < 2


@pytest.mark.parametrize("code", ["ValidationError", "ItemCollectionSizeLimitExceeded"])
@pytest.mark.parametrize("beside", ["None", "ThrottlingError", "TransactionConflict"])
def test_a_permanent_error_is_not_retried(
    client: DynamoDBOperations, service: Service, code: str, beside: str
) -> None:
    service.steps = [cancelled(beside, code)]
    with pytest.raises(WritesRejected, match=code):
        transact(client, WRITES)
    assert len(service.requests) == 1


@pytest.mark.parametrize("beside", ["None", *PASSING])
def test_a_condition_that_failed_is_the_result_whatever_else_was_the_matter(
    client: DynamoDBOperations, service: Service, beside: str
) -> None:
    service.steps = [cancelled(beside, "ConditionalCheckFailed")]
    assert transact(client, WRITES) == [1]
    assert len(service.requests) == 1


def test_a_cancellation_without_reasons_is_a_fault(
    client: DynamoDBOperations, service: Service
) -> None:
    service.steps = [rejected("TransactionCanceledException")]
    with pytest.raises(clients.faults()):
        transact(client, WRITES)


def test_a_transaction_that_is_in_progress_is_waited_for_with_its_token(
    client: DynamoDBOperations, service: Service
) -> None:
    service.steps = [rejected("TransactionInProgressException")] * 3 + [done]
    assert transact(client, WRITES) == []
    assert len(service.requests) > 3
    assert len(set(service.tokens)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "TransactionConflictException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    ],
)
def test_a_plain_write_that_conflicted_or_was_throttled_is_retried(
    client: DynamoDBOperations, service: Service, code: str
) -> None:
    service.steps = [rejected(code), rejected(code), done]
    client.put_item(TableName="t", Item=KEY)
    client.update_item(TableName="t", Key=KEY)
    client.delete_item(TableName="t", Key=KEY)
    assert len(service.requests) == 5


def test_a_plain_write_that_never_gets_through_is_a_fault(
    client: DynamoDBOperations, service: Service, pauses: list[float]
) -> None:
    service.steps = [rejected("TransactionConflictException")]
    with pytest.raises(clients.faults(), match="TransactionConflictException"):
        client.put_item(TableName="t", Item=KEY)
    assert 3 <= len(service.requests) <= 5
    assert sum(pauses) < 5


def test_no_attempt_is_begun_after_the_bound(pauses: list[float]) -> None:
    seconds = iter([0.0, 3.0, 7.9, 8.0])
    assert list(CONTENTION.numbers(seconds.__next__)) == [0, 1, 2]
    assert len(pauses) == 2
