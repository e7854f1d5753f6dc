"""Cookies. Those of a signed-in browser: the session's id, and one for each sign-in in progress.

On https their names start with `__Host-` (RFC 6265bis section 4.1.3): browsers accept such a cookie
only from this host and for the whole host, so that no sibling domain can plant one, neither a
session nor the beginning of a sign-in. Since the path cannot separate deployments on one host, the
name does: it ends with the deployment's path. Plain http, which only a local stack uses, does not
support the prefix: there the cookie has the path.

All are HttpOnly and SameSite=Lax, without a Domain. Lax and not Strict, because Cognito's redirect
back is a navigation from another site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Event = Mapping[str, Any]

MOST_SIGN_INS = 10
"""Sign-ins in progress in one browser: tabs, or abandoned attempts. A browser sends all of them
with every request, and API Gateway accepts 10 KB of header fields."""

_SIGN_IN = "jmpy_sign_in"
_NAMING = 10
"""Characters of a state that distinguish sign-ins of one browser."""


@dataclass(frozen=True, slots=True)
class BoundCookie:
    """A cookie with a fixed name and path."""

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

    def read(self, event: Event) -> str | None:
        """Its value. None also if the browser sends two: then another site that may set cookies for
        this host has added one, and ours cannot be identified."""
        values = [value for name, value in sent(event) if name == self.name]
        return values[0] if len(values) == 1 else None


def session(base_url: str) -> BoundCookie:
    return _bound(base_url, "jmpy_session")


def sign_in(base_url: str, state: str) -> BoundCookie:
    """The cookie of the sign-in with that state. One for each, so that two tabs can sign in at
    once."""
    return _bound(base_url, _SIGN_IN, "/login", f".{state[:_NAMING]}")


def abandoned_sign_ins(base_url: str, event: Event) -> list[BoundCookie]:
    """The cookies to delete so that one more stays within MOST_SIGN_INS: the oldest, which browsers
    send first (RFC 6265 section 5.4)."""
    pattern = re.escape(sign_in(base_url, "").name) + r"([A-Za-z0-9_-]+)"
    states = [found[1] for name, _ in sent(event) if (found := re.fullmatch(pattern, name))]
    return [sign_in(base_url, state) for state in states[: 1 - MOST_SIGN_INS]]


def _bound(base_url: str, name: str, below: str = "", suffix: str = "") -> BoundCookie:
    """`below` is the path, under the deployment's, to which a cookie of plain http is sent."""
    url = urlsplit(base_url)
    if url.scheme != "https":
        return BoundCookie(f"{name}{suffix}", f"{url.path}{below}" or "/", secure=False)
    deployment = re.sub(r"[^A-Za-z0-9_-]", ".", url.path)
    return BoundCookie(f"__Host-{name}{deployment}{suffix}", "/", secure=True)


def sent(event: Event) -> Iterator[tuple[str, str]]:
    """Names and values of all cookies. Only spaces and tabs are trimmed: a name that begins with
    another kind of white space is not ours to a browser, which would accept it from a sibling
    domain."""
    headers = event.get("multiValueHeaders") or {}
    lines = [line for name, all_ in headers.items() if name.lower() == "cookie" for line in all_]
    for line in lines:
        for pair in line.split(";"):
            name, _, value = pair.strip(" \t").partition("=")
            yield name, value
