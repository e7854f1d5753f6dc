"""Why a caller is denied."""

from __future__ import annotations

from typing import NamedTuple

from jmpy.errors import Denied, Malformed


class Words(NamedTuple):
    """Code and message of an error, word for word as in the specification."""

    code: str
    message: str


REQUIRED = Words("UNAUTHORIZED", "API key is required")
INVALID = Words("INVALID_API_KEY", "The provided API key is invalid or has been revoked")
NOT_PERMITTED = Words("FORBIDDEN", "Your API key does not have permission to perform this action")


class Forbidden(Denied):
    """The caller lacks the operation's permission, or is a key where only sessions are served."""

    def __init__(self, **details: object) -> None:
        """`details`: what the caller would need, and what it has."""
        self.details = details or None
        super().__init__(NOT_PERMITTED.message)


class KeyRequired(Malformed):
    """A session requests the key that its request was sent with; it has none."""

    def __init__(self) -> None:
        super().__init__(
            "'current' refers to the API key of the request, and a session has none; use the key's "
            "id instead"
        )
