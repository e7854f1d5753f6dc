"""Give functions and authorizers the headers of a request as they were sent.

MiniStack puts names in lower case and joins the values of one name. On AWS names arrive as they
were sent, except `Authorization`, `Host` and `User-Agent`, each value of a repeated header is an
element of `multiValueHeaders`, and some headers do not reach a function (API Gateway developer
guide, "Lambda proxy integrations in API Gateway"; recorded by LocalStack's
`test_lambda_aws_proxy_integration` and `TestApiGatewayHeaderRemapping`). It must never add a
header.

Tests: tests/emulator/test_gap_request_headers.py.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from hypercorn.config import Config
from ministack import app
from ministack.core.sigv4 import decode_header_value
from ministack.services import apigateway_v1 as apigw

_CAPITALIZED = {"authorization": "Authorization", "host": "Host", "user-agent": "User-Agent"}
_DROPPED = {
    "connection", "content-length", "content-md5", "expect", "max-forwards", "proxy-authenticate",
    "server", "te", "trailer", "transfer-encoding", "upgrade", "www-authenticate",
}  # fmt: skip
_sent: ContextVar[Iterable[tuple[bytes, bytes]]] = ContextVar("sent", default=())


def apply() -> None:
    Config.h11_pass_raw_headers = True
    _remember_headers()
    _replace_headers()


def _remember_headers() -> None:
    served = app.app

    async def serve(scope: dict[str, Any], receive: Any, send: Any) -> None:
        _sent.set(scope.get("headers", ()))
        await served(scope, receive, send)

    app.app = serve


def _replace_headers() -> None:
    build, authorize = apigw._build_lambda_event_v1, apigw._invoke_authorizer_lambda

    def build_event(*arguments: Any, **named: Any) -> dict[str, Any]:
        event: dict[str, Any] = build(*arguments, **named)
        _replace(event, _DROPPED)
        return event

    async def invoke_authorizer(authorizer: Any, event: dict[str, Any], *rest: Any) -> Any:
        # A TOKEN authorizer's event has no headers.
        if "headers" in event:
            _replace(event, set())
        return await authorize(authorizer, event, *rest)

    apigw._build_lambda_event_v1 = build_event
    apigw._invoke_authorizer_lambda = invoke_authorizer


def _replace(event: dict[str, Any], dropped: set[str]) -> None:
    sent: dict[str, list[tuple[str, str]]] = {}
    for raw, value in _sent.get():
        name = raw.decode("latin-1")
        sent.setdefault(name.lower(), []).append((name, decode_header_value(value)))
    values: dict[str, list[str]] = {}
    for name, received in event["headers"].items():
        if name in dropped:
            continue
        lines = sent.get(name) or [(name, received)]
        # MiniStack's value, unless it joined several: another adapter may have replaced it.
        values[_CAPITALIZED.get(name, lines[0][0])] = (
            [value for _, value in lines] if len(lines) > 1 else [received]
        )
    event["multiValueHeaders"] = values
    event["headers"] = {name: found[-1] for name, found in values.items()}
