"""The record of a session, and what Cognito says when somebody signs in.

Plain dataclasses without imports of weight: the authorizer reads this module too.
"""

import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256

_CSRF_LABEL = b"jmpy csrf token v2"
_PROOF_LABEL = b"jmpy proof v1"
_SALT_LENGTH = 32
"""Characters."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified ID token says."""

    subject: str
    """Cognito's `sub`, a UUID that never changes: the account's id."""
    email: str
    expires_at: int
    """Seconds since the Unix epoch, UTC, as all times here."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Cognito's answer to a code or to a refresh token."""

    id_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    """None when the one that was sent stays valid."""


@dataclass(frozen=True, slots=True)
class Place:
    """From where a session was begun."""

    ip_address: str | None = None
    user_agent: str | None = None
    country: str | None = None
    """ISO 3166, where a CDN tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as its person lists it: nothing of it lets anybody in."""

    reference: str
    """The digest of its id, under which it is stored."""
    created_at: int
    last_used_at: int
    expires_at: int
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `id` is the secret in its cookie; only its digest is stored."""

    id: str = field(repr=False)
    account_id: str
    email: str
    refresh_token: str = field(repr=False)
    proven_until: int
    """When the ID token expires; after it Cognito is asked again whether the user still is one."""
    created_at: int
    expires_at: int
    """When the session ends, whatever happens."""

    @property
    def reference(self) -> str:
        """What it is called wherever it is listed or told of."""
        return digest(self.id)

    def csrf_token(self, salt: str | None = None) -> str:
        """What a form of this session carries. It can be derived only from the cookie's secret,
        which no other site can read, so it needs no secret of the server's and no storage.

        Another one for every page, since pages travel compressed: by the length of many responses
        an attacker could guess a text that all of them repeat (BREACH).
        """
        salt = salt or os.urandom(_SALT_LENGTH // 2).hex()
        message = _CSRF_LABEL + salt.encode(errors="surrogatepass")
        return salt + hmac.new(self.id.encode(), message, sha256).hexdigest()

    def proof(self, what: str) -> str:
        """That this session was told `what` by us; for addresses that we put into its pages."""
        return hmac.new(self.id.encode(), _PROOF_LABEL + what.encode(), sha256).hexdigest()

    def has_proof(self, what: str, proof: str) -> bool:
        return hmac.compare_digest(self.proof(what).encode(), proof.encode(errors="replace"))

    def owns(self, csrf_token: str) -> bool:
        """Whether the token is this session's, compared in constant time."""
        ours = self.csrf_token(csrf_token[:_SALT_LENGTH])
        # A form can hold half of a surrogate pair, which is no text of ours, and no fault.
        sent = csrf_token.encode(errors="surrogatepass")
        return hmac.compare_digest(ours.encode(errors="surrogatepass"), sent)


def digest(session_id: str) -> str:
    """Under which a session is stored. A plain hash will do: the id has 256 random bits."""
    return sha256(session_id.encode(errors="surrogatepass")).hexdigest()
