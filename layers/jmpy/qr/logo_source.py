"""Reads a logo, once, from where a client says that it is: an https URL, or a `data:` URL.

The request is one on behalf of a client, so it goes to public addresses only, follows no redirect,
and is bounded in size and time. What it raises never says what was found there.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from jmpy import fetch
from jmpy.addresses import NotPublic, is_public, resolve
from jmpy.qr.errors import UnusableLogo
from jmpy.qr.logo import normalized

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from urllib.parse import SplitResult

MAX_URL = 2048
"""Characters of an https URL."""
RESOLVING = 1.0
"""Seconds for the host's name."""
ALTOGETHER = 2.0
"""Seconds from the connection to the last byte, also of a server that responds byte by byte."""

_HTTPS = 443
_DATA = "data:"
_ACCEPT = "image/png, image/jpeg"


class LogoSource:
    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        is_allowed: Callable[[str], bool] = is_public,
        altogether: float = ALTOGETHER,
    ) -> None:
        self._context = context
        self._is_allowed = is_allowed
        self._altogether = altogether

    def read(self, url: str) -> bytes:
        """The logo as it is stored and drawn (`logo.normalized`). Raises UnusableLogo."""
        if url[: len(_DATA)].lower() == _DATA:
            return normalized(_embedded(url[len(_DATA) :]))
        return normalized(self._fetched(_parts(url)))

    def _fetched(self, parts: SplitResult) -> bytes:
        host, port = parts.hostname or "", parts.port or _HTTPS
        try:
            address = resolve(host, port, self._is_allowed, RESOLVING)
        except NotPublic:
            raise UnusableLogo("The host of the logo has no public address") from None
        except (OSError, ValueError):
            raise UnusableLogo("The host of the logo was not found") from None
        connection = fetch.Encrypted(
            host,
            port,
            timeout=self._altogether,
            context=self._context or fetch.trust(),
            address=address,
        )
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            response = fetch.exchange(
                connection, "GET", target, {"Accept": _ACCEPT}, altogether=self._altogether
            )
        except fetch.Unreachable as failed:
            raise UnusableLogo(_REASONS.get(str(failed), _UNREACHABLE)) from None
        if not response.is_success:
            raise UnusableLogo(
                "The URL of the logo did not respond with 2xx; redirects are not followed"
            )
        return response.body


_UNREACHABLE = "The logo could not be fetched"
_REASONS = {
    "TimeoutError": f"The logo was not received within {ALTOGETHER:.0f} seconds",
    "TooLarge": f"A logo has at most {fetch.LARGEST // 1024} KB",
    "SSLCertVerificationError": "The certificate of the logo's host is not valid",
}
"""By the message of `fetch.Unreachable`."""


def _parts(url: str) -> SplitResult:
    unusable = UnusableLogo("Use an https URL without a user name or password, or a data: URL")
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise unusable
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise unusable from None
    if parts.scheme != "https" or not parts.hostname or port == 0 or "@" in parts.netloc:
        raise unusable
    return parts


def _embedded(rest: str) -> bytes:
    """Of a `data:` URL without its scheme (RFC 2397)."""
    about, comma, text = rest.partition(",")
    if not comma:
        raise UnusableLogo("The data: URL has no comma")
    if not about.lower().endswith(";base64"):
        return unquote_to_bytes(text)
    try:
        return b64decode(unquote_to_bytes(text), validate=True)
    except binascii.Error:
        raise UnusableLogo("The data: URL is not valid base64") from None
