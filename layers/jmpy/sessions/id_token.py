"""Verifies ID tokens of the user pool. A token is invalid unless every claim is as expected.

Never use the access token: it has no `aud`, and authorizes calls of Cognito instead of identifying
a person.
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Any

import jwt

from jmpy.clock import Clock, system_clock
from jmpy.sessions import cognito_http
from jmpy.sessions.errors import InvalidIdToken
from jmpy.sessions.model import Claims
from jmpy.sessions.signing_keys import SigningKeys

if TYPE_CHECKING:
    from jmpy.sessions.settings import SignInSettings

ALGORITHM = "RS256"
_REQUIRED = ["sub", "aud", "iss", "exp", "iat", "token_use", "email"]
_SUBJECT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class IdTokenVerifier:
    def __init__(
        self, settings: SignInSettings, keys: SigningKeys, now: Clock = system_clock
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._now = now

    def verify(self, token: str, nonce: str | None = None) -> Claims:
        """The claims of the token, if it is valid now and, if given, contains the `nonce`.

        Raises InvalidIdToken, SignInUnavailable.
        """
        claims = self._signed(token)
        if claims["token_use"] != "id":  # noqa: S105 - a kind, not a secret
            raise InvalidIdToken("not an ID token")
        if nonce is not None and not _same(claims.get("nonce"), nonce):
            raise InvalidIdToken("of another sign-in")
        # Checked here and not by PyJWT, whose clock is not an argument.
        if not isinstance(claims["exp"], int) or claims["exp"] <= self._now():
            raise InvalidIdToken("expired")
        subject, email = claims["sub"], claims["email"]
        if not _SUBJECT.fullmatch(subject) or not isinstance(email, str):
            raise InvalidIdToken("not about a user of this kind")
        return Claims(subject, email, claims["exp"])

    def _signed(self, token: str) -> dict[str, Any]:
        """The claims, after verifying signature, audience and issuer."""
        try:
            header = jwt.get_unverified_header(token)
            # Checked before the key is looked up: only our algorithm has keys.
            if header.get("alg") != ALGORITHM:
                raise InvalidIdToken("of another algorithm")
            key = self._keys.find(str(header.get("kid")))
            if key is None:
                raise InvalidIdToken("signed with an unknown key")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=self._settings.client_id,
                issuer=self._settings.issuer,
                options={
                    "require": _REQUIRED,
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.PyJWTError as error:
            # PyJWT's messages quote claims of the token; the name of the class is enough.
            raise InvalidIdToken(type(error).__name__) from None
        return claims


def verifier(settings: SignInSettings) -> IdTokenVerifier:
    """A verifier that fetches the keys from Cognito."""
    return IdTokenVerifier(settings, SigningKeys(lambda: cognito_http.get_json(settings.keys_url)))


def _same(claimed: object, nonce: str) -> bool:
    return isinstance(claimed, str) and hmac.compare_digest(claimed.encode(), nonce.encode())
