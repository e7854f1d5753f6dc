"""Verifies ID tokens for the authorizer, which thus needs no cryptography library (docs/adr/0016).

A token is valid for an hour, its person's access perhaps not: Cognito is queried about them too.
The response has the claims of a valid token, or the reason why it is rejected. A fault raises, and
the authorizer then authorizes nobody.
"""

from __future__ import annotations

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from typing import Any

from jmpy.aws import clients
from jmpy.sessions import id_token
from jmpy.sessions.errors import InvalidIdToken, PersonGone
from jmpy.sessions.people import People
from jmpy.sessions.settings import SignInSettings
from jmpy.settings import FunctionSettings


@dataclass(frozen=True)
class Settings(FunctionSettings):
    user_pool_id: str
    sign_in_issuer: str
    sign_in_client_parameter: str


settings = Settings.from_environment()
_verifier = id_token.verifier(
    SignInSettings(settings.sign_in_issuer, settings.sign_in_client_parameter)
)
_people = People(clients.cognito(), settings.user_pool_id)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    try:
        claims = _verifier.verify(event["id_token"])
        _people.require(claims.subject)
    except InvalidIdToken as error:
        return {"rejection": str(error)}
    except PersonGone as error:
        return {"rejection": f"of a user who is {error}"}
    return {"subject": claims.subject, "email": claims.email, "expires_at": claims.expires_at}
