"""The browsers in which a person is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInBrowser:
    reference: str
    device: str
    """As in `Firefox on Linux`."""
    ip_address: str
    """Empty where it is not known, as is the country."""
    country: str
    signed_in_at: int
    last_used_at: int
    is_this: bool = False
    """Whether the request came from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionList(View):
    template: ClassVar[str] = "sessions.html"
    browsers: tuple[SignedInBrowser, ...]
    """This one first, then the newest."""
