"""Put the authorizer's context into gateway responses.

MiniStack leaves `$context.authorizer.<key>` in a response's template unchanged, and omits a header
that is mapped from `context.authorizer.<key>`. AWS replaces both by the value that the authorizer
returned, also after a Deny (API Gateway developer guide, "Gateway responses in API Gateway";
docs/aws-behaviours.md has the observations). It must never replace anything twice: a value that
looks like a variable stays as it is.

Tests: tests/emulator/test_gap_gateway_context.py.
"""

import re
from collections.abc import Mapping
from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import Response, current

_VARIABLE = re.compile(rb"\$context\.authorizer\.(\w+)")
_SOURCE = "context.authorizer."


def apply() -> None:
    original, value_of = apigw._gateway_error_response, apigw._gateway_request_value

    def respond(error: Any, request: dict[str, Any]) -> Response:
        status, headers, body = original(error, request)
        values = _values()
        return (
            status,
            headers,
            _VARIABLE.sub(lambda match: values.get(match[1].decode(), "").encode(), body),
        )

    def request_value(source: str, request: dict[str, Any]) -> Any:
        if source.startswith(_SOURCE):
            return _values().get(source.removeprefix(_SOURCE))
        return value_of(source, request)

    apigw._gateway_error_response = respond
    apigw._gateway_request_value = request_value


def _values() -> Mapping[str, str]:
    running = current.get()
    return running.authorizer if running is not None else {}
