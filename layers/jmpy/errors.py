"""The kinds of errors. A domain's error is of one kind and has its own message, written for the
person who sent the request; `jmpy.http.errors` gives each kind its status (RFC 9110 section 15).

An error whose message is not for clients derives from `Exception` alone.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Problem(Exception):
    code: ClassVar[str]
    """The error code of the API, such as `ALIAS_TAKEN`."""
    field: str | None = None
    """The field of the request that has to change."""
    details: dict[str, Any] | None = None
    retry_after: int | None = None
    """Seconds until the request may succeed."""
    example: ClassVar[tuple[Any, ...]] = ()
    """Arguments of a typical one: the API reference shows its response."""


class Malformed(Problem):
    """The request is malformed, or asks for something that no request can have."""

    code = "INVALID_REQUEST"


class Unauthenticated(Problem):
    """The request lacks a credential, or has an invalid one."""

    code = "UNAUTHORIZED"


class Denied(Problem):
    """The caller may not do this."""

    code = "FORBIDDEN"


class NotFound(Problem):
    code = "NOT_FOUND"


class Conflict(Problem):
    """The state of the resource does not allow it."""

    code = "CONFLICT"


class Gone(Problem):
    """It existed, and is no longer available."""


class PreconditionFailed(Problem):
    """The resource's version is not the one that the request names."""

    code = "PRECONDITION_FAILED"


class TooLarge(Problem):
    code = "PAYLOAD_TOO_LARGE"


class UnsupportedMedia(Problem):
    """The body has a type, or an encoding, that the operation does not support."""

    code = "UNSUPPORTED_MEDIA_TYPE"


class Invalid(Problem):
    """The request is well-formed but breaks a rule of its fields."""

    code = "VALIDATION_ERROR"


class Throttled(Problem):
    """A limit is exceeded."""

    code = "RATE_LIMIT_EXCEEDED"
    retry_after: int


class Unconfirmed(Problem):
    """A fault behind us prevented the outcome from being known."""

    code = "SERVICE_UNAVAILABLE"


class InvalidCredential(Exception):
    """The caller may no longer be served. The message is for the log: every rejected credential
    gets the same response."""


class Unavailable(Exception):
    """A fault behind us. The message is for the log."""
