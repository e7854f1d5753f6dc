"""The two cookies of a signed-in browser: the session's id, and a sign-in on its way.

Both are HttpOnly and SameSite=Lax, Secure on https, without a Domain, and bound to this
deployment's path: another stage on the same host does not see them. Lax and not Strict, because
the way back from Cognito is a navigation from another site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class BoundCookie:
    """A cookie of fixed name and path."""

    name: str
    path: str
    secure: bool

    def carrying(self, value: str, max_age: int) -> Cookie:
        """`max_age` in seconds."""
        return Cookie(
            self.name,
            value,
            path=self.path,
            secure=self.secure,
            http_only=True,
            max_age=max_age,
            same_site=SameSite.LAX_MODE,
        )

    def deleted(self) -> Cookie:
        return self.carrying("", max_age=0)

    def read(self, event: Mapping[str, Any]) -> str | None:
        """Its value. None also when the browser sends two: then somebody who may set cookies for
        this host has added one, and which of them is ours cannot be told."""
        headers = event.get("multiValueHeaders") or {}
        lines = [
            line for name, all_ in headers.items() if name.lower() == "cookie" for line in all_
        ]
        pairs = [pair.strip().partition("=") for line in lines for pair in line.split(";")]
        values = [value for name, _, value in pairs if name == self.name]
        return values[0] if len(values) == 1 else None


def session(base_url: str) -> BoundCookie:
    """With a prefix that browsers enforce (RFC 6265bis section 4.1.3): `__Host-` where this
    deployment has its host to itself, so that not even a subdomain can plant a session."""
    url = urlsplit(base_url)
    secure = url.scheme == "https"
    prefix = "" if not secure else "__Secure-" if url.path else "__Host-"
    return BoundCookie(f"{prefix}jmpy_session", url.path or "/", secure)


def sign_in(base_url: str) -> BoundCookie:
    """Sent to /login and below only."""
    url = urlsplit(base_url)
    secure = url.scheme == "https"
    name = "__Secure-jmpy_sign_in" if secure else "jmpy_sign_in"
    return BoundCookie(name, f"{url.path}/login", secure)
