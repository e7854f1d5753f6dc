"""Put the authorizer's context into gateway responses.

MiniStack leaves `$context.authorizer.<key>` in a response's template as it stands. On AWS it is
replaced by the value that the authorizer returned, after a Deny, too (API Gateway developer guide,
"Gateway responses in API Gateway"; what was observed is in docs/aws-behaviours.md). It must never
put anything in twice: a value that looks like a variable stays as it is.
"""

import re
from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import Answer, current

_VARIABLE = re.compile(rb"\$context\.authorizer\.(\w+)")


def apply() -> None:
    original = apigw._gateway_error_response

    def respond(error: Any, request: dict[str, Any]) -> Answer:
        status, headers, body = original(error, request)
        running = current.get()
        values = running.authorizer if running is not None else {}
        return (
            status,
            headers,
            _VARIABLE.sub(lambda m: values.get(m[1].decode(), "").encode(), body),
        )

    apigw._gateway_error_response = respond
