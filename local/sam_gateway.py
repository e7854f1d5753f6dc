"""`sam local` with our gateway's denials: with the gateway responses of the template. SAM's own
server has none, denies every request with its own text, and treats an authorizer that fails with
"Unauthorized" as broken.

Runs with the Python of the SAM CLI's environment, whose version is locked, because it depends on
its internals. GATEWAY_RESPONSES contains the template's GatewayResponses as JSON.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import uuid
from typing import Any

from flask import Response, g, request
from samcli.cli.main import cli
from samcli.local.apigw.exceptions import (
    AuthorizerUnauthorizedRequest,
    InvalidLambdaAuthorizerResponse,
    LambdaResponseParseException,
)
from samcli.local.apigw.local_apigw_service import LocalApigwService
from samcli.local.apigw.service_error_responses import ServiceErrorResponses
from samcli.local.services.base_local_service import LambdaOutputParser

from local.emulator import browsers

RESPONSES: dict[str, Any] = json.loads(os.environ["GATEWAY_RESPONSES"])
_VARIABLE = re.compile(r"\$context\.authorizer\.(\w+)")


def deny() -> Response:
    """The gateway response of the kind that was set, in the format of the REST API."""
    described = RESPONSES[g.pop("kind", "ACCESS_DENIED")]
    context = g.get("context", {})
    response = Response(
        _VARIABLE.sub(
            lambda match: str(context.get(match[1], "")),
            described["ResponseTemplates"]["application/json"],
        ),
        status=described["StatusCode"],
        content_type="application/json",
    )
    for name, value in described["ResponseParameters"]["Headers"].items():
        if isinstance(value, str):
            response.headers[name] = header_value(value, context)
        elif "allowed_origin" in context:
            # They depend on the condition that origins are allowed: [condition, value, nothing].
            ((_, allowed, _),) = value.values()
            response.headers[name] = header_value(allowed, context)
    return response


def header_value(source: str, context: dict[str, Any]) -> str:
    """Of a literal in apostrophes, of the request's id, or of the authorizer's context."""
    if source.startswith("'"):
        return source.strip("'")
    return str(context.get(source.rpartition(".")[2], uuid.uuid4()))


def reject_foreign() -> Response | None:
    """What the public address rejects (docs/local.md), since this is the same API."""
    headers = {name.lower(): value for name, value in request.headers}
    reason = browsers.rejection_by_api(
        request.method,
        request.path,
        headers,
        origins=browsers.listed_in(os.environ["JMPY_ORIGINS"]),
    )
    if reason is None:
        return None
    body = json.dumps({"message": f"{reason} See docs/local.md."})
    return Response(body, status=403, content_type="application/json")


def output_of(output: str) -> dict[str, Any]:
    """What a function returned, or, if it raised, the error as Lambda's runtime reports it."""
    try:
        response = json.loads(output)
    except ValueError:
        return {}
    return response if isinstance(response, dict) else {}


def without_query(record: logging.LogRecord) -> bool:
    """A key may be in the query string of a request, and is for no log."""
    record.msg, record.args = re.sub(r"\?\S+", "?...", record.getMessage()), ()
    return True


def apply() -> None:
    get_output = LambdaOutputParser.get_lambda_output
    authorize = LocalApigwService._invoke_parse_lambda_authorizer
    create = LocalApigwService.create

    def noting(stdout: Any) -> Any:
        output, failed = get_output(stdout)
        returned = output_of(output)
        g.error, g.context = returned.get("errorMessage"), returned.get("context") or {}
        return output, failed

    def authorizing(self: Any, *arguments: Any) -> None:
        try:
            authorize(self, *arguments)
        except (InvalidLambdaAuthorizerResponse, LambdaResponseParseException):
            g.kind = "UNAUTHORIZED" if g.error == "Unauthorized" else "AUTHORIZER_FAILURE"
            raise AuthorizerUnauthorizedRequest(g.kind) from None

    def creating(self: Any) -> None:
        create(self)
        self._app.before_request(reject_foreign)

    LocalApigwService.create = creating
    LambdaOutputParser.get_lambda_output = staticmethod(noting)
    LocalApigwService._invoke_parse_lambda_authorizer = authorizing
    ServiceErrorResponses.lambda_authorizer_unauthorized = staticmethod(deny)
    logging.getLogger("werkzeug").addFilter(without_query)


if __name__ == "__main__":
    # In the background of a shell SIGINT is ignored, and SIGTERM would leave the containers there.
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, signal.default_int_handler)
    apply()
    cli(prog_name="sam")
