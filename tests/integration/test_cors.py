"""What browsers learn about requests of other origins, at every operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.gateway import cors
from openapi.components import HEADERS
from project import functions, template
from tests.integration.test_operations import OPERATIONS, every_operation, response_to

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

APP = "https://app.example.com"
ALLOWED = {cors.CONTEXT_KEY: APP}
EVIL = "https://evil.example"
SAFELISTED = {"Cache-Control", "Content-Type"}
"""Of the responses' headers, which every page may read (Fetch standard)."""
PROTECTED = sorted({(one.function, one.path) for one in OPERATIONS})


def preflight(function: str, path: str, context: dict[str, str] | None) -> Response:
    app = functions.load(functions.FOLDERS[function])
    sent = functions.event(
        "OPTIONS",
        functions.at(path, "some-link")[0],
        resource=path,
        headers={"Origin": EVIL, "Access-Control-Request-Method": "DELETE"},
        authorizer=context,
    )
    return functions.call(app.handler, sent)


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize(("function", "path"), PROTECTED)
def test_a_preflight_is_allowed_what_the_path_serves(function: str, path: str) -> None:
    served = ", ".join(sorted(one.method for one in OPERATIONS if one.path == path))
    response = preflight(function, path, ALLOWED)
    assert (response.status, response.text) == (204, "")
    assert response.headers["allow"] == response.headers["access-control-allow-methods"] == served
    assert response.headers["access-control-allow-origin"] == APP
    allowed = set(response.headers["access-control-allow-headers"].split(", "))
    assert {"Authorization", "X-API-Key", "Content-Type", "If-Match", "Idempotency-Key"} <= allowed
    assert response.headers["access-control-max-age"] == str(cors.MAX_AGE)
    assert response.headers["vary"] == "Origin"
    assert response.headers["x-request-id"]
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize(("function", "path"), PROTECTED)
@pytest.mark.parametrize("context", [None, {}])
def test_a_preflight_of_another_origin_gets_a_response_and_is_allowed_nothing(
    function: str, path: str, context: dict[str, str] | None
) -> None:
    """204, as for everybody: 401 would say that a key is missing, and none is sent with it."""
    response = preflight(function, path, context)
    assert (response.status, response.text, response.headers["vary"]) == (204, "", "Origin")
    assert [name for name in response.headers if name.startswith("access-control")] == []
    assert response.headers["allow"]


@every_operation
def test_a_response_can_be_read_by_an_allowed_origin_also_when_it_is_an_error(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    for context in (functions.authorizer_context() | ALLOWED, ALLOWED):
        headers = response_to(operation, context).headers
        assert (headers["access-control-allow-origin"], headers["vary"]) == (APP, "Origin")
        assert headers["access-control-expose-headers"] == ", ".join(cors.RESPONSE_HEADERS)
        assert "access-control-allow-credentials" not in headers


@every_operation
def test_and_by_no_other(dynamodb: DynamoDBClient, operation: functions.Operation) -> None:
    headers = response_to(operation, functions.authorizer_context()).headers
    assert [name for name in headers if name.startswith("access-control")] == []
    assert headers["vary"] == "Origin"


def test_every_documented_header_can_be_read() -> None:
    assert set(cors.RESPONSE_HEADERS) == set(HEADERS) - SAFELISTED


@pytest.mark.parametrize("origin", [APP, EVIL, "null"])
def test_the_document_of_the_api_can_be_read_by_all(origin: str) -> None:
    app = functions.declared("docs")
    headers = {"Origin": origin}
    response = functions.call(app.handler, functions.event("GET", "/openapi.json", headers=headers))
    assert response.headers["access-control-allow-origin"] == "*"
    again = headers | {"If-None-Match": response.headers["etag"]}
    stored = functions.call(app.handler, functions.event("GET", "/openapi.json", headers=again))
    assert (stored.status, stored.headers["access-control-allow-origin"]) == (304, "*")
    requested = functions.event("OPTIONS", "/openapi.json", headers=headers)
    allowed = functions.call(app.handler, requested)
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (204, "*")
    page = functions.call(app.handler, functions.event("GET", "/docs", headers=headers))
    assert "access-control-allow-origin" not in page.headers


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_redirects_are_for_no_origin(method: str) -> None:
    app = functions.load("redirect")
    sent: dict[str, Any] = functions.event(
        method, "/abc", resource="/{proxy+}", parameters={"proxy": "abc"}, headers={"Origin": APP}
    )
    response = functions.call(app.handler, sent)
    assert response.status not in (401, 403)
    assert [name for name in response.headers if name.startswith("access-control")] == []


def test_only_the_authorizer_has_the_list() -> None:
    """So that there is one comparison, and functions cannot disagree with the gateway."""
    known = [
        name
        for name, function in template.resources("AWS::Serverless::Function").items()
        if "AllowedOrigins" in str(function.get("Environment", {}))
    ]
    assert known == ["AuthorizerFunction"]
