"""Reading without the SDK: what it reads is what boto3 reads, and no fault becomes an answer."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterator
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from jmpy.aws import client
from jmpy.aws.client import SignedClient
from jmpy.aws.credentials import RoleCredentials
from jmpy.aws.dynamodb_client import DynamoDb
from jmpy.aws.errors import AwsRejected, AwsUnavailable
from jmpy.aws.invocation import Invoker
from project.receiver import receiving
from tests.integration import over_http
from tests.integration.over_http import Script, response

KEY: Any = {"pk": {"S": "key#1"}, "sk": {"S": "key"}}
FOUND = {"Item": {**KEY, "status": {"S": "active"}}}
PREFIX = "com.amazonaws.dynamodb.v20120810#"


class Service:
    """A DynamoDB that follows a script, one step per request; the last step goes on for ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *steps: Script) -> None:
        self.steps = list(steps)
        self.requests: list[dict[str, str]] = []
        self.connections: set[int] = set()
        self.pauses: list[float] = []
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(time, "sleep", self.pauses.append)

    def run(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        self.requests.append({name.lower(): value for name, value in request.headers.items()})
        self.connections.add(request.client_address[1])
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        step(request, body)

    def read(self, times: int = 1, **options: Any) -> Any:
        """What the last of some reads over one client answers."""
        with over_http.server(self.run) as endpoint:
            self._monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
            reader = DynamoDb(SignedClient("dynamodb", timeout=0.3, **options))
            return [reader.get_item(TableName="t", Key=KEY) for _ in range(times)][-1]


def found(request: BaseHTTPRequestHandler, _body: bytes) -> None:
    response(request, 200, FOUND)


def rejected(status: int, code: str) -> Script:
    return lambda request, _: response(request, status, {"__type": PREFIX + code, "message": "-"})


def reset(request: BaseHTTPRequestHandler, _body: bytes) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()
    request.close_connection = True


def closed(request: BaseHTTPRequestHandler, _body: bytes) -> None:
    """Before a byte of the answer."""
    request.close_connection = True


def half(request: BaseHTTPRequestHandler, _body: bytes) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"Item":')
    request.close_connection = True


def spoiled(request: BaseHTTPRequestHandler, _body: bytes) -> None:
    response(request, 200, {"Item": {**KEY, "status": {"S": "active"}}}, x_amz_crc32="1")


def no_json(request: BaseHTTPRequestHandler, _body: bytes) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "6")
    request.end_headers()
    request.wfile.write(b"<html>")


def slow(_request: BaseHTTPRequestHandler, _body: bytes) -> None:
    """No answer until the client has hung up."""
    _request.connection.settimeout(5)
    assert _request.rfile.read(1) == b""
    _request.close_connection = True


MENDED: list[Script] = [
    rejected(500, "InternalServerError"),
    rejected(503, "ServiceUnavailable"),
    rejected(400, "ProvisionedThroughputExceededException"),
    rejected(400, "ThrottlingException"),
    reset,
    closed,
    half,
    spoiled,
    no_json,
    slow,
]
NAMES = [
    "500",
    "503",
    "throughput",
    "throttled",
    "reset",
    "closed",
    "half an answer",
    "another checksum",
    "no JSON",
    "slow",
]


@pytest.mark.parametrize("fault", MENDED, ids=NAMES)
def test_a_passing_fault_is_not_seen(monkeypatch: pytest.MonkeyPatch, fault: Script) -> None:
    service = Service(monkeypatch, fault, fault, found)
    assert service.read() == FOUND
    assert len(service.requests) == 3


@pytest.mark.parametrize("fault", MENDED, ids=NAMES)
def test_a_lasting_fault_ends_after_three_attempts(
    monkeypatch: pytest.MonkeyPatch, fault: Script
) -> None:
    service = Service(monkeypatch, fault)
    with pytest.raises(AwsUnavailable):
        service.read()
    assert len(service.requests) == 3
    assert len(service.pauses) == 2
    assert all(0 <= pause <= 0.4 for pause in service.pauses)


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ExpiredTokenException", "ResourceNotFoundException"]
)
def test_what_another_attempt_would_not_mend_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    service = Service(monkeypatch, rejected(400, code))
    with pytest.raises(AwsRejected, match=f"^{code}$"):
        service.read()
    assert len(service.requests) == 1


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    reader = DynamoDb(SignedClient("dynamodb"))
    with pytest.raises(AwsUnavailable, match="ConnectionRefusedError"):
        reader.get_item(TableName="t", Key=KEY)


def test_a_server_without_a_trusted_certificate_gets_no_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(client, "HTTPSConnection", HTTPSConnection)
    with receiving(tmp_path) as receiver:
        receiver.status = 200
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://{receiver.host}:{receiver.port}")
        with pytest.raises(AwsUnavailable, match="SSLCertVerificationError"):
            SignedClient("dynamodb").post("/", {}, KEY)
        assert receiver.received == []
        monkeypatch.setattr(client, "_tls", lambda: receiver.trust)
        SignedClient("dynamodb").post("/", {}, KEY)
        assert [json.loads(received.body) for received in receiver.received] == [KEY]


def test_a_connection_is_reused(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(monkeypatch, found)
    service.read(times=5)
    assert len(service.connections) == 1


def test_an_open_connection_that_was_closed_is_replaced_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service(monkeypatch, found, closed, found)
    assert service.read(times=2) == FOUND
    assert len(service.connections) == 2
    assert service.pauses == []


def test_a_connection_that_was_idle_for_long_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    minutes = iter(range(0, 1_000_000, 60))
    service = Service(monkeypatch, found)
    service.read(times=3, now=lambda: float(next(minutes)))
    assert len(service.connections) == 3


def test_every_request_is_signed_with_the_credentials_of_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def renewed(request: BaseHTTPRequestHandler, body: bytes) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "second")
        monkeypatch.setenv("AWS_SESSION_TOKEN", "token-2")
        found(request, body)

    service = Service(monkeypatch, renewed, found)
    service.read(times=2)
    first, second = service.requests
    assert "Credential=test/" in first["authorization"]
    assert "x-amz-security-token" not in first
    assert "Credential=second/" in second["authorization"]
    assert second["x-amz-security-token"] == "token-2"
    assert "host;x-amz-date;x-amz-security-token;x-amz-target" in second["authorization"]


@pytest.fixture
def container(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Credentials as a function that was restored from a snapshot gets them; whom it was asked
    by."""
    requested: list[str] = []

    def give(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        requested.append(request.headers["Authorization"])
        response(
            request,
            200,
            {
                "AccessKeyId": f"restored-{len(requested)}",
                "SecretAccessKey": "secret",
                "Token": "token",
                "Expiration": "2027-01-15T09:00:00Z",
            },
        )

    with over_http.server(give) as endpoint:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{endpoint}/credentials")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me")
        yield requested


ENDS = 1_800_003_600.0


def test_credentials_of_a_restored_snapshot_are_renewed_before_they_end(
    container: list[str],
) -> None:
    now = ENDS - 3600
    role = RoleCredentials(lambda: now)
    assert [role.current().key_id for _ in range(2)] == ["restored-1"] * 2
    now = ENDS - 299
    assert role.current().key_id == "restored-2"
    assert container == ["let me", "let me"]


def test_credentials_are_not_used_longer_when_the_clock_is_set_back(container: list[str]) -> None:
    now = ENDS - 3600
    role = RoleCredentials(lambda: now)
    assert role.current().key_id == "restored-1"
    now -= 7200
    assert role.current().key_id == "restored-2"


def test_without_credentials_nothing_is_sent(
    container: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/")
    service = Service(monkeypatch, found)
    with pytest.raises(AwsUnavailable, match="credentials"):
        service.read()
    assert service.requests == []


def test_a_function_that_fails_is_a_fault_without_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(event: Any, _context: object) -> None:
        raise ValueError(event["id_token"])

    with over_http.lambda_of(fails) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", endpoint)
        with pytest.raises(AwsUnavailable) as failure:
            Invoker("f", SignedClient("lambda")).invoke({"id_token": "private"})
    assert "private" not in str(failure.value)
