"""Check every request to the emulator's own port before it is served.

MiniStack serves everything that reaches its port: pages of any origin, to which it allows reading
by CORS, and any user of the machine, including its own switches (`/_ministack/reset`). With a
function created on it one can run programs as its user. AWS is not on anybody's machine; where its
services require a signature, this does (`local/emulator/signatures.py`); requests that a page of
another origin may have sent are in `local/emulator/browsers.py`. People use the API at another
address (`public_address`). It must never open a path that is not named here.

Tests: tests/emulator/test_gap_front_door.py.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, quote

from ministack import app
from ministack.core import iam_actions, router, sigv4

from local.emulator import browsers, name_server, signatures

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Served = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = dict[str, str]
Response = tuple[int, dict[str, str], bytes]

_HEALTH = "/_ministack/health"
_ICON = "/favicon.ico"
"""Browsers request it for the sign-in page, which names none."""
_SWITCHES = ("/_ministack/", "/_localstack/")
_SENT_MAIL = "/_ministack/ses/messages"
"""Behind a signature, like a service."""

_SIGN_IN_PAGES = {("GET", "/oauth2/authorize"), ("GET", "/login"), ("GET", "/logout")}
_SIGN_IN_ENDPOINTS = {
    ("POST", "/login"),
    ("POST", "/oauth2/login"),
    ("POST", "/oauth2/token"),
    ("POST", "/oauth2/revoke"),
    ("GET", "/oauth2/userInfo"),
    ("POST", "/oauth2/userInfo"),
}
_WELL_KNOWN = re.compile(r"/([\w-]+)/\.well-known/(jwks\.json|openid-configuration)")
_USER_POOLS = "AWSCognitoIdentityProviderService"


def apply() -> None:
    """Put the door before MiniStack."""
    app.app = _door(app.app)


def _door(served: Served) -> Served:
    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await served(scope, receive, send)
        elif scope["type"] == "websocket":
            # Nothing here uses WebSockets, and browsers open them to any origin.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif reason := _rejection(scope, headers := headers_of(scope)):
            await reject(send, reason)
        elif (scope["method"], scope["path"]) == ("GET", _ICON):
            await app._send_response(send, 204, {}, b"")
        elif (scope["method"], scope["path"]) == ("GET", name_server.PATH):
            found = name_server.respond(scope["query_string"])
            await app._send_response(send, 200, {"Content-Type": "application/dns-json"}, found)
        elif _is_api(scope["path"]):
            # Its CORS headers are those that the API has on AWS as well.
            await served(scope, receive, send)
        elif _is_public(scope, headers):
            await served(scope, receive, _without_cors(send))
        elif (body := await _body(receive)) is not None:
            if response := _unsigned(scope, headers, body):
                await app._send_response(send, *response)
            else:
                await served(scope, _again(body, receive), _without_cors(send))

    return door


def _rejection(scope: Scope, headers: Headers) -> str | None:
    """Why a request with this is rejected, no matter who sent it."""
    method, path, host = scope["method"], scope["path"], headers.get("host", "")
    if not browsers.is_loopback(host) and host not in browsers.listed_in(os.environ["JMPY_HOSTS"]):
        return "The name of this emulator is 127.0.0.1 or localhost."
    if browsers.is_foreign(method, headers, navigable=(method, path) in _SIGN_IN_PAGES):
        return "Pages of other origins have no access to this emulator."
    if path.startswith(_SWITCHES) and path not in (_HEALTH, _SENT_MAIL):
        return "This switch of the emulator is closed."
    return None


def _is_api(path: str) -> bool:
    """Whether a deployed API gets the request, which decides about it itself, as on AWS."""
    return app._parse_execute_api_url("", path) is not None


def headers_of(scope: Scope) -> Headers:
    """By name in lower case; several lines of one name as SigV4 signs them."""
    found: Headers = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), sigv4.decode_header_value(value)
        found[key] = f"{found[key]},{text}" if key in found else text
    return found


def _is_public(scope: Scope, headers: Headers) -> bool:
    """Whether AWS requires no signature either: requests of browsers and clients to Cognito."""
    method, path = scope["method"], scope["path"]
    if (method, path) in {("GET", _HEALTH), *_SIGN_IN_PAGES, *_SIGN_IN_ENDPOINTS}:
        return True
    if method == "GET" and (pool := _WELL_KNOWN.fullmatch(path)):
        return app._get_module("cognito")._get_pool_unscoped(pool[1]) is not None
    service, _, operation = headers.get("x-amz-target", "").rpartition(".")
    return (
        (method, path, scope["query_string"]) == ("POST", "/", b"")
        and "authorization" not in headers
        and service == _USER_POOLS
        and operation in iam_actions.unsigned_operations("cognito-idp")
    )


def _unsigned(
    scope: Scope, headers: Headers, body: bytes
) -> tuple[int, dict[str, str], bytes] | None:
    """The response to a request without a valid signature."""
    raw_path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
    query = parse_qs(scope["query_string"].decode(errors="replace"), keep_blank_values=True)
    failure = signatures.failure(scope["method"], raw_path, query, headers, body)
    if failure is None:
        return None
    service = router.detect_service(scope["method"], scope["path"], headers, query)
    response: Response = app._credential_failure(service, "", str(uuid.uuid4()), failure, headers)
    return response


async def _body(receive: Receive) -> bytes | None:
    chunks = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, for the code that reads it next."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


def _without_cors(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            remaining = [
                (name, value)
                for name, value in message.get("headers", [])
                if not name.lower().startswith(b"access-control-")
            ]
            message = {**message, "headers": remaining}
        await send(message)

    return sending


async def reject(send: Send, reason: str) -> None:
    body = json.dumps({"message": f"{reason} See docs/local.md."}).encode()
    await app._send_response(send, 403, {"Content-Type": "application/json"}, body)
