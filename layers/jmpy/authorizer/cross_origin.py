"""What browsers add to requests of pages of other origins: `Origin`, and preflights.

A preflight carries no credential (Fetch standard, "CORS-preflight fetch"), so it is let through as
nobody's, and the function responds with what the path allows; without an identity it does nothing
else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.access.errors import REQUIRED
from jmpy.authorizer import policy
from jmpy.authorizer.decision import Unauthorized
from jmpy.gateway import cors

if TYPE_CHECKING:
    from collections.abc import Callable


class CrossOrigin:
    def __init__(
        self,
        decide: Callable[[dict[str, Any]], dict[str, Any]],
        origins: frozenset[str],
        preflight_identifier: str,
    ) -> None:
        """`preflight_identifier` is that of the API Gateway key by which preflights are throttled:
        every method of a usage plan wants one."""
        self._decide = decide
        self._origins = origins
        self._preflight_identifier = preflight_identifier

    def decide(self, event: dict[str, Any]) -> dict[str, Any]:
        """The policy for a REQUEST authorizer event, with its origin in the context if that is
        allowed. Raises what `decide` raises."""
        origin = cors.allowed(event, self._origins)
        response = self._policy(event, is_allowed=origin is not None)
        if origin is not None:
            response["context"][cors.CONTEXT_KEY] = origin
        return response

    def _policy(self, event: dict[str, Any], *, is_allowed: bool) -> dict[str, Any]:
        if event.get("httpMethod") == "OPTIONS":
            return policy.preflight(event["methodArn"], self._preflight_identifier)
        try:
            return self._decide(event)
        except Unauthorized:
            if not is_allowed:
                raise
            # Only a denial has a context, without which the page could not read the response.
            return policy.deny(event["methodArn"], "missing", words=REQUIRED)
