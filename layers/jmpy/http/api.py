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

from jmpy.http import documentation, identity, validation
from jmpy.http import errors as api_errors
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
        self._answer_headers: dict[str, list[str]] = {}
        self.exception_handler(Exception)(_answer_exception)
        self.not_found(lambda _error: _to_response(self._no_operation()))

    @property
    def caller(self) -> identity.Identity:
        """Who sent the request that is being answered."""
        caller: identity.Identity = self.context["identity"]
        return caller

    def answer_with(self, name: str, value: str) -> None:
        """Adds a header to the answer of the request at hand."""
        self._answer_headers[name] = [value]

    def operation(
        self,
        method: str,
        path: str,
        *,
        permission: Permission | None = None,
        summary: str = "",
        status: int = 200,
        errors: tuple[int, ...] = (),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declares the operation that serves `method` and `path`. `status` is that of success,
        `errors` those that it can answer with beyond the ones of every operation."""
        self.permissions[method, path] = permission

        def authorize(app: APIGatewayRestResolver, next_middleware: Any) -> Response[Any]:
            if permission is None or permission not in self.caller.permissions:
                raise api_errors.Forbidden
            return next_middleware(app)  # type: ignore[no-any-return]

        # Powertools' own switch validates before any other middleware runs; here a caller
        # without permission must not learn what the operation would have accepted.
        return self.route(
            path,
            method,
            summary=summary,
            description=f"Needs the permission `{permission}`.",
            responses=documentation.responses(status, summary, errors),  # type: ignore[arg-type]
            status_code=status,
            middlewares=[authorize, validation.check, OpenAPIRequestValidationMiddleware()],
        )

    def _no_operation(self) -> ApiError:
        """405 with `Allow` (RFC 9110 section 15.5.6) on a path of this resource, else 404: also
        when the method is served and the value in the path has characters that none has."""
        resource = self.current_event.resource.replace("{", "<").replace("}", ">")
        methods = sorted(method for method, path in self.permissions if path == resource)
        if not methods or self.current_event.http_method.upper() in methods:
            return api_errors.NO_ROUTE
        return api_errors.method_not_allowed(methods)

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda handler: answers every event, and logs one line about it."""
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        logger.append_keys(request_id=request_id)
        self._answer_headers = {}
        caller: identity.Identity | None = None
        try:
            caller = identity.from_event(event)
            self.append_context(identity=caller)
            answer: dict[str, Any] = self.resolve(event, context)
        except identity.NoIdentity:
            answer = _proxy_response(api_errors.UNAUTHORIZED)
        headers = answer.setdefault("multiValueHeaders", {})
        headers |= self._answer_headers
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
        api_error = api_errors.from_exception(error)
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
    """Of a model, or of the JSON values that an idempotent operation kept of one."""
    if isinstance(body, BaseModel):
        return body.model_dump_json()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
