"""Pages that say only what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View


@dataclass(frozen=True, slots=True)
class UnsentForm:
    """What was typed into a form that nothing was done with."""

    action: tuple[str, ...]
    """Where it is posted to, as segments of a path."""
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(View):
    template: ClassVar[str] = "error.html"
    status: int
    title: str
    message: str
    request_id: str
    way_out: tuple[str, ...] = ("dashboard",)
    """Where the page's one link leads, as segments of a path."""
    link: str = "Go to the dashboard"
    until: int | None = None
    """When it is over by itself."""
    return_to: str = ""
    """Where the link leads in the end, where it leads to sign-in."""
    unsent: UnsentForm | None = None
