"""One resource's operations, each declared with the permission that it needs.

The order of every request: identity (401), permission (403), query and body (400, 415, 422), the
work. An operation declared without a permission refuses everybody.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import (
    OpenAPIRequestValidationMiddleware,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel

from jmpy.http import errors, identity, validation
from jmpy.http.body import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.http.errors import ApiError
    from jmpy.keys.model import Permission

LEGACY_DEPRECATION = "@1767225600"
"""RFC 9745: since when `?api_key=` is deprecated, as a structured date (2026-01-01, UTC)."""

logger = Logger()


class Api(APIGatewayRestResolver):
    def __init__(self) -> None:
        super().__init__(json_body_deserializer=parse_json, serializer=_to_json)
        self.permissions: dict[tuple[str, str], Permission | None] = {}
        """What each (method, path) needs; read by the tests that walk the template."""
        self.exception_handler(Exception)(_answer_exception)
        self.not_found(lambda _error: _to_response(errors.NO_ROUTE))

    @property
    def caller(self) -> identity.Identity:
        """Who sent the request that is being answered."""
        caller: identity.Identity = self.context["identity"]
        return caller

    def operation(
        self, method: str, path: str, *, permission: Permission | None = None, status: int = 200
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declares the operation that serves `method` and `path`."""
        self.permissions[method, path] = permission

        def authorize(app: APIGatewayRestResolver, next_middleware: Any) -> Response[Any]:
            if permission is None or permission not in self.caller.permissions:
                raise errors.Forbidden
            return next_middleware(app)  # type: ignore[no-any-return]

        # Powertools' own switch validates before any other middleware runs; here a caller
        # without permission must not learn what the operation would have accepted.
        return self.route(
            path,
            method,
            status_code=status,
            middlewares=[authorize, validation.check, OpenAPIRequestValidationMiddleware()],
        )

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda handler: answers every event, and logs one line about it."""
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        logger.append_keys(request_id=request_id)
        caller: identity.Identity | None = None
        try:
            caller = identity.from_event(event)
            self.append_context(identity=caller)
            answer: dict[str, Any] = self.resolve(event, context)
        except identity.NoIdentity:
            answer = _proxy_response(errors.UNAUTHORIZED)
        headers = answer.setdefault("multiValueHeaders", {})
        headers["X-Request-Id"] = [request_id]
        headers["Cache-Control"] = ["no-store"]
        if caller and caller.credential == "query":
            headers["Deprecation"] = [LEGACY_DEPRECATION]
        logger.info(
            "request",
            method=event["httpMethod"],
            route=event["resource"],
            status=answer["statusCode"],
            account_id=caller.account_id if caller else None,
            key_id=caller.key_id if caller else None,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )
        return answer


def _answer_exception(error: Exception) -> Response[str]:
    if isinstance(error, RequestValidationError):
        api_error = validation.to_api_error(error)
    else:
        api_error = errors.from_exception(error)
    if api_error.is_fault:
        logger.exception(api_error.code)
    return _to_response(api_error)


def _to_response(error: ApiError) -> Response[str]:
    return Response(error.status, content_types.APPLICATION_JSON, error.to_json(), error.headers)


def _proxy_response(error: ApiError) -> dict[str, Any]:
    headers = {"Content-Type": content_types.APPLICATION_JSON, **error.headers}
    return {
        "statusCode": error.status,
        "body": error.to_json(),
        "isBase64Encoded": False,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
    }


def _to_json(body: Any) -> str:
    if isinstance(body, BaseModel):
        return body.model_dump_json()
    return json.dumps(body, ensure_ascii=False)
