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

from jmpy import aws
from jmpy.accounts.errors import AccountChanged, AccountSuspended
from jmpy.alerts.errors import (
    AlertNotFound,
    SettingsChanged,
    TestedJustNow,
    UnusableUrl,
    WebhookNotFound,
)
from jmpy.analytics.errors import InvalidRange, NoRangeOfClicks, OffsetTooDeep, TooManyLinks
from jmpy.audit.errors import TwoTargets
from jmpy.dynamodb import CursorOutOfRange
from jmpy.http.body import EncodedBody, MalformedBody, NotAnObject
from jmpy.http.entity_tag import InvalidEntityTag
from jmpy.http.idempotency import (
    IdempotencyMismatch,
    IdempotencyUnsupported,
    InvalidIdempotencyKey,
)
from jmpy.http.identity import NoIdentity
from jmpy.http.viewer import EdgeRequired
from jmpy.keys.errors import (
    InvalidKeyRequest,
    KeyChanged,
    KeyNotActive,
    KeyNotFound,
    TooManyKeys,
)
from jmpy.leaks.errors import InvalidSignature, MalformedReport, PublisherUnavailable
from jmpy.limits.errors import RateLimitExceeded, TooManyChanges, TooManySignIns
from jmpy.limits.plan import UnknownPlan
from jmpy.links.bulk_errors import (
    AliasRepeated,
    InvalidField,
    InvalidUpload,
    NotConfirmed,
    NothingCreated,
    UploadTooLarge,
)
from jmpy.links.errors import (
    AliasNotHeld,
    AliasTaken,
    ChangeOfTakenDown,
    ExpiryPassed,
    InvalidAlias,
    InvalidCursor,
    InvalidDestination,
    InvalidLinkPassword,
    InvalidPassword,
    LinkChanged,
    LinkConflict,
    LinkDisabled,
    LinkExpired,
    LinkNotFound,
    LinkTakenDown,
    NotAvailable,
    NothingToChange,
    PageTooDeep,
    PasswordRequired,
    TooManyAttempts,
)
from jmpy.sessions.errors import PersonGone, SessionNotFound, SignInUnavailable
from jmpy.time_range import ReversedRange

RETRY_AFTER = 5
"""Seconds: longer than the bounded retries behind a request, short enough for a person."""


class NoRoute(Exception):
    """Nothing answers this method and path."""


class Forbidden(Exception):
    """The caller lacks the operation's permission, or is a key where only sessions are served."""

    def __init__(self, **details: object) -> None:
        """`details`: what the caller would need, and has."""
        self.details = details or None
        super().__init__()


class KeyRequired(Exception):
    """A session asks for what is about the API key that a request is sent with."""

    def __init__(self) -> None:
        super().__init__(
            "This is about the API key that a request is sent with, and a session has none; "
            "name the key by its id instead of 'current'"
        )


class UnknownParameters(Exception):
    def __init__(self, unknown: list[str], known: list[str], meant: str | None = None) -> None:
        hint = f"; did you mean {meant!r}?" if meant else ";"
        accepted = f"accepted are: {', '.join(known)}" if known else "none are accepted"
        super().__init__(f"Unknown query parameter {unknown[0][:50]!r}{hint} {accepted}")


class AmbiguousParameter(Exception):
    """Which of its values is meant, cannot be known, and none is taken silently."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The query parameter {name[:50]!r} was sent more than once")


class UnreadableParameter(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"The query parameter {name[:50]!r} is not percent-encoded UTF-8 (RFC 3986 section 2.5)"
        )


class BodyTooLarge(Exception):
    def __init__(self, limit: int, size: int) -> None:
        super().__init__(
            f"What was sent is {size:,} characters long; at most {limit:,} are possible"
        )


class UnsupportedMediaType(Exception):
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


UNAUTHORIZED = ApiError(
    401,
    "UNAUTHORIZED",
    "API key is required",
    headers={"WWW-Authenticate": 'Bearer realm="Jmpy"'},
)
INVALID_API_KEY = ApiError(
    401,
    "INVALID_API_KEY",
    "The provided API key is invalid or has been revoked",
    headers={"WWW-Authenticate": 'Bearer realm="Jmpy", error="invalid_token"'},
)
FORBIDDEN = ApiError(
    403, "FORBIDDEN", "Your API key does not have permission to perform this action"
)
NO_ROUTE = ApiError(404, "NOT_FOUND", "No such route; check the method and the path")


def method_not_allowed(methods: list[str]) -> ApiError:
    allowed = ", ".join(methods)
    return ApiError(
        405,
        "METHOD_NOT_ALLOWED",
        f"This path answers {allowed}",
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

_FIXED: dict[type[Exception], ApiError] = {
    NoIdentity: UNAUTHORIZED,
    # As the gate would have said, had it known a moment ago.
    AccountSuspended: INVALID_API_KEY,
    PersonGone: INVALID_API_KEY,
    SignInUnavailable: UNAVAILABLE,
    Forbidden: FORBIDDEN,
    NoRoute: NO_ROUTE,
    UnknownPlan: UNAVAILABLE,
    PublisherUnavailable: UNAVAILABLE,
}

# These carry their own message, written for the person who sent the request.
_SPOKEN: dict[type[Exception], tuple[int, str]] = {
    MalformedBody: (400, "INVALID_REQUEST"),
    UnknownParameters: (400, "INVALID_REQUEST"),
    AmbiguousParameter: (400, "INVALID_REQUEST"),
    UnreadableParameter: (400, "INVALID_REQUEST"),
    EncodedBody: (415, "UNSUPPORTED_MEDIA_TYPE"),
    NotAnObject: (422, "VALIDATION_ERROR"),
    KeyRequired: (400, "INVALID_REQUEST"),
    InvalidCursor: (400, "INVALID_REQUEST"),
    PageTooDeep: (400, "INVALID_REQUEST"),
    TwoTargets: (400, "INVALID_REQUEST"),
    InvalidRange: (400, "INVALID_REQUEST"),
    ReversedRange: (400, "INVALID_REQUEST"),
    CursorOutOfRange: (400, "INVALID_REQUEST"),
    NoRangeOfClicks: (400, "INVALID_REQUEST"),
    OffsetTooDeep: (400, "INVALID_REQUEST"),
    TooManyLinks: (400, "INVALID_REQUEST"),
    InvalidEntityTag: (400, "INVALID_REQUEST"),
    InvalidIdempotencyKey: (400, "INVALID_REQUEST"),
    IdempotencyUnsupported: (400, "INVALID_REQUEST"),
    MalformedReport: (400, "INVALID_REQUEST"),
    InvalidSignature: (401, "INVALID_SIGNATURE"),
    EdgeRequired: (403, "FORBIDDEN"),
    PasswordRequired: (401, "PASSWORD_REQUIRED"),
    InvalidLinkPassword: (401, "INVALID_PASSWORD"),
    ChangeOfTakenDown: (403, "LINK_TAKEN_DOWN"),
    LinkNotFound: (404, "NOT_FOUND"),
    AliasNotHeld: (404, "NOT_FOUND"),
    KeyNotFound: (404, "NOT_FOUND"),
    SessionNotFound: (404, "NOT_FOUND"),
    AlertNotFound: (404, "NOT_FOUND"),
    WebhookNotFound: (404, "NOT_FOUND"),
    LinkExpired: (410, "LINK_EXPIRED"),
    LinkDisabled: (410, "LINK_DISABLED"),
    LinkTakenDown: (410, "LINK_TAKEN_DOWN"),
    LinkChanged: (412, "PRECONDITION_FAILED"),
    KeyChanged: (412, "PRECONDITION_FAILED"),
    AliasTaken: (409, "ALIAS_TAKEN"),
    AliasRepeated: (409, "ALIAS_TAKEN"),
    LinkConflict: (409, "CONFLICT"),
    AccountChanged: (409, "CONFLICT"),
    SettingsChanged: (409, "CONFLICT"),
    KeyNotActive: (409, "CONFLICT"),
    TooManyKeys: (409, "CONFLICT"),
    IdempotencyMismatch: (422, "VALIDATION_ERROR"),
    UnsupportedMediaType: (415, "UNSUPPORTED_MEDIA_TYPE"),
    UnusableUrl: (422, "VALIDATION_ERROR"),
    InvalidKeyRequest: (422, "VALIDATION_ERROR"),
    NothingToChange: (422, "VALIDATION_ERROR"),
    NotAvailable: (422, "VALIDATION_ERROR"),
    InvalidAlias: (422, "VALIDATION_ERROR"),
    InvalidDestination: (422, "INVALID_URL"),
    InvalidPassword: (422, "VALIDATION_ERROR"),
    ExpiryPassed: (422, "VALIDATION_ERROR"),
    RateLimitExceeded: (429, "RATE_LIMIT_EXCEEDED"),
    TooManyChanges: (429, "RATE_LIMIT_EXCEEDED"),
    TooManySignIns: (429, "RATE_LIMIT_EXCEEDED"),
    TestedJustNow: (429, "RATE_LIMIT_EXCEEDED"),
    TooManyAttempts: (429, "RATE_LIMIT_EXCEEDED"),
    BodyTooLarge: (413, "PAYLOAD_TOO_LARGE"),
    UploadTooLarge: (413, "PAYLOAD_TOO_LARGE"),
    InvalidUpload: (422, "VALIDATION_ERROR"),
    InvalidField: (422, "VALIDATION_ERROR"),
    NothingCreated: (422, "VALIDATION_ERROR"),
    NotConfirmed: (503, "SERVICE_UNAVAILABLE"),
}


def from_exception(error: Exception) -> ApiError:
    """The answer to an exception; INTERNAL for one that nobody expected."""
    for kind in type(error).__mro__:
        if kind in _FIXED:
            fixed = _FIXED[kind]
            return dataclasses.replace(fixed, details=getattr(error, "details", fixed.details))
        if kind in _SPOKEN:
            status, code = _SPOKEN[kind]
            field = getattr(error, "field", None)
            errors = {"errors": [{"field": field, "reason": str(error)}]}
            details = errors if field else getattr(error, "details", None)
            wait = getattr(error, "retry_after", None)
            headers = {} if wait is None else {"Retry-After": str(wait)}
            return ApiError(status, code, str(error), details, headers)
    return UNAVAILABLE if isinstance(error, aws.faults()) else INTERNAL
