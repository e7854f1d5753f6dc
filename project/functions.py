"""Runs a function's handler as Lambda would, on events as API Gateway sends them."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from jmpy.access.policy import AccessPolicy, Caller
from project import environment, template
from project.template import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping


API_ID = "api123"
API_HOST = f"{API_ID}.execute-api.eu-west-1.amazonaws.com"
"""Where events of this module were sent to, unless they say otherwise."""

AUTHORIZER_CONTEXT = {
    "apiId": API_ID,
    "domainName": API_HOST,
    "identity": {"sourceIp": "192.0.2.1"},
}
"""`requestContext` of a REQUEST authorizer's event, as far as the authorizer reads it."""


def load(name: str) -> Any:
    """A fresh import of `functions/<name>/app.py`: a cold start."""
    path = PROJECT / "functions" / name / "app.py"
    spec = importlib.util.spec_from_file_location(f"functions_{name}_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def folder(function: str) -> str:
    """`AccessLogsFunction`, a logical id, is in `functions/access_logs`; as functions/Makefile has
    it."""
    return re.sub(r"(?<=.)(?=[A-Z])", "_", function.removesuffix("Function")).lower()


FOLDERS = {
    event.function: folder(event.function) for event in template.api_events() if not event.public
}
"""Functions with protected operations, by logical id, and their folders."""


class Operation(NamedTuple):
    function: str
    method: str
    path: str
    """As in the template: `/api/v1/short-urls/{id}`."""
    summary: str
    access_policy: AccessPolicy


def declared(name: str) -> Any:
    """The function, to read what it declares; its tables do not exist."""
    with mock.patch.dict(os.environ, environment.sample()):
        return load(name)


def operations() -> list[Operation]:
    """Every operation that the functions declare."""
    return [
        Operation(
            function,
            operation.method,
            operation.resource_path,
            operation.summary,
            operation.access_policy,
        )
        for function, folder in FOLDERS.items()
        for operation in declared(folder).resource.operations.values()
    ]


class LambdaContext:
    function_name = "test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:test"
    aws_request_id = "lambda-request"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Response(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text or "{}")

    @property
    def code(self) -> str | None:
        error = self.body.get("error") or {}
        code: str | None = error.get("code")
        return code


def authorizer_context(
    permissions: str = "read write delete", account: str = "a", credential: str = "bearer"
) -> dict[str, str]:
    return {
        "account_id": account,
        "key_id": "key-1",
        "key_name": "T%C3%ABst",
        "plan": "enterprise",
        "permissions": permissions,
        "credential": credential,
        "principalId": account,
    }


def session_context(account: str = "a") -> dict[str, str]:
    """Of somebody who signed in."""
    everything = authorizer_context("read write delete analytics", account, "session")
    return {name: value for name, value in everything.items() if not name.startswith("key_")}


def event(
    method: str,
    path: str,
    *,
    resource: str | None = None,
    parameters: dict[str, str] | None = None,
    body: object = None,
    query: Mapping[str, str | list[str]] | None = None,
    headers: dict[str, str] | None = None,
    authorizer: dict[str, str] | None = None,
    domain_name: str = API_HOST,
) -> dict[str, Any]:
    """An event of a Lambda proxy integration (payload 1.0)."""
    values = {k: v if isinstance(v, list) else [v] for k, v in (query or {}).items()}
    headers = {"Content-Type": "application/json", **(headers or {})}
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    return {
        "resource": resource or path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {k: v[-1] for k, v in values.items()} or None,
        "multiValueQueryStringParameters": values or None,
        "pathParameters": parameters,
        "stageVariables": None,
        "body": text,
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": "request-1",
            "requestTimeEpoch": 1_800_000_000_123,
            "stage": "live",
            "path": f"/live{path}",
            "apiId": API_ID,
            "domainName": domain_name,
            "httpMethod": method,
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "test"},
            **({"authorizer": authorizer} if authorizer is not None else {}),
        },
    }


def at(resource: str, wanted: str, **others: str) -> tuple[str, dict[str, str] | None]:
    """A path of the resource and its parameters, as API Gateway passes them: `wanted` where it has
    `{id}`; where it has another placeholder, what `others` has for it, otherwise `wanted`, too."""
    parameters = {name: others.get(name, wanted) for name in re.findall(r"{(\w+)}", resource)}
    path = re.sub(r"{(\w+)}", lambda placeholder: parameters[placeholder[1]], resource)
    return path, parameters or None


def event_for(operation: Operation, **parts: Any) -> dict[str, Any]:
    """Of a request by somebody who may send it. `parts` are those of `event`."""
    path, parameters = at(operation.path, "some-link")
    is_of_session = operation.access_policy.caller is Caller.SESSION
    return event(
        operation.method,
        path,
        resource=operation.path,
        parameters=parameters,
        authorizer=session_context()
        if is_of_session
        else authorizer_context("read write delete analytics"),
        **parts,
    )


def respond(operation: Operation, sent: dict[str, Any]) -> Response:
    return call(load(FOLDERS[operation.function]).handler, sent)


def authorizer_event(secret: str) -> dict[str, Any]:
    """An event of a REQUEST authorizer, for a request with a key."""
    return {
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/api/v1/short-urls",
        "multiValueHeaders": {"X-API-Key": [secret]},
        "requestContext": AUTHORIZER_CONTEXT,
    }


def call(handler: Any, sent: dict[str, Any]) -> Response:
    response = handler(sent, LambdaContext())
    headers = {k.lower(): v for k, v in (response.get("headers") or {}).items()}
    headers |= {k.lower(): ", ".join(v) for k, v in response.get("multiValueHeaders", {}).items()}
    return Response(response["statusCode"], headers, response["body"])


def site_paths() -> dict[str, set[str]]:
    """The dashboard's pages and forms: methods by path."""
    methods: dict[str, set[str]] = declared("dashboard").site.methods
    return methods
