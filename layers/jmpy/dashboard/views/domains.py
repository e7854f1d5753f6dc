"""The list of domains, and the pages of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.audit_log import AuditEntry, Conflict
from jmpy.domains.claims import CLAIMED
from jmpy.domains.model import Domain, DomainKind, DomainState

PATH = "/dashboard/domains"


class Words(NamedTuple):
    badge: str
    """Its kind, as `ui.badge` has it."""
    status: str
    meaning: str
    """A sentence or two for the owner."""


STATES: Mapping[DomainState, Words] = {
    DomainState.PENDING: Words(
        "warn",
        "Not verified",
        "Set the DNS records below; then check them. Until then, no link can be created on it.",
    ),
    DomainState.VERIFYING: Words(
        "busy",
        "Being set up",
        "You have proven that it is yours. Its certificate is being issued, which usually takes "
        "some minutes; its links work from then on.",
    ),
    DomainState.ACTIVE: Words("good", "Active", "Its links work."),
    DomainState.FAILING: Words(
        "warn",
        "DNS problem",
        "Its links still work, as far as its DNS leads here. Set the records below again: without "
        "the TXT record, another account can claim the domain.",
    ),
    DomainState.SUSPENDED: Words(
        "bad",
        "Suspended",
        "The operator of this service suspended it, and its links respond with “gone”. If this is "
        "a mistake, contact the operator.",
    ),
    DomainState.DELETING: Words(
        "muted", "Being deleted", "None of its links works any more, and they are being deleted."
    ),
    DomainState.LOST: Words(
        "bad",
        "Lost",
        "Another account has proven that the domain is its own, so that your links on it no longer "
        "work. Move them to another domain, or delete them with this one.",
    ),
}

AWAITED = frozenset({DomainState.PENDING, DomainState.VERIFYING, DomainState.DELETING})
"""States that others end, so that a page looks for the next one by itself."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Which kinds of domains this deployment has."""

    zone: str = ""
    """Subdomains are names in it; empty, there are none."""
    branded: bool = False


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """That an owner sets at their DNS provider."""

    type: str
    name: str
    value: str
    purpose: str
    """A sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDomain:
    """What pages say about a domain."""

    domain: Domain
    links: int
    """On it."""
    qr_codes: int = 0
    """That contain an address on it; also of links that have moved elsewhere."""
    unicode: str = ""
    """Its name as people write it, where that differs from `domain.host`."""

    @property
    def words(self) -> Words:
        return STATES[self.domain.state]

    @property
    def is_branded(self) -> bool:
        return self.domain.kind is DomainKind.BRANDED

    @property
    def claimed_until(self) -> int | None:
        """When a claim without a proof is deleted; None of all others."""
        is_claim = self.domain.state is DomainState.PENDING
        return self.domain.created_at + CLAIMED if is_claim else None

    @property
    def kind(self) -> str:
        return "Branded domain" if self.is_branded else "Subdomain"

    @property
    def title(self) -> str:
        return self.unicode or self.domain.host


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainList(View):
    template: ClassVar[str] = "domains.html"
    domains: Sequence[ShownDomain]
    """Of the page, the newest first."""
    offered: Offered
    total: int = 0
    """Of all pages."""
    page: int = 1
    page_count: int = 1
    primary: str = ""
    """The host of the primary domain; empty where that is the default one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubdomain(View):
    template: ClassVar[str] = "domain_new_subdomain.html"
    zone: str
    subdomain: str = ""
    name: str = ""
    description: str = ""
    availability: ClassVar[str] = ""
    """Looked up as it is typed."""
    is_available: ClassVar[bool] = False
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubdomainAvailability(View):
    """What the form of a subdomain fetches as it is filled in."""

    template: ClassVar[str] = "domain_availability.html"
    zone: str
    availability: str
    is_available: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBrandedDomain(View):
    template: ClassVar[str] = "domain_new_branded.html"
    domain: str = ""
    """As it was typed."""
    name: str = ""
    description: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainValues:
    """What stands in the form, as it was typed."""

    name: str = ""
    description: str = ""
    root_url: str = ""
    not_found_url: str = ""
    expired_url: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainStatus(View):
    """A part of the page of a domain, which is fetched anew: GET /dashboard/domains/<id>/status."""

    template: ClassVar[str] = "domain_status.html"
    shown: ShownDomain | None
    """None: it was deleted."""

    @property
    def is_awaited(self) -> bool:
        return self.shown is not None and self.shown.domain.state in AWAITED


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainPage(View):
    template: ClassVar[str] = "domain.html"
    shown: ShownDomain
    values: DomainValues
    records: Sequence[DnsRecord] = ()
    """Of a branded domain."""
    files: Mapping[str, str] | None = None
    """What the well-known files contain, by name, as it is stored or was typed; None of a domain
    that can have none."""
    history: Sequence[AuditEntry] = ()
    """The latest first."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field, as the API names it; of a file, by its name."""
    conflict: Conflict | None = None

    @property
    def is_awaited(self) -> bool:
        return self.shown.domain.state in AWAITED
