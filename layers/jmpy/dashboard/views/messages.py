"""Pages that say only what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View

_TITLES = {
    400: "That did not work",
    403: "You may not do this",
    404: "There is no such page",
    405: "That did not work",
    409: "Somebody was faster",
    413: "That is too much at once",
    429: "Too many requests",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(View):
    template: ClassVar[str] = "error.html"
    status: int
    message: str
    request_id: str

    @property
    def title(self) -> str:
        return _TITLES.get(self.status, "Something went wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable(View):
    """For a 503."""

    template: ClassVar[str] = "unavailable.html"
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(View):
    template: ClassVar[str] = "signed_out.html"
    session_ended: bool = False
    """Not by the person's own wish."""
