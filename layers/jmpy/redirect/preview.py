"""What a visitor is shown of a link before they follow it: `/<code>+`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from jmpy.links.model import Target

SIGN = "+"
"""Behind a code it asks for the preview; no code holds it."""

# As it arrives from clients and proxies that encode it, or take it for a space.
_SIGNS = (SIGN, "%2B", "%2b", " ")


@dataclass(frozen=True, slots=True)
class Preview:
    short_code: str
    short_url: str
    url: str | None
    """None where a password is asked for: who has it is shown where it leads by following it."""
    shown_host: str | None
    """In the script of its own; `url` has it in ASCII."""

    @classmethod
    def from_target(cls, code: str, short_url: str, target: Target) -> Preview:
        if target.password_hash is not None:
            return cls(code, short_url, None, None)
        from jmpy.links import homographs  # noqa: PLC0415 - a redirect does not need it

        return cls(code, short_url, target.url, homographs.shown(_host(target.url)))

    @property
    def host(self) -> str | None:
        """In ASCII, as browsers ask for it."""
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


def asked_for(path: str) -> str | None:
    """The code whose preview the path asks for; None for any other path."""
    return next((path.removesuffix(sign) for sign in _SIGNS if path.endswith(sign)), None)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
