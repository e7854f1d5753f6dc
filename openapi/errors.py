"""The errors of operations, each with an example of its body, from the code that responds with it.

An operation names the exceptions that it raises; their classes have the arguments of an example.
"""

from __future__ import annotations

import dataclasses
import json
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from jmpy.access.errors import Forbidden
from jmpy.access.permission import Permission
from jmpy.authorizer.hints import Hint
from jmpy.errors import Problem
from jmpy.http import errors as api_errors
from jmpy.http import validation
from jmpy.http.errors import AmbiguousParameter, ApiError, UnknownParameters, UnreadableParameter
from jmpy.links.bulk_schema import FieldProblem
from jmpy.links.request_schema import CreateLink
from openapi import components
from project import template


class Missing(Exception):
    """Something that the document needs is not declared; the message says what, and where."""


class ErrorDetails(BaseModel):
    """`errors` for fields, `failed` for rows, the next three for a limit, the last three for a
    key."""

    errors: list[FieldProblem] | None = None
    failed: list[dict[str, Any]] | None = None
    limit: int | None = None
    remaining: int | None = None
    reset_at: str | None = None
    required_permission: Permission | None = None
    permissions: list[Permission] | None = None
    hint: str | None = None


class Error(BaseModel):
    code: str
    message: str
    details: ErrorDetails | None = None


class ErrorResponse(BaseModel):
    """The envelope of every error; those of the specification have no `details`."""

    success: Literal[False]
    error: Error


def samples(*kinds: type[Exception]) -> dict[str, ApiError]:
    """By the names of the exceptions. Raises Missing."""
    return {kind.__name__: _sample(kind) for kind in kinds}


def _sample(kind: type[Exception]) -> ApiError:
    if kind is RequestValidationError:
        return _invalid("body", CreateLink, {"name": "First"})
    assert issubclass(kind, Problem), f"{kind.__name__} is not an error of an operation"
    try:
        error = kind(*kind.example)
    except TypeError:
        error = None
    if error is None or not str(error):
        raise Missing(f"an example of {kind.__name__}: the attribute `example` of its class")
    return api_errors.from_exception(error)


def _invalid(place: str, model: type[BaseModel], sent: dict[str, Any]) -> ApiError:
    try:
        model.model_validate(sent)
    except ValidationError as error:
        entries = [{**entry, "loc": (place, *entry["loc"])} for entry in error.errors()]
        return validation.to_api_error(RequestValidationError(entries), model)
    raise AssertionError(f"{sent} is valid")


class _Page(BaseModel):
    limit: Annotated[int, Field(le=100)]


def _gateway(name: str) -> ApiError:
    """API Gateway's own, from template.yaml."""
    response = template.resources("AWS::Serverless::Api")["Api"]["GatewayResponses"][name]
    error = json.loads(response["ResponseTemplates"]["application/json"])["error"]
    return ApiError(response["StatusCode"], error["code"], error["message"])


PUBLIC = {
    "MethodNotAllowed": api_errors.method_not_allowed(["GET", "POST"]),
    "InternalError": api_errors.INTERNAL,
    "Unavailable": api_errors.UNAVAILABLE,
}
"""Of every operation."""

PROTECTED = {
    **PUBLIC,
    **samples(UnknownParameters, AmbiguousParameter, UnreadableParameter, Forbidden),
    "InvalidParameter": _invalid("query", _Page, {"limit": 1000}),
    "NoKey": api_errors.UNAUTHORIZED,
    "InvalidKey": api_errors.INVALID_API_KEY,
    "MalformedKey": dataclasses.replace(
        api_errors.INVALID_API_KEY, details={"hint": Hint.CHECKSUM.value}
    ),
    "Throttled": _gateway("THROTTLED"),
    "QuotaExceeded": _gateway("QUOTA_EXCEEDED"),
}
"""Of every operation that requires a credential."""

_HEADERS = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def responses(errors: dict[str, ApiError]) -> dict[int, tuple[str, dict[str, Any]]]:
    """By status, one response for all errors that have it, and its name: `409.AliasTaken`."""
    found = {}
    for status in sorted({error.status for error in errors.values()}):
        group = {name: one for name, one in sorted(errors.items()) if one.status == status}
        found[status] = (".".join([str(status), *group]), _response(status, group))
    return found


def _response(status: int, errors: dict[str, ApiError]) -> dict[str, Any]:
    codes = ", ".join(dict.fromkeys(f"`{error.code}`" for error in errors.values()))
    headers = ["X-Request-Id", *_HEADERS.get(status, ())]
    if "RateLimitExceeded" in errors:
        headers.extend(components.LIMIT_HEADERS)
    return {
        "description": f"{HTTPStatus(status).phrase}: {codes}",
        "headers": components.headers(*headers),
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/ErrorResponse"},
                "examples": {name: {"$ref": f"#/components/examples/{name}"} for name in errors},
            }
        },
    }


def example(error: ApiError) -> dict[str, Any]:
    return {"summary": f"{error.code}: {error.message}"[:120], "value": error.body()}
