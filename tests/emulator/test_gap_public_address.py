"""MiniStack serves APIs below a path, beside everything else; the adapter serves one at a root."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest

from local.emulator.settings import API_PATH
from local.ports import HOST
from tests.emulator.gap_stack import Stack, client, deploy
from tests.emulator.test_gap_front_door import FUNCTIONS, SWITCHES, UNSIGNED, ask, root

Lines = Sequence[tuple[str, str]]


@pytest.fixture(scope="module")
def api(adapted: Stack) -> Stack:
    """Where the emulator expects the API (API_PATH)."""
    _, _, _, api_id, stage = API_PATH.split("/")
    deployed = deploy(adapted, "public", "first", tags={"ms-custom-id": api_id})
    gateway = client("apigateway", deployed)
    (deployment, *_) = gateway.get_deployments(restApiId=api_id)["items"]
    gateway.create_stage(restApiId=api_id, stageName=stage, deploymentId=deployment["id"])
    return deployed


class Response(NamedTuple):
    status: int
    error_type: str | None
    body: bytes

    @property
    def event(self) -> Any:
        return json.loads(self.body)


def sent(
    api: Stack, path: str, headers: Lines = (), method: str = "GET", *, port: int | None = None
) -> Response:
    """The path as it is written, and each header in a line of its own."""
    connection = HTTPConnection(HOST, port or api.emulator.public_port, timeout=30)
    with closing(connection):
        lines = dict(headers)
        connection.putrequest(method, path, skip_host="Host" in lines)
        for line in headers:
            connection.putheader(*line)
        connection.endheaders()
        response = connection.getresponse()
        return Response(response.status, response.headers["x-amzn-ErrorType"], response.read())


def test_a_function_gets_the_event_of_a_custom_domain(api: Stack) -> None:
    event = sent(api, "/open", [("Host", "go.localhost:8080")]).event
    context = event["requestContext"]
    assert event["path"] == "/open"
    assert event["multiValueHeaders"]["Host"] == ["go.localhost:8080"]
    assert {name: context[name] for name in ("path", "stage", "domainName", "domainPrefix")} == {
        "path": "/open",
        "stage": "live",
        "domainName": "go.localhost",
        "domainPrefix": "go",
    }


def test_at_the_emulators_own_port_the_stage_precedes_the_path(api: Stack) -> None:
    event = sent(api, f"{API_PATH}/open", port=api.emulator.port).event
    assert (event["path"], event["requestContext"]["path"]) == ("/open", "/live/open")


def test_a_request_arrives_as_it_was_sent(api: Stack) -> None:
    lines = [("X-Twice", "a"), ("X-Twice", "b"), ("Host", "localhost")]
    event = sent(api, "/open?q=%2Fa%20b&q=+&empty=", lines).event
    assert event["multiValueHeaders"]["X-Twice"] == ["a", "b"]
    assert event["multiValueQueryStringParameters"] == {"q": ["/a b", " "], "empty": [""]}


@pytest.mark.parametrize(
    "path", ["/any/a%2Fb", "/any/a%2Bb", "/any//b", "/any/%2e%2e/open", "/any/%C3%A4", "//open"]
)
def test_a_path_is_that_of_the_stage(api: Stack, path: str) -> None:
    def read(response: Response) -> tuple[object, ...]:
        event = response.event
        return response.status, event.get("path"), event.get("pathParameters")

    below = sent(api, f"{API_PATH}{path}", port=api.emulator.port)
    assert read(sent(api, path)) == read(below)


OTHERS = {
    *UNSIGNED, *SWITCHES, f"{API_PATH}/open", "/_ministack/health", "/oauth2/authorize", "/login",
    "/favicon.ico", "/dashboard/../_ministack/health",
} - {FUNCTIONS}  # fmt: skip


@pytest.mark.parametrize("path", sorted(OTHERS))
def test_nothing_of_the_emulator_is_there(api: Stack, path: str) -> None:
    for host in ("127.0.0.1", "0a1b2c3d.execute-api.localhost", "d1.cloudfront.localhost"):
        response = sent(api, path, [("Host", host)])
        assert response.error_type == "MissingAuthenticationTokenException"


def test_a_signature_opens_nothing_there(api: Stack) -> None:
    key = root(api)
    headers = {
        "X_Amz_Target": "DynamoDB_20120810.ListTables",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={key.access_key}/20261126/x/dynamodb/aws4",
    }
    assert ask(api, "/", "POST", b"{}", **headers).status == 400  # that of the wrong signature
    response = sent(api, "/", [(n.replace("_", "-"), v) for n, v in headers.items()], "POST")
    # That of an unknown route of API Gateway, whatever the header signs.
    assert (response.status, response.error_type) == (403, "IncompleteSignatureException")


@pytest.mark.parametrize("line", ["OPTIONS *", "GET http://127.0.0.1/open"])
def test_other_forms_of_a_target_are_none_of_its_paths(api: Stack, line: str) -> None:
    port = api.emulator.public_port
    with socket.create_connection((HOST, port), timeout=10) as connection:
        connection.sendall(f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("host", ["go.acme.test", "10.0.0.1", "GO.localhost", "x"])
def test_every_host_is_that_of_the_event(api: Stack, host: str) -> None:
    """The function decides what it serves there, as behind a custom domain with a wildcard."""
    sent_to = [("Host", f"{host}:8080")]
    assert sent(api, "/open", sent_to).event["requestContext"]["domainName"] == host
    assert sent(api, "/_ministack/health", sent_to, port=api.emulator.port).status == 403
