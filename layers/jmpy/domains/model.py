"""The record of a domain, and what a request to one of its short URLs needs of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FIRST_VERSION = 1
"""Of a domain that was created and not changed since."""


class DomainKind(StrEnum):
    SUBDOMAIN = "subdomain"
    """Of the operator's zone; it works at once."""
    BRANDED = "branded"
    """Of a customer, who proves the ownership by DNS."""


class DomainState(StrEnum):
    PENDING = "pending"
    """Claimed, and not proven; any number of accounts may claim the same host."""
    VERIFYING = "verifying"
    """The ownership is proven; the certificate is not there yet."""
    ACTIVE = "active"
    FAILING = "failing"
    """The proof was missing in the last checks; its links work as before."""
    SUSPENDED = "suspended"
    """By the operator; its links are gone (410)."""
    DELETING = "deleting"
    """Its links are being removed; none works any more."""
    LOST = "lost"
    """Another account has proven that the host is its own."""

    @property
    def serves(self) -> bool:
        """Whether links on the domain work."""
        return self in (DomainState.ACTIVE, DomainState.FAILING)


class WellKnownFile(StrEnum):
    """Which app opens the links of a host, as a phone reads it there."""

    APPLE = "apple-app-site-association"
    ANDROID = "assetlinks.json"


@dataclass(frozen=True, slots=True)
class DomainName:
    """The domain of a link, as it is stored with the link. Nothing of it ever changes."""

    id: str
    host: str
    """In lower case and ASCII (A-labels), without a port or a dot at the end."""
    kind: DomainKind

    @property
    def subdomain(self) -> str | None:
        """The name within the operator's zone; None of a branded domain."""
        return self.host.partition(".")[0] if self.kind is DomainKind.SUBDOMAIN else None


@dataclass(frozen=True, slots=True)
class Domain:
    """All times are whole seconds since the Unix epoch, UTC."""

    id: str
    """UUID version 7: it sorts by time of creation, which is the order of a list."""
    account_id: str
    host: str
    """In lower case and ASCII (A-labels), without a port or a dot at the end."""
    kind: DomainKind
    state: DomainState
    name: str
    created_at: int
    updated_at: int
    description: str | None = None
    is_primary: bool = False
    """Whether new links are created on it unless the request says otherwise."""
    root_url: str | None = None
    """Where a request to the host without a code is redirected to."""
    not_found_url: str | None = None
    """Where a request to a code that no link has is redirected to."""
    expired_url: str | None = None
    """Where a request to a link that expired is redirected to."""
    token: str | None = None
    """32 hexadecimal digits, in the TXT record that proves the ownership of a branded domain."""
    verified_at: int | None = None
    """When the ownership was first proven; None of a claim."""
    checked_at: int | None = None
    """When the DNS of a branded domain was last looked up."""
    misses: int = 0
    """Days in a row on which the scheduled check found a record missing."""
    missed_at: int | None = None
    """The last of them."""
    failing_since: int | None = None
    mails: int = 0
    """Sent to the owner since it is failing."""
    reason: str | None = None
    """Why the last check failed; a sentence for its owner."""
    version: int = FIRST_VERSION
    """Counts the changes; a write names the version that it read."""

    @property
    def named(self) -> DomainName:
        return DomainName(self.id, self.host, self.kind)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of what is on a domain."""

    links: int = 0
    qr_codes: int = 0
    """That contain an address on it; also of links that have moved elsewhere."""


@dataclass(frozen=True, slots=True)
class Described:
    """A domain with its numbers."""

    domain: Domain
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class HostRecord:
    """Who has a host, and all that a redirect reads of the domain. It exists from the proof of the
    ownership on, so that a claim blocks nobody, and one write of it gives the host and all of its
    short URLs to somebody else."""

    domain_id: str
    account_id: str
    kind: DomainKind
    state: DomainState
    root_url: str | None = None
    not_found_url: str | None = None
    expired_url: str | None = None
    held_until: int | None = None
    """Of a subdomain that was deleted: for how long no other account gets it."""
