"""Delegates the verification of ID tokens to IdTokenFunction, because its libraries are heavy.

Requests with a key, which are nearly all, thus start without a cryptography library. The results,
including that a token is invalid, are cached for seconds by the token's digest.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from jmpy.clock import system_clock
from jmpy.sessions.errors import InvalidIdToken
from jmpy.sessions.model import Claims

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.cache import Cache
    from jmpy.clock import Clock


class TokenRejection(NamedTuple):
    """Why IdTokenFunction rejected a token. No such token becomes valid later."""

    reason: str


class RemoteVerifier:
    def __init__(
        self,
        invoke: Callable[[dict[str, Any]], Any],
        cache: Cache[str, Claims | TokenRejection],
        now: Clock = system_clock,
    ) -> None:
        self._invoke = invoke
        self._cache = cache
        self._now = now

    def verify(self, token: str) -> Claims:
        """Raises InvalidIdToken, and on a fault what `invoke` raises; KeyError or AttributeError
        when the response is not one of IdTokenFunction's."""
        digest = sha256(token.encode()).hexdigest()
        verified = self._cache.get(digest, lambda _: self._call(token))
        if isinstance(verified, TokenRejection):
            raise InvalidIdToken(verified.reason)
        if verified.expires_at <= self._now():
            raise InvalidIdToken("expired")
        return verified

    def _call(self, token: str) -> Claims | TokenRejection:
        response = self._invoke({"id_token": token})
        if reason := response.get("rejection"):
            return TokenRejection(reason)
        return Claims(response["subject"], response["email"], response["expires_at"])
