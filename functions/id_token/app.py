"""Verifies ID tokens for the authorizer, which is spared what that takes (docs/adr/0016).

It answers what a valid token says, or why one is refused. A fault raises, and the authorizer then
lets nobody in.
"""

from __future__ import annotations

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from typing import Any

from jmpy.sessions import id_token
from jmpy.sessions.errors import InvalidIdToken
from jmpy.sessions.settings import SignInSettings

_verifier = id_token.verifier(SignInSettings.from_environment())


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    try:
        claims = _verifier.verify(event["id_token"])
    except InvalidIdToken as error:
        return {"refusal": str(error)}
    return {"subject": claims.subject, "email": claims.email, "expires_at": claims.expires_at}
