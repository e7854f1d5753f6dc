"""API Gateway in process: sends requests of an HTTP client to the handlers of the functions.

Routes, the authorizer and the gateway's own responses are those of template.yaml. Throttling and
usage plans are left out.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections import defaultdict
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from project import functions, template

BASE_URL = "https://api123.execute-api.eu-west-1.amazonaws.com/live"
_VARIABLE = re.compile(r"\$?context\.(authorizer\.)?(\w+)")
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class InProcess(httpx.BaseTransport):
    """Each function has one execution environment."""

    def __init__(self) -> None:
        self.source_ip = "192.0.2.1"
        """Of whoever connects."""
        self._apps: dict[str, Any] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        event = _event(request, self.source_ip)
        route = _route(request.method, event["path"])
        event |= {"resource": route.path, "pathParameters": route.parameters(event["path"])}
        event["requestContext"] |= {"resourcePath": route.path}
        if not route.public:
            try:
                found = self._handler("AuthorizerFunction")(
                    _asked(event), functions.LambdaContext()
                )
            except Exception as error:
                if str(error) != "Unauthorized":
                    raise
                return _of_the_gateway("UNAUTHORIZED", event, {})
            context = {**found["context"], "principalId": found["principalId"]}
            if found["policyDocument"]["Statement"][0]["Effect"] != "Allow":
                return _of_the_gateway("ACCESS_DENIED", event, context)
            event["requestContext"]["authorizer"] = context
        response = self._handler(route.function)(event, functions.LambdaContext())
        headers = dict(response.get("headers") or {})
        repeated = response.get("multiValueHeaders") or {}
        return httpx.Response(
            response["statusCode"],
            headers=[*headers.items(), *((n, v) for n, held in repeated.items() for v in held)],
            content=base64.b64decode(response["body"])
            if response.get("isBase64Encoded")
            else (response.get("body") or "").encode(),
        )

    def _handler(self, function: str) -> Any:
        if function not in self._apps:
            name = function.removesuffix("Function")
            self._apps[function] = functions.load(_WORD.sub("_", name).lower())
        return self._apps[function].handler


class _Route:
    def __init__(self, event: template.Event) -> None:
        self.function, self.path, self.public = event.function, event.path, event.public
        self._method = event.method
        pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", event.path)
        self._pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))

    def fits(self, method: str, path: str) -> bool:
        return self._method in ("ANY", method) and self._pattern.fullmatch(path) is not None

    def parameters(self, path: str) -> dict[str, str] | None:
        found = self._pattern.fullmatch(path)
        return {name: unquote(text) for name, text in found.groupdict().items()} if found else None


@cache
def _routes() -> list[_Route]:
    """Those without parameters first, and greedy ones last."""
    events = sorted(
        template.api_events(),
        key=lambda event: ("+}" in event.path, event.path.count("{"), -len(event.path)),
    )
    return [_Route(event) for event in events]


def _route(method: str, path: str) -> _Route:
    return next(route for route in _routes() if route.fits(method, path))


def _event(request: httpx.Request, source_ip: str) -> dict[str, Any]:
    """As of a Lambda proxy integration (payload 1.0)."""
    url = urlsplit(str(request.url))
    path = url.path.removeprefix(urlsplit(BASE_URL).path) or "/"
    headers: dict[str, list[str]] = defaultdict(list)
    for name, value in request.headers.raw:
        headers[name.decode()].append(value.decode("latin-1"))
    query = parse_qs(url.query, keep_blank_values=True, errors="replace")
    body = request.read()
    return {
        "path": path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": dict(headers),
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "stageVariables": None,
        "body": body.decode(errors="replace") if body else None,
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": secrets.token_hex(8),
            "extendedRequestId": secrets.token_hex(8),
            "requestTimeEpoch": int(time.time() * 1000),
            "stage": "live",
            "path": f"/live{path}",
            "apiId": "api123",
            "domainName": url.hostname,
            "httpMethod": request.method,
            "identity": {"sourceIp": source_ip, "userAgent": "test"},
        },
    }


def _asked(event: dict[str, Any]) -> dict[str, Any]:
    """Of the authorizer."""
    arn = f"arn:aws:execute-api:eu-west-1:123456789012:api123/live/{event['httpMethod']}"
    left_out = ("body", "isBase64Encoded")
    sent = {name: value for name, value in event.items() if name not in left_out}
    return {**sent, "type": "REQUEST", "methodArn": f"{arn}{event['path']}"}


def _of_the_gateway(kind: str, event: dict[str, Any], context: dict[str, Any]) -> httpx.Response:
    """A gateway response of the template."""
    values = {**context, "requestId": event["requestContext"]["requestId"]}

    def filled(text: str) -> str:
        return _VARIABLE.sub(lambda found: str(values.get(found[2], "")), text).strip("'")

    api = template.resources("AWS::Serverless::Api")["Api"]
    response = api["GatewayResponses"][kind]
    headers = response["ResponseParameters"]["Headers"]
    return httpx.Response(
        response["StatusCode"],
        # The others depend on AllowedOrigins, which is empty.
        headers={name: filled(text) for name, text in headers.items() if isinstance(text, str)}
        | {"Content-Type": "application/json"},
        content=filled(response["ResponseTemplates"]["application/json"]),
    )
