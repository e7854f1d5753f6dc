"""The preview of a link, before a visitor follows it: `/<code>+`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from jmpy.links.model import Target

SIGN = "+"
"""Requests the preview when it follows a code; no code contains it."""

# As clients and proxies send it that encode it, or mistake it for a space.
_SIGNS = (SIGN, "%2B", "%2b", " ")


@dataclass(frozen=True, slots=True)
class Preview:
    short_code: str
    short_url: str
    url: str | None
    """None if the link has a password: only visitors who enter it see the destination."""
    shown_host: str | None
    """In its own script; `url` is in ASCII."""

    @classmethod
    def from_target(cls, code: str, short_url: str, target: Target) -> Preview:
        if target.password_hash is not None:
            return cls(code, short_url, None, None)
        from jmpy.links import homographs  # noqa: PLC0415 - a redirect does not need it

        return cls(code, short_url, target.url, homographs.shown(_host(target.url)))

    @property
    def host(self) -> str | None:
        """The host in ASCII, as browsers request it."""
        return None if self.url is None else _host(self.url)

    def body(self) -> dict[str, Any]:
        return {
            "short_code": self.short_code,
            "short_url": self.short_url,
            "original_url": self.url,
            "host": self.host,
            "host_unicode": self.shown_host,
            "is_password_protected": self.url is None,
        }


def requested_code(path: str) -> str | None:
    """The code whose preview the path requests; None for any other path."""
    return next((path.removesuffix(sign) for sign in _SIGNS if path.endswith(sign)), None)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
