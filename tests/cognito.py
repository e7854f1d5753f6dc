"""A user pool of the tests: it signs ID tokens, and answers codes and refresh tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from jmpy.sessions import cognito_http
from jmpy.sessions.settings import SignInSettings

POOL_ID = "eu-west-1_Pool"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL_ID}"
CLIENT_ID = "client-1"
CLIENT_PARAMETER = "/jmpy/sign-in-client-id"
SIGN_IN_URL = "https://jmpy-test.auth.eu-west-1.amazoncognito.com"
SUBJECT = "1ea813db-7ffd-451d-8525-64b71813239e"
EMAIL = "ada@example.com"
KEY_ID = "pool-key"

POOL_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FOREIGN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class KnownSettings(SignInSettings):
    """Needs no Parameter Store."""

    @property
    def client_id(self) -> str:
        return CLIENT_ID


SETTINGS = KnownSettings(ISSUER, CLIENT_PARAMETER)


def claims(now: float, **changes: Any) -> dict[str, Any]:
    """Of a valid ID token; a change to None leaves the claim out."""
    valid = {
        "sub": SUBJECT,
        "aud": CLIENT_ID,
        "iss": ISSUER,
        "iat": int(now),
        "exp": int(now) + 3600,
        "token_use": "id",
        "email": EMAIL,
    }
    return {name: value for name, value in (valid | changes).items() if value is not None}


def sign(said: dict[str, Any], key: Any = POOL_KEY, algorithm: str = "RS256") -> str:
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": KEY_ID})


def keys_document() -> dict[str, Any]:
    """As the pool shows its public keys."""
    public = json.loads(RSAAlgorithm.to_jwk(POOL_KEY.public_key()))
    return {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}


CONFIRMED = {"Enabled": True, "UserStatus": "CONFIRMED"}
DISABLED = CONFIRMED | {"Enabled": False}


class Directory:
    """AdminGetUser: everybody is there and may sign in, of whom a test says nothing else; and
    AdminUserGlobalSignOut."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any] | None] = {}
        """By `sub`; None of one who was deleted."""
        self.requested: list[str] = []
        self.signed_out: list[str] = []

    def response(self, action: str, document: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        assert document["UserPoolId"] == POOL_ID
        if action == "AdminUserGlobalSignOut":
            self.signed_out.append(document["Username"])
            return 200, {}
        self.requested.append(document["Username"])
        user = self.users.get(document["Username"], CONFIRMED)
        return (200, user) if user else (400, {"__type": "UserNotFoundException"})


directory = Directory()


@dataclass
class FakeCognito:
    """Takes the place of `jmpy.sessions.cognito_http`, the only way to Cognito."""

    now: float
    nonce: str = ""
    """Of the sign-in that the next code answers."""
    codes: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    sent: list[dict[str, str]] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    """What is wrong with the ID tokens it makes."""
    down: type[Exception] | None = None

    def get_json(self, url: str) -> Any:
        assert url == f"{ISSUER}/.well-known/jwks.json"
        return keys_document()

    def post_form(self, url: str, fields: dict[str, str]) -> Any:
        if self.down is not None:
            raise self.down
        self.sent.append({"url": url, **fields})
        assert fields["client_id"] == CLIENT_ID
        if url == f"{SIGN_IN_URL}/oauth2/revoke":
            self.refresh_tokens.discard(fields["token"])
            return None
        assert url == f"{SIGN_IN_URL}/oauth2/token"
        if fields["grant_type"] == "refresh_token":
            if fields["refresh_token"] not in self.refresh_tokens:
                raise cognito_http.Rejected
            return {"id_token": self._id_token(nonce=None)}
        if fields["code"] not in self.codes:
            raise cognito_http.Rejected
        self.codes.remove(fields["code"])
        refresh_token = f"refresh-{len(self.sent)}"
        self.refresh_tokens.add(refresh_token)
        return {"id_token": self._id_token(nonce=self.nonce), "refresh_token": refresh_token}

    def _id_token(self, nonce: str | None) -> str:
        return sign(claims(self.now, **{"nonce": nonce, **self.changes}))
