"""Pages that say only what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View


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
