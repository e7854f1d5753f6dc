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

from botocore.exceptions import BotoCoreError, ClientError

from jmpy.http.body import MalformedBody
from jmpy.http.identity import NoIdentity
from jmpy.links.errors import (
    AliasTaken,
    InvalidAlias,
    InvalidCursor,
    InvalidDestination,
    LinkConflict,
    LinkExpired,
    LinkNotFound,
)

RETRY_AFTER = 5
"""Seconds: longer than the bounded retries behind a request, short enough for a person."""


class Forbidden(Exception):
    """The key lacks the operation's permission."""


class UnknownParameters(Exception):
    def __init__(self, unknown: list[str], known: list[str]) -> None:
        accepted = f"accepted are: {', '.join(known)}" if known else "none are accepted"
        super().__init__(f"Unknown query parameter {unknown[0][:50]!r}; {accepted}")


class UnsupportedMediaType(Exception):
    def __init__(self, content_type: str) -> None:
        super().__init__(f"Send the body as application/json, not as {content_type[:50]!r}")


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


UNAUTHORIZED = ApiError(
    401,
    "UNAUTHORIZED",
    "API key is required",
    headers={"WWW-Authenticate": "Bearer"},
)
FORBIDDEN = ApiError(
    403, "FORBIDDEN", "Your API key does not have permission to perform this action"
)
NO_ROUTE = ApiError(404, "NOT_FOUND", "No such route; check the method and the path")
UNAVAILABLE = ApiError(
    503,
    "SERVICE_UNAVAILABLE",
    "The service is temporarily unavailable; try again shortly",
    headers={"Retry-After": str(RETRY_AFTER)},
)
INTERNAL = ApiError(
    500, "INTERNAL_ERROR", "Something went wrong on our side; quote the X-Request-Id if it persists"
)

_FIXED: dict[type[Exception], ApiError] = {
    NoIdentity: UNAUTHORIZED,
    Forbidden: FORBIDDEN,
    ClientError: UNAVAILABLE,
    BotoCoreError: UNAVAILABLE,
}

# These carry their own message, written for the person who sent the request.
_SPOKEN: dict[type[Exception], tuple[int, str]] = {
    MalformedBody: (400, "INVALID_REQUEST"),
    UnknownParameters: (400, "INVALID_REQUEST"),
    InvalidCursor: (400, "INVALID_REQUEST"),
    LinkNotFound: (404, "NOT_FOUND"),
    LinkExpired: (410, "LINK_EXPIRED"),
    AliasTaken: (409, "ALIAS_TAKEN"),
    LinkConflict: (409, "CONFLICT"),
    UnsupportedMediaType: (415, "UNSUPPORTED_MEDIA_TYPE"),
    InvalidAlias: (422, "VALIDATION_ERROR"),
    InvalidDestination: (422, "INVALID_URL"),
}


def from_exception(error: Exception) -> ApiError:
    """The answer to an exception; INTERNAL for one that nobody expected."""
    for kind in type(error).__mro__:
        if kind in _FIXED:
            return _FIXED[kind]
        if kind in _SPOKEN:
            status, code = _SPOKEN[kind]
            field = getattr(error, "field", None)
            details = {"errors": [{"field": field, "reason": str(error)}]} if field else None
            return ApiError(status, code, str(error), details)
    return INTERNAL
