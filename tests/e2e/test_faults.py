"""DynamoDB fails under the running stack: 503 for all, 200 for none.

The deployed functions are pointed at a server that fails in a given way, by their environment,
as an operator could; nothing in the functions knows about it.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import httpx
import pytest

from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB"


class Throttling(BaseHTTPRequestHandler):
    """A DynamoDB that refuses every request."""

    def do_POST(self) -> None:
        body = (
            b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'
        )
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(400)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def throttling() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Throttling)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def stopped() -> Iterator[str]:
    """A port that nobody listens on, and that nobody else gets meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def dynamodb_at(lambdas: LambdaClient, endpoint: str, only: str = "") -> Iterator[None]:
    """All functions, or those whose name holds `only`, use another DynamoDB for a while."""
    before = {
        function["FunctionName"]: function["Environment"]["Variables"]
        for function in lambdas.list_functions()["Functions"]
        if only in function["FunctionName"]
    }
    assert before
    try:
        for name, variables in before.items():
            lambdas.update_function_configuration(
                FunctionName=name, Environment={"Variables": {**variables, ENDPOINT: endpoint}}
            )
        yield
    finally:
        for name, variables in before.items():
            lambdas.update_function_configuration(
                FunctionName=name, Environment={"Variables": variables}
            )


@pytest.mark.parametrize("fault", [stopped, throttling])
@pytest.mark.parametrize("only", ["", "AuthorizerFunction", "LinksFunction"])
def test_a_fault_of_dynamodb_is_503_and_authorizes_nobody(
    http: httpx.Client,
    lambdas: LambdaClient,
    everything: str,
    fault: object,
    only: str,
) -> None:
    auth = bearer(everything)
    created = http.post(SHORT_URLS, json={"url": "https://example.com/"}, headers=auth)
    one = f"{SHORT_URLS}/{created.json()['data']['id']}"
    assert callable(fault)
    with fault() as endpoint, dynamodb_at(lambdas, endpoint, only):
        for method, path in (("GET", SHORT_URLS), ("POST", SHORT_URLS), ("DELETE", one)):
            body = {"url": "https://example.com/"} if method == "POST" else None
            response = http.request(method, path, json=body, headers=auth)
            assert response.status_code == 503
            assert response.json()["error"]["code"] == "SERVICE_UNAVAILABLE"
            assert int(response.headers["retry-after"]) >= 1
            assert response.headers["x-request-id"]
    # Requests are authorized again, and the denied delete has deleted nothing.
    assert http.get(one, headers=auth).status_code == 200


def test_a_redirect_is_503_too(http: httpx.Client, lambdas: LambdaClient, everything: str) -> None:
    created = http.post(
        SHORT_URLS, json={"url": "https://example.com/"}, headers=bearer(everything)
    )
    path = f"/{created.json()['data']['short_code']}"
    with stopped() as endpoint, dynamodb_at(lambdas, endpoint, "RedirectFunction"):
        response = http.get(path)
        assert (response.status_code, response.json()["error"]["code"]) == (
            503,
            "SERVICE_UNAVAILABLE",
        )
    assert http.get(path).status_code == 301


@contextmanager
def crashing(lambdas: LambdaClient, name: str) -> Iterator[None]:
    """The function, by a part of its name, has lost its code for a while."""
    (function,) = [
        function for function in lambdas.list_functions()["Functions"]
        if name in function["FunctionName"]
    ]  # fmt: skip
    found, handler = function["FunctionName"], function["Handler"]
    lambdas.update_function_configuration(FunctionName=found, Handler="lost.handler")
    try:
        yield
    finally:
        lambdas.update_function_configuration(FunctionName=found, Handler=handler)


def test_a_crashing_function_is_503_and_in_the_access_log(
    stack: Stack, http: httpx.Client, lambdas: LambdaClient, everything: str
) -> None:
    with crashing(lambdas, "LinksFunction"):
        response = http.get(SHORT_URLS, headers=bearer(everything))
    assert response.status_code == 503
    assert response.json() == {
        "success": False,
        "error": {
            "code": "SERVICE_UNAVAILABLE",
            "message": "The service is temporarily unavailable; try again shortly",
        },
    }
    assert response.headers["retry-after"] == "5"
    request_id = response.headers["x-request-id"]
    # The metric GatewayErrors counts this field, and ApiFaultsAlarm's runbook leads to it.
    line = access_log_line(stack, request_id)
    assert (line["status"], line["error"]) == ("503", "INTEGRATION_FAILURE")
    assert line["route"] == SHORT_URLS
    assert http.get(SHORT_URLS, headers=bearer(everything)).status_code == 200


def access_log_line(stack: Stack, request_id: str) -> dict[str, str]:
    logs = stack.env.session().client("logs", endpoint_url=stack.env.endpoint)
    (event,) = logs.filter_log_events(
        logGroupName=stack.deployment.outputs["AccessLogGroup"], filterPattern=f'"{request_id}"'
    )["events"]
    line: dict[str, str] = json.loads(event["message"])
    return line
