"""A sign-in on its way through Cognito, as the browser keeps it in a short-lived cookie.

It needs no signature: its own owner gains nothing by changing it, and that nobody else puts one
into a browser is what the name of the cookie is for (`jmpy.web.cookies`); a signature would not
hinder that, because a planted one would be genuine. The return path is checked when it is read.
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

# Only what our own pages link to: no scheme, host, backslash, `//` or encoded character that a
# browser or a gateway could read in two ways.
_RETURN_PATH = re.compile(r"/dashboard(/[A-Za-z0-9_~-]+)*(\?[A-Za-z0-9_.~=&%+-]*)?")
_RETURN_PATH_LENGTH = 512
_COOKIE = re.compile(r"([A-Za-z0-9_-]{43})(/.*)")


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    secret: str = field(repr=False)
    """256 random bits. What follows is derived from it, so that the cookie stays small: a browser
    with many tabs sends many."""
    return_to: str
    """A path of the dashboard, below the base URL."""

    @property
    def state(self) -> str:
        """Ties Cognito's answer to this browser."""
        return self._derived(b"jmpy sign-in state v1")

    @property
    def verifier(self) -> str:
        """PKCE (RFC 7636): ties the code to this sign-in."""
        return self._derived(b"jmpy sign-in verifier v1")

    @property
    def nonce(self) -> str:
        """Ties the ID token to this sign-in."""
        return self._derived(b"jmpy sign-in nonce v1")

    @property
    def challenge(self) -> str:
        return challenge(self.verifier)

    def has_state(self, state: str) -> bool:
        # A query can hold half of a surrogate pair, which is no state of ours, and no fault.
        return hmac.compare_digest(self.state.encode(), state.encode(errors="surrogatepass"))

    def to_cookie(self) -> str:
        return f"{self.secret}{self.return_to}"

    def _derived(self, label: bytes) -> str:
        return _text(hmac.digest(self.secret.encode(), label, sha256))


def challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    return _text(sha256(verifier.encode("ascii")).digest())


def start(
    return_to: str | None, generate: Callable[[], str] = lambda: secrets.token_urlsafe(32)
) -> PendingSignIn:
    return PendingSignIn(generate(), checked_return_path(return_to))


def from_cookie(value: str) -> PendingSignIn | None:
    """None for anything that `to_cookie` did not write."""
    found = _COOKIE.fullmatch(value)
    return None if found is None else PendingSignIn(found[1], checked_return_path(found[2]))


def checked_return_path(path: str | None, otherwise: str = HOME) -> str:
    """The path if it is a page of the dashboard. Never leads away from this deployment: it is
    appended to the base URL and has no room for a host."""
    if path and len(path) <= _RETURN_PATH_LENGTH and _RETURN_PATH.fullmatch(path):
        return path
    return otherwise


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
