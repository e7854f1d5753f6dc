"""Has ID tokens verified by IdTokenFunction, because what verifies them is heavy.

Requests with a key, which are nearly all, thus start without a cryptography library. What
IdTokenFunction says of a token, also that it is invalid, is cached for seconds by the token's
digest.
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


class Denial(NamedTuple):
    """Why IdTokenFunction did not accept a token. Time makes no such token valid."""

    reason: str


class RemoteVerifier:
    def __init__(
        self,
        invoke: Callable[[dict[str, Any]], Any],
        cache: Cache[str, Claims | Denial],
        now: Clock = system_clock,
    ) -> None:
        self._invoke = invoke
        self._cache = cache
        self._now = now

    def verify(self, token: str) -> Claims:
        """Raises InvalidIdToken, and on a fault what `invoke` raises; KeyError or AttributeError
        when the answer is none of IdTokenFunction's."""
        digest = sha256(token.encode()).hexdigest()
        verified = self._cache.get(digest, lambda _: self._ask(token))
        if isinstance(verified, Denial):
            raise InvalidIdToken(verified.reason)
        if verified.expires_at <= self._now():
            raise InvalidIdToken("expired")
        return verified

    def _ask(self, token: str) -> Claims | Denial:
        response = self._invoke({"id_token": token})
        if reason := response.get("refusal"):
            return Denial(reason)
        return Claims(response["subject"], response["email"], response["expires_at"])
