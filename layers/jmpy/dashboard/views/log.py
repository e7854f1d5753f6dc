"""A page of a log: the access log, or the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.key_names import KeyName


@dataclass(frozen=True, slots=True, kw_only=True)
class LogView(View):
    path: ClassVar[tuple[str, ...]]
    """Segments of its address."""
    pages_label: ClassVar[str]
    no_matches: ClassVar[str]
    """Title, and text, where no entry matches the filters."""
    no_matches_text: ClassVar[str]
    nothing: ClassVar[str]
    """Title, and text, where there is no entry yet."""
    nothing_text: ClassVar[str]

    entries: tuple[Any, ...]
    """The latest first."""
    keys: tuple[KeyName, ...] = ()
    """To choose from."""
    key_id: str = ""
    """Of the filter, as all others; empty for all."""
    next_cursor: str | None = None
    is_first: bool = True

    @property
    def filters(self) -> dict[str, str]:
        """The query of a page of these entries."""
        return {"key": self.key_id}

    @property
    def is_filtered(self) -> bool:
        return any(self.filters.values())

    @property
    def has_entries(self) -> bool:
        """Whether there are any with these filters."""
        return bool(self.entries)
