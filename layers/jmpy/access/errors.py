"""Why a caller is not served."""

from __future__ import annotations

from jmpy.errors import Denied, Malformed


class Forbidden(Denied):
    """The caller lacks the operation's permission, or is a key where only sessions are served."""

    MESSAGE = "Your API key does not have permission to perform this action"
    # The specification's, word for word.

    def __init__(self, **details: object) -> None:
        """`details`: what the caller would need, and has."""
        self.details = details or None
        super().__init__(self.MESSAGE)


class KeyRequired(Malformed):
    """A session asks for what is about the API key that a request is sent with."""

    def __init__(self) -> None:
        super().__init__(
            "'current' refers to the API key of the request, and a session has none; use the key's "
            "id instead"
        )
