"""Has ID tokens verified by IdTokenFunction, because what verifies them is heavy.

Requests with a key, which are nearly all, thus start without a cryptography library. What
IdTokenFunction answers about a token is remembered for seconds, by the token's digest.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jmpy.clock import system_clock
from jmpy.sessions.errors import InvalidIdToken
from jmpy.sessions.model import Claims

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.authorizer.cache import LookupCache
    from jmpy.clock import Clock


class RemoteVerifier:
    def __init__(
        self,
        invoke: Callable[[dict[str, Any]], Any],
        cache: LookupCache[Claims],
        now: Clock = system_clock,
    ) -> None:
        self._invoke = invoke
        self._cache = cache
        self._now = now

    def verify(self, token: str) -> Claims:
        """Raises InvalidIdToken, and on a fault what `invoke` raises; KeyError or AttributeError
        when the answer is none of IdTokenFunction's."""
        digest = sha256(token.encode()).hexdigest()
        claims = self._cache.find(digest, lambda _: self._ask(token))
        if claims is None or claims.expires_at <= self._now():
            raise InvalidIdToken("expired")
        return claims

    def _ask(self, token: str) -> Claims:
        answer = self._invoke({"id_token": token})
        if refusal := answer.get("refusal"):
            raise InvalidIdToken(refusal)
        return Claims(answer["subject"], answer["email"], answer["expires_at"])
