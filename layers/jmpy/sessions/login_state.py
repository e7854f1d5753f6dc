"""The state of a sign-in in progress, stored in a short-lived cookie of the browser.

It needs no signature: its owner gains nothing by changing it, and the name of the cookie prevents
others from planting one (`jmpy.web.cookies`). A signature would not prevent that, because a planted
cookie would be genuine. The return path is checked when it is read.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LIFETIME = 600
"""Seconds to sign in."""

HOME = "/dashboard"

# Only paths that our own pages link to: no scheme, host, backslash, `//` or encoded character that
# a browser and a gateway could interpret differently.
_RETURN_PATH = re.compile(r"/dashboard(/[A-Za-z0-9_~-]+)*(\?[A-Za-z0-9_.~=&%+-]*)?")
_RETURN_PATH_LENGTH = 512
_COOKIE = re.compile(r"([A-Za-z0-9_-]{43})(/.*)")


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    secret: str = field(repr=False)
    """256 random bits. The other values are derived from it, so that the cookie stays small: a
    browser with many tabs sends many."""
    return_to: str
    """A path of the dashboard, below the base URL."""

    @property
    def state(self) -> str:
        """Binds Cognito's response to this browser."""
        return self._derived(b"jmpy sign-in state v1")

    @property
    def verifier(self) -> str:
        """PKCE (RFC 7636): binds the code to this sign-in."""
        return self._derived(b"jmpy sign-in verifier v1")

    @property
    def nonce(self) -> str:
        """Binds the ID token to this sign-in."""
        return self._derived(b"jmpy sign-in nonce v1")

    @property
    def challenge(self) -> str:
        return challenge(self.verifier)

    def has_state(self, state: str) -> bool:
        # A query can contain half of a surrogate pair, which matches no state and is no fault.
        return hmac.compare_digest(self.state.encode(), state.encode(errors="surrogatepass"))

    def to_cookie(self) -> str:
        return f"{self.secret}{self.return_to}"

    def _derived(self, label: bytes) -> str:
        return _text(hmac.digest(self.secret.encode(), label, sha256))


def challenge(verifier: str) -> str:
    """The challenge method S256 of RFC 7636."""
    return _text(sha256(verifier.encode("ascii")).digest())


def start(
    return_to: str | None, generate: Callable[[], str] = lambda: secrets.token_urlsafe(32)
) -> PendingSignIn:
    return PendingSignIn(generate(), checked_return_path(return_to))


def from_cookie(value: str) -> PendingSignIn | None:
    """None for a value that `to_cookie` did not write."""
    found = _COOKIE.fullmatch(value)
    return None if found is None else PendingSignIn(found[1], checked_return_path(found[2]))


def checked_return_path(path: str | None, otherwise: str = HOME) -> str:
    """The path, if it is a page of the dashboard. It never leads to another site: it is appended to
    the base URL and cannot contain a host."""
    if path and len(path) <= _RETURN_PATH_LENGTH and _RETURN_PATH.fullmatch(path):
        return path
    return otherwise


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
