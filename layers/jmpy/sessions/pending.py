"""A sign-in on its way through Cognito, as the browser keeps it in a short-lived cookie.

It needs no signature: it protects the browser that holds it against answers to somebody else's
sign-in, and its own owner gains nothing by changing it. The return path is checked when it is read.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

LIFETIME = 600
"""Seconds to sign in."""

HOME = "/dashboard"

# Only what our own pages link to: no scheme, host, backslash, `//` or encoded character that a
# browser or a gateway could read in two ways.
_RETURN_PATH = re.compile(r"/dashboard(/[A-Za-z0-9_~-]+)*(\?[A-Za-z0-9_.~=&%+-]*)?")
_RETURN_PATH_LENGTH = 512
_LONGEST = 2048


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    state: str = field(repr=False)
    """Ties Cognito's answer to this browser."""
    verifier: str = field(repr=False)
    """PKCE (RFC 7636): ties the code to this sign-in."""
    nonce: str = field(repr=False)
    """Ties the ID token to this sign-in."""
    return_to: str
    """A path of the dashboard, below the base URL."""

    @property
    def challenge(self) -> str:
        hashed = sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()

    def has_state(self, state: str) -> bool:
        # A query can hold half of a surrogate pair, which is no state of ours, and no fault.
        return hmac.compare_digest(self.state.encode(), state.encode(errors="surrogatepass"))

    def to_cookie(self) -> str:
        text = urlencode(
            {"s": self.state, "v": self.verifier, "n": self.nonce, "r": self.return_to}
        )
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def start(
    return_to: str | None, generate: Callable[[], str] = lambda: secrets.token_urlsafe(32)
) -> PendingSignIn:
    return PendingSignIn(generate(), generate(), generate(), checked_return_path(return_to))


def from_cookie(value: str) -> PendingSignIn | None:
    """None for anything that `to_cookie` did not write."""
    if len(value) > _LONGEST:
        return None
    try:
        text = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("ascii")
        fields = parse_qs(text, strict_parsing=True, max_num_fields=4)
        state, verifier, nonce, return_to = (fields[name][0] for name in "svnr")
    except (ValueError, KeyError):
        return None
    return PendingSignIn(state, verifier, nonce, checked_return_path(return_to))


def checked_return_path(path: str | None) -> str:
    """The path if it is a page of the dashboard, else the dashboard itself. Never leads away from
    this deployment: it is appended to the base URL and has no room for a host."""
    if path and len(path) <= _RETURN_PATH_LENGTH and _RETURN_PATH.fullmatch(path):
        return path
    return HOME
