"""The reading of the access log fails: nobody who asks notices, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from typing import TYPE_CHECKING

import httpx

from ops.smoke.assertions import bearer
from project.hosted_login import Person, refresher
from project.stack import Stack
from tests.e2e.test_access_log import SENT, kinds

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient


def logged(http: httpx.Client, session: dict[str, str], key_id: str) -> dict[str, tuple[str, int]]:
    query = {"key_id": key_id, "limit": "100"}
    page = http.get("/api/v1/access-logs", headers=session, params=query).json()["data"]
    return {one["id"]: (one["method"], one["status"]) for one in page["requests"]}


@contextmanager
def broken(lambdas: LambdaClient, name: str) -> Iterator[None]:
    """The function whose name holds this cannot even start for a while: as after a bad deployment,
    its code is not where it looks for it."""
    (found,) = (
        function
        for function in lambdas.list_functions()["Functions"]
        if name in function["FunctionName"]
    )
    lambdas.update_function_configuration(FunctionName=found["FunctionName"], Layers=[])
    try:
        yield
    finally:
        layers = [used["Arn"] for used in found["Layers"]]
        lambdas.update_function_configuration(FunctionName=found["FunctionName"], Layers=layers)


def test_requests_that_could_not_be_recorded_are_once_they_can(
    stack: Stack, person: Person, http: httpx.Client, lambdas: LambdaClient
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"])
    secret, key_id = stack.key("read", account=stack.env.account, name="unrecorded")
    sqs = stack.env.session().client("sqs", endpoint_url=stack.env.endpoint)
    queue = next(url for url in sqs.list_queues()["QueueUrls"] if "ActivityRetryQueue" in url)
    # So that the test does not wait for six minutes until an attempt of the queue comes again.
    kept = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "10"})
    made = {}
    try:
        with broken(lambdas, "ActivityFunction"):
            for method, path, sent in islice(cycle(kinds(secret)), SENT):
                response = http.request(method, path, **sent)
                made[response.headers["x-request-id"]] = (method, response.status_code)
            assert {status for _, status in made.values()} == {200, 400, 403, 404}
            _await_messages(sqs, queue)
            assert logged(http, session, key_id) == {}
        deadline = time.monotonic() + 120
        while len(found := logged(http, session, key_id)) < SENT:
            assert time.monotonic() < deadline, f"{len(found)} of {SENT}"
            time.sleep(0.5)
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=kept["Attributes"])
    assert found == made
    usage = http.get(f"/api/v1/api-keys/{key_id}/usage", headers=session).json()["data"]
    assert usage["requests"] == SENT


def _await_messages(sqs: SQSClient, queue: str) -> None:
    """Until Lambda has given up on a batch."""
    deadline = time.monotonic() + 60
    while True:
        # In the queue, or in the hands of the function, which fails again.
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        waiting = int(found["ApproximateNumberOfMessages"])
        if waiting + int(found["ApproximateNumberOfMessagesNotVisible"]):
            return
        assert time.monotonic() < deadline
        time.sleep(0.3)
