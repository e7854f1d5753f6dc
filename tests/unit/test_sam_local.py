"""What `make sam-local` adds to SAM: a template, gateway responses, the way to the emulator."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from jmpy.access.errors import INVALID
from jmpy.authorizer import denial
from jmpy.authorizer.hints import Hint
from local import deploy, sam_local
from local.relay import relay
from project import template

BASE_URL = "http://127.0.0.1:4001"
ENDPOINT = "http://127.0.0.1:40012"
"""Which begins with the other."""
ADDRESSES = {BASE_URL: "http://127.0.0.1:3000", ENDPOINT: "http://10.88.0.1:40000"}


@pytest.fixture(scope="module")
def created() -> dict[str, Any]:
    queue = f"{ENDPOINT}/000000000000/clicks"
    variables = {
        name: {"PUBLIC_BASE_URL": BASE_URL, "CLICKS_QUEUE_URL": queue, "LINKS_TABLE": "links-1"}
        for name in template.resources("AWS::Serverless::Function")
    }
    aws = {"AWS_ENDPOINT_URL": "http://10.88.0.1:40000", "AWS_ACCESS_KEY_ID": "AKIADRAWN"}
    return sam_local.local_template(template.load(), variables, ADDRESSES, aws, "x86_64")


def of_kind(created: dict[str, Any], kind: str) -> dict[str, Any]:
    found = created["Resources"].items()
    return {name: body["Properties"] for name, body in found if body["Type"] == kind}


def test_it_has_the_authorizer_and_every_function_of_the_api(created: dict[str, Any]) -> None:
    functions = of_kind(created, "AWS::Serverless::Function")
    of_the_api = {event.function for event in template.api_events()}
    assert set(functions) == of_the_api | {"AuthorizerFunction"}
    events = [e for f in functions.values() for e in f.get("Events", {}).values()]
    assert len(events) == len(list(template.api_events()))
    assert (
        created["Resources"]["Api"]["Properties"]["Auth"]["DefaultAuthorizer"] == "ApiKeyAuthorizer"
    )


def test_functions_have_their_runtime_on_this_machines_processor(
    created: dict[str, Any],
) -> None:
    assert created["Globals"]["Function"]["Runtime"] == "python3.14"
    for function in of_kind(created, "AWS::Serverless::Function").values():
        assert function["Architectures"] == ["x86_64"]
        assert "Policies" not in function
    for layer in of_kind(created, "AWS::Serverless::LayerVersion").values():
        assert layer["CompatibleArchitectures"] == ["x86_64"]


def test_a_function_has_the_deployed_environment_at_addresses_that_it_can_reach(
    created: dict[str, Any],
) -> None:
    variables = of_kind(created, "AWS::Serverless::Function")["RedirectFunction"]["Environment"]
    assert variables["Variables"] == {
        "PUBLIC_BASE_URL": "http://127.0.0.1:3000",
        "CLICKS_QUEUE_URL": "http://10.88.0.1:40000/000000000000/clicks",
        "LINKS_TABLE": "links-1",
        "AWS_ENDPOINT_URL": "http://10.88.0.1:40000",
        "AWS_ACCESS_KEY_ID": "AKIADRAWN",
    }


def test_the_template_of_the_product_is_left_as_it_is(created: dict[str, Any]) -> None:
    assert template.load()["Globals"]["Function"]["Architectures"] == ["arm64"]
    layers = template.resources("AWS::Serverless::LayerVersion").values()
    assert [layer["CompatibleArchitectures"] for layer in layers] == [["arm64"], ["arm64"]]


_DENY = """
import json, os, sys
from flask import Flask, g
from local import sam_gateway
with Flask("test").test_request_context():
    for kind in sys.argv[1:]:
        g.kind = kind
        g.context = json.loads(os.environ["CONTEXT"])
        response = sam_gateway.deny()
        print(json.dumps([response.status_code, response.get_json(), dict(response.headers)]))
    print(json.dumps(sam_gateway.output_of('{"errorMessage": "Unauthorized"}')))
    print(json.dumps(sam_gateway.output_of("[]")))
"""


def test_denials_are_the_gateway_responses_of_the_template() -> None:
    responses = sam_local.responses_of(template.load())
    kinds = ("UNAUTHORIZED", "ACCESS_DENIED", "AUTHORIZER_FAILURE")
    hinted = denial.context(INVALID, Hint.SHORT) | {"allowed_origin": "https://a.example"}
    environment = {
        **os.environ, "GATEWAY_RESPONSES": json.dumps(responses), "CONTEXT": json.dumps(hinted),
    }  # fmt: skip
    done = subprocess.run(
        [str(sam_local.SAM_PYTHON), "-c", _DENY, *kinds],
        cwd=deploy.PROJECT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    *denials, raised, other = map(json.loads, done.stdout.splitlines())
    for kind, (status, body, headers) in zip(kinds, denials, strict=True):
        assert status == responses[kind]["StatusCode"]
        if kind != "ACCESS_DENIED":
            assert body == json.loads(responses[kind]["ResponseTemplates"]["application/json"])
        assert headers["Content-Type"] == "application/json"
        assert len(headers["X-Request-Id"]) == 36
    assert denials[1][1]["error"]["details"] == {"hint": Hint.SHORT}
    assert denials[1][2]["Access-Control-Allow-Origin"] == "https://a.example"
    assert denials[1][2]["Vary"] == "Origin"
    assert [headers.get("WWW-Authenticate") for _, _, headers in denials] == [
        'Bearer realm="Jmpy"',
        'Bearer realm="Jmpy", error="invalid_token"',
        None,
    ]
    assert denials[2][2]["Retry-After"] == "5"
    assert (raised, other) == ({"errorMessage": "Unauthorized"}, {})


_VISIT = """
import json, sys
from flask import Flask, request
from samcli.local.apigw.event_constructor import construct_v1_event
from samcli.local.apigw.local_apigw_service import LocalApigwService
from local import sam_gateway
def host():
    return construct_v1_event(request, 3000, [])["requestContext"]["domainName"]
def create(self):
    self._app = Flask("test")
    for path in ("/", "/api/v1/usage"):
        self._app.add_url_rule(path, path, lambda: "served", methods=["GET", "POST"])
    self._app.add_url_rule("/host", "/host", host)
LocalApigwService.create = create
sam_gateway.apply()
service = LocalApigwService.__new__(LocalApigwService)
service.create()
for method, host, headers, path in json.loads(sys.argv[1]):
    made = {"base_url": f"http://{host}", "headers": headers, "method": method}
    response = service._app.test_client().open(path, **made)
    print(response.text if path == "/host" else response.status_code)
"""

FOLLOWED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


def test_pages_of_other_origins_get_nothing_of_it_either(tmp_path: Path) -> None:
    (tmp_path / "origins").write_text("http://localhost:5173")
    allowed = {"Origin": "http://localhost:5173", "Sec-Fetch-Site": "cross-site"}
    requests: list[tuple[str, str, dict[str, str], int | str]] = [
        ("POST", "127.0.0.1:3000/api/v1/usage", allowed, 200),
        ("GET", "127.0.0.1:3000/api/v1/usage", {"Origin": "http://localhost:5174"}, 403),
        ("POST", "127.0.0.1:3000", allowed, 403),
        ("GET", "127.0.0.1:3000", {}, 200),
        ("POST", "localhost:3000", {"Origin": "http://localhost:3000"}, 200),
        ("GET", "127.0.0.1:3000", {**FOLLOWED, "Sec-Fetch-Dest": "document"}, 200),
        ("GET", "127.0.0.1:3000", {**FOLLOWED, "Sec-Fetch-Dest": "iframe"}, 403),
        ("POST", "127.0.0.1:3000", {**FOLLOWED, "Sec-Fetch-Dest": "document"}, 403),
        ("GET", "127.0.0.1:3000", {"Origin": "http://127.0.0.1:4566"}, 403),
        # Its functions decide about the host, as on AWS, and get it in their events.
        ("GET", "go.acme.test:3000", {}, 200),
        ("GET", "go.acme.test:3000/host", {}, "go.acme.test:3000"),
    ]
    sent = [
        (method, address.partition("/")[0], headers, f"/{address.partition('/')[2]}")
        for method, address, headers, _ in requests
    ]
    settings = {"GATEWAY_RESPONSES": "{}", "JMPY_ORIGINS": str(tmp_path / "origins")}
    done = subprocess.run(
        [str(sam_local.SAM_PYTHON), "-c", _VISIT, json.dumps(sent)],
        cwd=deploy.PROJECT, env=os.environ | settings, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [str(expected) for *_, expected in requests]


def test_a_relay_carries_both_ways_and_ends() -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def echo() -> None:
        connection, _ = server.accept()
        with connection:
            while data := connection.recv(1024):
                connection.sendall(data.upper())

    threading.Thread(target=echo, daemon=True).start()
    with (
        relay("127.0.0.1", server.getsockname()) as port,
        socket.create_connection(("127.0.0.1", port), timeout=5) as client,
    ):
        client.sendall(b"hello")
        assert client.recv(1024) == b"HELLO"
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1024) == b""
    server.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)
