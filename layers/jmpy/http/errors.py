"""Every error of the API: from the domain's exceptions to status, code and envelope.

The first three messages are the specification's, word for word; template.yaml repeats the first
two in its gateway responses, and a test holds them together.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from jmpy.access.errors import INVALID, NOT_PERMITTED, REQUIRED
from jmpy.access.identity import NoIdentity
from jmpy.aws import clients
from jmpy.errors import (
    Conflict,
    Denied,
    Gone,
    Invalid,
    InvalidCredential,
    Malformed,
    NotFound,
    PreconditionFailed,
    Problem,
    Throttled,
    TooLarge,
    Unauthenticated,
    Unavailable,
    Unconfirmed,
    UnsupportedMedia,
)

RETRY_AFTER = 5
"""Seconds: longer than the bounded retries behind a request, short enough for a person."""


class NoRoute(Exception):
    """No operation serves this method and path."""


class UnknownParameters(Malformed):
    example = (["colour"], ["limit", "page"])

    def __init__(self, unknown: list[str], known: list[str], meant: str | None = None) -> None:
        hint = f"; did you mean {meant!r}?" if meant else ";"
        accepted = f"accepted: {', '.join(known)}" if known else "none are accepted"
        super().__init__(f"Unknown query parameter {unknown[0][:50]!r}{hint} {accepted}")


class AmbiguousParameter(Malformed):
    """Which of its values is meant, cannot be known, and none is taken silently."""

    example = ("limit",)

    def __init__(self, name: str) -> None:
        super().__init__(f"The query parameter {name[:50]!r} was sent more than once")


class UnreadableParameter(Malformed):
    example = ("search",)

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The query parameter {name[:50]!r} is not percent-encoded UTF-8 (RFC 3986 section 2.5)"
        )


class BodyTooLarge(TooLarge):
    example = (65_536, 70_000)

    def __init__(self, limit: int, size: int) -> None:
        super().__init__(f"The body has {size:,} characters; the maximum is {limit:,}")


class UnsupportedMediaType(UnsupportedMedia):
    example = ("text/plain",)

    def __init__(self, content_type: str, accepted: str = "application/json") -> None:
        super().__init__(f"Send the body as {accepted}, not as {content_type[:50]!r}")


@dataclass(frozen=True, slots=True)
class ApiError:
    status: int
    code: str
    message: str
    details: dict[str, Any] | None = None
    headers: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def is_fault(self) -> bool:
        """Whether it is ours to mend, and so worth a log entry with a stack trace."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details is not None:
            error["details"] = self.details
        return {"success": False, "error": error}

    def to_json(self) -> str:
        return json.dumps(self.body(), separators=(",", ":"))


UNAUTHORIZED = ApiError(401, *REQUIRED, headers={"WWW-Authenticate": 'Bearer realm="Jmpy"'})
INVALID_API_KEY = ApiError(
    401,
    *INVALID,
    headers={"WWW-Authenticate": 'Bearer realm="Jmpy", error="invalid_token"'},
)
FORBIDDEN = ApiError(403, *NOT_PERMITTED)
NO_ROUTE = ApiError(404, "NOT_FOUND", "No such route; check the method and the path")


def method_not_allowed(methods: list[str]) -> ApiError:
    allowed = ", ".join(methods)
    return ApiError(
        405,
        "METHOD_NOT_ALLOWED",
        f"Method not allowed. Allowed: {allowed}",
        headers={"Allow": allowed},
    )


UNAVAILABLE = ApiError(
    503,
    "SERVICE_UNAVAILABLE",
    "The service is temporarily unavailable; try again shortly",
    headers={"Retry-After": str(RETRY_AFTER)},
)
INTERNAL = ApiError(
    500, "INTERNAL_ERROR", "Something went wrong on our side; quote the X-Request-Id if it persists"
)

_STATUSES: dict[type[Problem], int] = {
    Malformed: 400,
    Unauthenticated: 401,
    Denied: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    PreconditionFailed: 412,
    TooLarge: 413,
    UnsupportedMedia: 415,
    Invalid: 422,
    Throttled: 429,
    Unconfirmed: 503,
}

# Their messages are not for clients.
_FIXED: dict[type[Exception], ApiError] = {
    NoIdentity: UNAUTHORIZED,
    InvalidCredential: INVALID_API_KEY,
    NoRoute: NO_ROUTE,
    Unavailable: UNAVAILABLE,
}


def from_exception(error: Exception) -> ApiError:
    """The response to an exception; INTERNAL for one that nobody expected."""
    if isinstance(error, Problem):
        return _of_problem(error)
    for kind, fixed in _FIXED.items():
        if isinstance(error, kind):
            return fixed
    return UNAVAILABLE if isinstance(error, clients.faults()) else INTERNAL


def _of_problem(error: Problem) -> ApiError:
    status = next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    errors = {"errors": [{"field": error.field, "reason": str(error)}]}
    wait = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return ApiError(status, error.code, str(error), errors if error.field else error.details, wait)
