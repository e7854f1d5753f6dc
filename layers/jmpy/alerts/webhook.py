"""Where an account wants its alerts sent, and how it knows that they are ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MAX_URL = 2048
"""Characters."""


class UnusableUrl(ValueError):
    """Not an https URL with a host, or one with a name and password in it."""


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Raises UnusableUrl. Which address the host has is checked with every delivery, since it
    may change."""

    url: str = field(repr=False)
    """https only; as it often holds a token, it is shown to nobody but its owner."""
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _is_usable(self.url):
            raise UnusableUrl("The URL has to be https, with a host and without a password")


def signature(secret: str, at: int, body: str) -> str:
    """The value of the header Jmpy-Signature; `at` in seconds since the Unix epoch, UTC."""
    signed = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


def _is_usable(url: str) -> bool:
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    has_password = "@" in parts.netloc
    return parts.scheme == "https" and bool(parts.hostname) and port != 0 and not has_password
