"""Every error of the API with the body that it has, made by the code that answers with it.

An operation names exceptions; here is one of each, as a request would cause it.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

import jmpy
from jmpy.access.permission import Permission
from jmpy.alerts.errors import (
    TestedJustNow,
)
from jmpy.analytics import period
from jmpy.analytics.click_list import MAX_OFFSET
from jmpy.analytics.errors import OffsetTooDeep, TooManyLinks
from jmpy.analytics.period import ShortPeriod
from jmpy.analytics.selection import MAX_LINKS
from jmpy.authorizer.hints import Hint
from jmpy.errors import Problem
from jmpy.formats.time_range import ReversedRange
from jmpy.http import errors as api_errors
from jmpy.http import validation
from jmpy.http.body import parse_json
from jmpy.http.errors import (
    ApiError,
    BodyTooLarge,
)
from jmpy.keys import fields
from jmpy.keys.errors import TooManyKeys
from jmpy.keys.service import MAX_WORKING
from jmpy.leaks.errors import MalformedReport
from jmpy.leaks.report import MAX_LEAKS
from jmpy.limits.changes import MAX_CHANGES
from jmpy.limits.errors import RateLimitExceeded, TooManyChanges
from jmpy.limits.model import Budget
from jmpy.limits.plan import LimitClass
from jmpy.links import bulk_csv, codes, destination, listing
from jmpy.links.bulk_errors import NothingCreated
from jmpy.links.bulk_schema import ValidateUpload
from jmpy.links.errors import (
    PageTooDeep,
)
from jmpy.links.schema import CreateLink
from jmpy.webhooks.service import PAUSE
from project import template

NOW = 1_893_456_000
"""2030-01-01T00:00:00Z."""

KEY_ID = "9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"
_FAILED = {
    "row": 1,
    "original_url": "ftp://example.com/",
    "code": "INVALID_URL",
    "errors": [{"field": "url", "reason": "A destination is an http or https URL with a host"}],
}


class FieldProblem(BaseModel):
    field: str
    reason: str


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


class ErrorBody(BaseModel):
    """The envelope of every error; the specification's error bodies have no `details`."""

    success: Literal[False]
    error: Error


def _raised(work: Callable[[], object]) -> Exception:
    """What says itself what is wrong."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - it is what is asked for
        return error
    raise AssertionError("it was to fail")


def _invalid(place: str, model: type[BaseModel], sent: dict[str, Any]) -> ApiError:
    error = _raised(lambda: model.model_validate(sent))
    assert isinstance(error, ValidationError)
    entries = [{**entry, "loc": (place, *entry["loc"])} for entry in error.errors()]
    return validation.to_api_error(RequestValidationError(entries), model)


class _Page(BaseModel):
    limit: Annotated[int, Field(le=100)]


_USED_UP = Budget(LimitClass.URL_CREATION, limit=50, used=50, resets_at=NOW)

_SPECIAL: tuple[Exception, ...] = (
    BodyTooLarge(validation.MAX_BODY, 70_000),
    ReversedRange(NOW, NOW - 3600),
    TestedJustNow(PAUSE),
    MalformedReport(MAX_LEAKS),
    NothingCreated({"failed": [_FAILED]}),
    OffsetTooDeep(MAX_OFFSET),
    PageTooDeep(listing.SEARCHED),
    RateLimitExceeded(_USED_UP, cost=1, now=NOW - 3600),
    TooManyChanges(MAX_CHANGES, NOW, now=NOW - 3600),
    TooManyKeys(MAX_WORKING),
    TooManyLinks("tags", MAX_LINKS),
    _raised(lambda: list(bulk_csv.rows("x" * (bulk_csv.MAX_BYTES + 1)))),
    _raised(lambda: codes.checked_alias("a b")),
    _raised(lambda: destination.checked("ftp://example.com/")),
    _raised(lambda: fields.checked_name(" ")),
    _raised(lambda: parse_json("{")),
    _raised(lambda: period.short(ShortPeriod.CUSTOM, None, None, NOW)),
    _raised(lambda: ValidateUpload(csv_content="url\n").rows()),
    NothingCreated({"failed": [_FAILED]}),
)
"""Those whose arguments are bounds of ours, or which say themselves what is wrong."""


def _gateway(name: str) -> ApiError:
    """As the gateway itself answers (template.yaml)."""
    api = template.resources("AWS::Serverless::Api")["Api"]
    response = api["GatewayResponses"][name]
    error = json.loads(response["ResponseTemplates"]["application/json"])["error"]
    return ApiError(response["StatusCode"], error["code"], error["message"])


def _plain() -> dict[str, ApiError]:
    """Of every kind of error that its class has an example of; `grouped` misses the others, should
    an operation name one."""
    for module in pkgutil.walk_packages(jmpy.__path__, "jmpy."):
        importlib.import_module(module.name)
    found = {}
    for kind in _within(Problem):
        if kind.__module__ == Problem.__module__:
            continue
        with suppress(TypeError):
            found[kind.__name__] = api_errors.from_exception(kind(*kind.example))
    return found


def _within(kind: type[Problem]) -> list[type[Problem]]:
    below = [found for part in kind.__subclasses__() for found in _within(part)]
    return [kind, *below]


BY_NAME: dict[str, ApiError] = {
    **_plain(),
    **{type(error).__name__: api_errors.from_exception(error) for error in _SPECIAL},
    "RequestValidationError": _invalid("body", CreateLink, {"name": "First"}),
    "InvalidParameter": _invalid("query", _Page, {"limit": 1000}),
    "NoKey": api_errors.UNAUTHORIZED,
    "InvalidKey": api_errors.INVALID_API_KEY,
    "MalformedKey": dataclasses.replace(
        api_errors.INVALID_API_KEY, details={"hint": Hint.CHECKSUM.value}
    ),
    "NoRoute": api_errors.NO_ROUTE,
    "MethodNotAllowed": api_errors.method_not_allowed(["GET", "POST"]),
    "Throttled": _gateway("THROTTLED"),
    "QuotaExceeded": _gateway("QUOTA_EXCEEDED"),
    "InternalError": api_errors.INTERNAL,
    "Unavailable": api_errors.UNAVAILABLE,
}

_EDGE = ("Throttled", "QuotaExceeded")
_FAULTS = ("InternalError", "Unavailable")
ALWAYS = (
    "UnknownParameters", "AmbiguousParameter", "UnreadableParameter",
    "InvalidParameter", "NoKey", "InvalidKey", "MalformedKey", "Forbidden",
    "MethodNotAllowed", *_EDGE, *_FAULTS,
)  # fmt: skip
"""What any operation behind a key can be answered with."""
ALWAYS_PUBLIC = ("MethodNotAllowed", *_FAULTS)

_HEADERS = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def names(kinds: tuple[type[Exception], ...]) -> tuple[str, ...]:
    """Of exceptions; `UnknownParameters` and its like are among ALWAYS."""
    return tuple(dict.fromkeys(kind.__name__ for kind in kinds))


class Missing(Exception):
    """What the code has and the reference does not know yet; the message says where to say it."""


def grouped(named: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
    """By status. Raises Missing."""
    if unknown := set(named) - BY_NAME.keys():
        raise Missing(
            f"a sample of {', '.join(sorted(unknown))}: the attribute `example` of its class"
        )
    statuses = sorted({BY_NAME[name].status for name in named})
    return {
        status: tuple(sorted(name for name in set(named) if BY_NAME[name].status == status))
        for status in statuses
    }


def response_name(status: int, named: tuple[str, ...]) -> str:
    return ".".join([str(status), *named])


def response(status: int, named: tuple[str, ...], limit_headers: tuple[str, ...]) -> dict[str, Any]:
    codes = ", ".join(dict.fromkeys(f"`{BY_NAME[name].code}`" for name in named))
    headers = ["X-Request-Id", *_HEADERS.get(status, ())]
    if "RateLimitExceeded" in named:
        headers.extend(limit_headers)
    return {
        "description": f"{HTTPStatus(status).phrase}: {codes}",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/ErrorBody"},
                "examples": {name: {"$ref": f"#/components/examples/{name}"} for name in named},
            }
        },
    }


def example(name: str) -> dict[str, Any]:
    error = BY_NAME[name]
    return {"summary": f"{error.code}: {error.message}"[:120], "value": error.body()}
