"""Refuses what an operation did not declare, and says what is wrong with what it did.

Query: 400 `INVALID_REQUEST`. Body of another type than JSON: 415. Fields of the body: 422
`VALIDATION_ERROR`. Always `details.errors[]` with the field and the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.http.errors import ApiError, UnknownParameters, UnsupportedMediaType

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
    from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

LEGACY_CREDENTIAL = "api_key"
"""A query parameter of every operation: the authorizer's, not the operation's."""


def check(app: APIGatewayRestResolver, next_middleware: Any) -> Response[Any]:
    """Middleware. Raises UnknownParameters, UnsupportedMediaType."""
    declared = app.context["_route"].dependant
    known = {parameter.alias for parameter in declared.query_params} | {LEGACY_CREDENTIAL}
    sent = set(app.current_event.resolved_query_string_parameters or {})
    if unknown := sorted(sent - known):
        raise UnknownParameters(unknown, sorted(known - {LEGACY_CREDENTIAL}))
    content_type = (app.current_event.headers.get("content-type") or "").partition(";")[0].strip()
    if declared.body_params and content_type.lower() not in ("", "application/json"):
        raise UnsupportedMediaType(content_type)
    return next_middleware(app)  # type: ignore[no-any-return]


def to_api_error(error: RequestValidationError) -> ApiError:
    problems = [_problem(entry) for entry in error.errors()]
    if any(entry["loc"][0] == "query" for entry in error.errors()):
        return ApiError(
            400, "INVALID_REQUEST", "A query parameter is invalid", {"errors": problems}
        )
    return ApiError(
        422, "VALIDATION_ERROR", "The request breaks a rule of its fields", {"errors": problems}
    )


def _problem(entry: Any) -> dict[str, str]:
    """Field and reason, without the value: it may be long, and it may be a secret."""
    _, *path = entry["loc"]
    reason = entry["msg"].removeprefix("Value error, ")
    return {"field": ".".join(map(str, path)) or "body", "reason": reason}
