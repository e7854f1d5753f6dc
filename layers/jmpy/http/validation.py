"""Rejects what an operation did not declare, and says what is wrong with what it did.

Query: 400 `INVALID_REQUEST`. Body of another type than JSON: 415. Fields of the body: 422
`VALIDATION_ERROR`. Always `details.errors[]` with the field and the reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from jmpy.formats.reasons import closest, reason
from jmpy.http import body
from jmpy.http.errors import (
    AmbiguousParameter,
    ApiError,
    BodyTooLarge,
    UnknownParameters,
    UnreadableParameter,
    UnsupportedMediaType,
)

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
    from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

_CAPITAL = re.compile(r"(?<=[a-z])[A-Z]")

MAX_BODY = 64 * 1024
"""Characters of a JSON body: many times the largest link. It bounds what a list of all that is
wrong with a body can grow to."""

MAX_PROBLEMS = 20
"""How many of them a response names."""

LEGACY_CREDENTIAL = "api_key"
"""A query parameter of every operation: the authorizer's, not the operation's."""


def check(app: APIGatewayRestResolver, next_middleware: Any) -> Response[Any]:
    """Middleware. Raises UnknownParameters, AmbiguousParameter, UnreadableParameter, BodyTooLarge,
    UnsupportedMediaType, MalformedBody, EncodedBody, NotAnObject."""
    declared = app.context["_route"].dependant
    known = {parameter.alias for parameter in declared.query_params} | {LEGACY_CREDENTIAL}
    required = {parameter.alias for parameter in declared.query_params if parameter.required}
    sent = _in_snake_case(app.current_event.raw_event, required)
    if unknown := sorted(sent - known):
        accepted = sorted(known - {LEGACY_CREDENTIAL})
        raise UnknownParameters(unknown, accepted, closest(unknown[0], accepted))
    size = len(app.current_event.body or "")
    if declared.body_params and size > MAX_BODY:
        raise BodyTooLarge(MAX_BODY, size)
    content_type = (app.current_event.headers.get("content-type") or "").partition(";")[0].strip()
    if declared.body_params and content_type.lower() not in ("", "application/json"):
        raise UnsupportedMediaType(content_type)
    if declared.body_params:
        body.json_object(app.current_event)
    else:
        body.text(app.current_event)
    return next_middleware(app)  # type: ignore[no-any-return]


def _in_snake_case(event: dict[str, Any], required: set[str]) -> set[str]:
    """The names of the query parameters, after rewriting those in camelCase: the public sources
    differ (`campaignId`, `campaign_id`), so each is accepted in both spellings. An optional one
    that is empty counts as not sent, as a field of a body does."""
    _check_values(event.get("multiValueQueryStringParameters") or {})
    for part in ("queryStringParameters", "multiValueQueryStringParameters"):
        sent = event.get(part) or {}
        renamed = {_CAPITAL.sub(r"_\g<0>", name).lower(): value for name, value in sent.items()}
        event[part] = {
            name: value
            for name, value in renamed.items()
            if name in required or value not in ("", [""])
        }
    return set(event["multiValueQueryStringParameters"])


def _check_values(sent: dict[str, list[str]]) -> None:
    """No parameter is a list. Raises AmbiguousParameter, UnreadableParameter."""
    named: set[str] = set()
    for name, values in sent.items():
        if name == LEGACY_CREDENTIAL:
            continue
        spelled = _CAPITAL.sub(r"_\g<0>", name).lower()
        if len(values) > 1 or spelled in named:
            raise AmbiguousParameter(name)
        if body.REPLACEMENT in name + values[0]:
            raise UnreadableParameter(name)
        named.add(spelled)


def to_api_error(error: RequestValidationError, model: type[BaseModel] | None = None) -> ApiError:
    """`model`: that of the body."""
    entries = error.errors()
    if any(entry["loc"][0] == "query" for entry in entries):
        # What follows a parameter's name shows which of its types was tried; of what was wrong with
        # each of them the first says most.
        by_name = {entry["loc"][1]: reason(entry) for entry in reversed(entries)}
        named = [{"field": name, "reason": words} for name, words in reversed(by_name.items())]
        return ApiError(400, "INVALID_REQUEST", "A query parameter is invalid", {"errors": named})
    problems = [_problem(entry, model) for entry in entries[:MAX_PROBLEMS]]
    return ApiError(422, "VALIDATION_ERROR", "One or more fields are invalid", {"errors": problems})


def _problem(entry: Any, model: type[BaseModel] | None) -> dict[str, str]:
    _, *path = entry["loc"]
    of_the_body = model if len(path) == 1 else None
    return {"field": ".".join(map(str, path)) or "body", "reason": reason(entry, of_the_body)}


def body_model(route: Any) -> type[BaseModel] | None:
    """Of an operation whose body is one model."""
    parameters = route.dependant.body_params if route else []
    annotation = parameters[0].field_info.annotation if parameters else None
    return (
        annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    )
