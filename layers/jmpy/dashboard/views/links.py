"""Short links: list, creation, one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.audit_log import AuditEntry, Conflict
from jmpy.links.model import LinkStatus
from jmpy.links.safety import SafetyStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSummary:
    id: str
    short_url: str
    short_code: str
    destination: str
    created_at: int
    status: LinkStatus = LinkStatus.ACTIVE
    name: str | None = None
    clicks: int = 0
    """People's."""
    bots: int = 0
    """Clicks of bots."""
    expires_at: int | None = None
    tags: tuple[str, ...] = ()
    is_dynamic: bool = False
    has_password: bool = False
    safety: SafetyStatus = SafetyStatus.SAFE
    safety_reason: str | None = None
    held_since: int | None = None
    """When it was taken down first; None where it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkList(View):
    template: ClassVar[str] = "links.html"
    links: tuple[LinkSummary, ...]
    total: int
    """Of all pages."""
    search: str = ""
    status: str = ""
    """The value of the filter; empty for all."""
    page: int = 1
    page_count: int = 1
    cursor: str = ""
    """That this page was asked for with."""
    next_cursor: str | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.search or self.status)

    @property
    def here(self) -> str:
        """To come back to, below the base path."""
        page = self.page if self.page > 1 else ""
        parts = {"search": self.search, "status": self.status, "page": page, "cursor": self.cursor}
        query = urlencode({name: part for name, part in parts.items() if part})
        return f"/dashboard/links?{query}" if query else "/dashboard/links"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkValues:
    """What stands in the form, as it was typed. A password is never sent back."""

    url: str = ""
    custom_alias: str = ""
    name: str = ""
    expires_at: str = ""
    """As `<input type="datetime-local">` writes it, in UTC: `2026-12-31T18:00`."""
    tags: str = ""
    """With commas between them."""
    is_dynamic: bool = False
    status: str = LinkStatus.ACTIVE.value
    remove_password: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink(View):
    template: ClassVar[str] = "link_new.html"
    base_url: str
    """What a short URL starts with."""
    values: LinkValues = LinkValues()
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field."""


@dataclass(frozen=True, slots=True)
class PastChange:
    entry: AuditEntry
    destination: str | None = None
    """That the link had before the change and has no longer, to put it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage(View):
    template: ClassVar[str] = "link.html"
    base_url: str
    link: LinkSummary
    values: LinkValues
    version: int
    """Comes back with the form, so that a change in between is not overwritten."""
    back: str = ""
    """The page that it was reached from, below the base path; empty for the list."""
    is_new: bool = False
    """Whether it was created just now."""
    history: tuple[PastChange, ...] = ()
    """The latest first."""
    has_more_history: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class HeldAlias:
    alias: str
    link_id: str
    """Of the link that had it."""
    held_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAliasList(View):
    template: ClassVar[str] = "held_aliases.html"
    base_url: str
    aliases: tuple[HeldAlias, ...]
    next_cursor: str | None = None
    is_first: bool = True
