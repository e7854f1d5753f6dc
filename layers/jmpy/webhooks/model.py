"""Where an account wants its alerts sent, and how it knows that they are ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from jmpy.clock import DAY
from jmpy.lengths import too_long
from jmpy.webhooks.errors import UnusableUrl

MAX_URL = 2048
"""Characters."""


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


FAILING = 5 * DAY
"""Seconds in which nothing was delivered, after which a webhook is disabled."""

MANY_FAILURES = 20
"""In a row, without which it is not: an account with few alerts has few attempts."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the latest deliveries went; seconds since the Unix epoch, UTC."""

    delivered_at: int | None = None
    failed_at: int | None = None
    failure: str | None = None
    """The reason (`DeliveryFailed`)."""
    failing_since: int | None = None
    """The first failure since the last delivery; None when that was the latest."""
    failures: int = 0
    """Since the last delivery."""
    disabled_at: int | None = None
    """Since when nothing is sent to it, because it failed for too long; None while it is."""
    owner_notified_at: int | None = None
    """When its owner was mailed that it is disabled."""

    @property
    def is_failing(self) -> bool:
        """Whether the latest one failed."""
        return self.failed_at is not None and self.failed_at > (self.delivered_at or 0)

    def is_beyond_hope(self, now: float) -> bool:
        """Whether it failed for so long, and so often, that nobody seems to mend it."""
        since = self.failing_since
        return since is not None and now - since >= FAILING and self.failures >= MANY_FAILURES


@dataclass(frozen=True, slots=True)
class Webhook:
    """Raises UnusableUrl. Which address the host has is checked with every delivery, since it
    may change."""

    url: str = field(repr=False)
    """https only; as it often holds a token, it is shown to nobody but its owner."""
    secret: str = field(repr=False)
    created_at: int | None = None
    """None of one that an operator wrote into the table."""
    health: Health = Health()

    def __post_init__(self) -> None:
        check_url(self.url)

    @property
    def version(self) -> str:
        """The same while the URL is: whether a form was about this one. Names no part of it."""
        return hashlib.sha256(f"{self.created_at} {self.url}".encode()).hexdigest()[:16]


def signature(secret: str, at: int, body: str) -> str:
    """The value of the header Jmpy-Signature; `at` in seconds since the Unix epoch, UTC."""
    signed = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


def host_of(url: str) -> str:
    """With the port, if the URL has one. The only part that the audit log has: the rest often is a
    token."""
    return urlsplit(url).netloc


def check_url(url: str) -> None:
    """Raises UnusableUrl."""
    if len(url) > MAX_URL:
        raise UnusableUrl(too_long("The URL", len(url), MAX_URL))
    if not _is_usable(url):
        raise UnusableUrl


def _is_usable(url: str) -> bool:
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    has_password = "@" in parts.netloc
    return parts.scheme == "https" and bool(parts.hostname) and port != 0 and not has_password
