"""Short links: list, creation, one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.audit_log import AuditEntry, Conflict
from jmpy.dashboard.views.qr_codes import LinkQrCode, LookValues
from jmpy.links.held_store import HeldCode
from jmpy.links.model import Link, LinkStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkList(View):
    template: ClassVar[str] = "links.html"
    links: Sequence[Link]
    total: int
    """Of all pages."""
    search: str = ""
    status: str = ""
    """The value of the filter; empty for all."""
    domain: str = ""
    """Its host; empty for all domains."""
    domains: Sequence[str] = ()
    """The hosts of those that can be filtered by."""
    tag: str = ""
    """Or several, with commas between them: links have to have one of them."""
    page: int = 1
    page_count: int = 1
    cursor: str = ""
    """Of this page."""
    next_cursor: str | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The parameters of the address that restrict the list."""
        return {
            "search": self.search,
            "status": self.status,
            "domain": self.domain,
            "tag": self.tag,
        }

    @property
    def is_filtered(self) -> bool:
        return any(self.filters.values())

    @property
    def here(self) -> str:
        """To come back to, below the base path."""
        page = self.page if self.page > 1 else ""
        parts = {**self.filters, "page": page, "cursor": self.cursor}
        query = urlencode({name: part for name, part in parts.items() if part})
        return f"/dashboard/links?{query}" if query else "/dashboard/links"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkValues:
    """What stands in the form, as it was typed. A password is never sent back."""

    url: str = ""
    custom_alias: str = ""
    domain: str = ""
    """The host of the domain; empty for the default one."""
    name: str = ""
    campaign_id: str = ""
    """Its name, or its id."""
    expires_at: str = ""
    """As `<input type="datetime-local">` writes it, in UTC: `2026-12-31T18:00`."""
    tags: str = ""
    """With commas between them."""
    is_dynamic: bool = False
    forward_query: bool = False
    utm: Mapping[str, str] = field(default_factory=dict)
    """By name; those that are left empty may be absent."""
    destination: str = ""
    """Where the link would lead with them; empty while `url` is none."""
    status: str = LinkStatus.ACTIVE.value
    remove_password: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFormView(View):
    values: LinkValues = LinkValues()
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field."""
    campaigns: Sequence[str] = ()
    """Names that are suggested."""
    domains: Sequence[str] = ()
    """The hosts of those that can be chosen besides the default one."""

    @property
    def destination(self) -> str:
        return self.values.destination

    @property
    def shows_utm(self) -> bool:
        """Whether the fields of the UTM parameters, which few links need, are open at once."""
        is_wrong = any(name.startswith("utm_") for name in self.errors)
        return is_wrong or any(self.values.utm.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDestination(View):
    """What the form fetches as it is filled in: GET /dashboard/links/new/destination."""

    template: ClassVar[str] = "link_destination.html"
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink(LinkFormView):
    template: ClassVar[str] = "link_new.html"


@dataclass(frozen=True, slots=True)
class PastChange:
    entry: AuditEntry
    destination: str | None = None
    """That the link had before the change and has no longer, to put it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage(LinkFormView):
    template: ClassVar[str] = "link.html"
    link: Link
    version: int
    """Comes back with the form, so that a change in between is not overwritten."""
    back: str = ""
    """The page that it was reached from, below the base path; empty for the list."""
    is_new: bool = False
    """Whether it was created just now."""
    history: tuple[PastChange, ...] = ()
    """The latest first."""
    has_more_history: bool = False
    conflict: Conflict | None = None
    qr: LinkQrCode | None = None
    look: LookValues = field(default_factory=LookValues)
    """Of a QR code that is created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAliasList(View):
    template: ClassVar[str] = "held_aliases.html"
    aliases: Sequence[HeldCode]
    next_cursor: str | None = None
    is_first: bool = True
