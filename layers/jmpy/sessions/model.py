"""The record of a session, and Cognito's data about a person who signs in.

Plain dataclasses with light imports, because the authorizer loads this module too.
"""

from __future__ import annotations

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
    """The claims of a verified ID token."""

    subject: str
    """Cognito's `sub`, a UUID that never changes: the account's id."""
    email: str
    expires_at: int
    """Seconds since the Unix epoch, UTC, as all times here."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Cognito's response to a code or a refresh token."""

    id_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    """None if the one that was sent stays valid."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a sign-in."""

    ip_address: str | None = None
    user_agent: str | None = None
    country: str | None = None
    """ISO 3166, if a CDN provides it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as it is listed for its person; none of its fields gives access."""

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
    """When the ID token expires. Afterwards Cognito is queried whether the user may still sign
    in."""
    created_at: int
    expires_at: int
    """When the session ends, however busy it is."""

    @property
    def reference(self) -> str:
        """The id that lists and the audit log show."""
        return digest(self.id)

    def csrf_token(self, salt: str | None = None) -> str:
        """The form token of this session. It can be derived only from the cookie's secret, which no
        other site can read, so it needs neither a secret of the server nor storage.

        It is different on every page, since pages are sent compressed: from the lengths of many
        responses an attacker could guess a text that all of them contain (BREACH).
        """
        salt = salt or os.urandom(_SALT_LENGTH // 2).hex()
        message = _CSRF_LABEL + salt.encode(errors="surrogatepass")
        return salt + hmac.new(self.id.encode(), message, sha256).hexdigest()

    def proof(self, what: str) -> str:
        """Proof that we showed `what` to this session; for addresses in its pages."""
        return hmac.new(self.id.encode(), _PROOF_LABEL + what.encode(), sha256).hexdigest()

    def has_proof(self, what: str, proof: str) -> bool:
        return hmac.compare_digest(self.proof(what).encode(), proof.encode(errors="replace"))

    def owns(self, csrf_token: str) -> bool:
        """Whether the token is this session's, compared in constant time."""
        ours = self.csrf_token(csrf_token[:_SALT_LENGTH])
        # A form can contain half of a surrogate pair, which matches no token and is no fault.
        sent = csrf_token.encode(errors="surrogatepass")
        return hmac.compare_digest(ours.encode(errors="surrogatepass"), sent)


def digest(session_id: str) -> str:
    """The digest under which a session is stored. A plain hash suffices: the id has 256 random
    bits."""
    return sha256(session_id.encode(errors="surrogatepass")).hexdigest()
