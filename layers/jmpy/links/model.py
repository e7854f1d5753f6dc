"""The record of a short link."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from jmpy.clicks.model import Bots
from jmpy.domains.model import DomainName
from jmpy.links import codes
from jmpy.links.safety import Cause, SafetyStatus, Takedown


class LinkStatus(StrEnum):
    """`expired` follows from `expires_at` and the current time; the other two are set."""

    ACTIVE = "active"
    EXPIRED = "expired"
    DISABLED = "disabled"


class Source(StrEnum):
    """How a link was created; the words are the public contract's."""

    URL_SHORTENER = "URL_SHORTENER"
    BULK_IMPORT = "BULK_IMPORT"
    QR_CODE_GENERATOR = "QR_CODE_GENERATOR"


FIRST_VERSION = 1
"""Of a link that was created and not changed since."""


@dataclass(frozen=True, slots=True)
class Link:
    """All times are whole seconds since the Unix epoch, UTC."""

    id: str
    """UUID version 7: it sorts by time of creation, which is the default order of a list."""
    account_id: str
    short_code: str
    """What follows the host in the short URL; the custom alias where there is one. Links on
    different domains may have the same."""
    url: str
    created_at: int
    updated_at: int
    name: str | None = None
    custom_alias: str | None = None
    domain: DomainName | None = None
    """None: the default domain."""
    expires_at: int | None = None
    tracking_enabled: bool = True
    is_dynamic: bool = False
    """Redirects with 302 instead of 301."""
    forward_query: bool = False
    """Whether a redirect passes the visitor's query string on."""
    utm: dict[str, str] = field(default_factory=dict)
    """The parameters that it sets, by name; `url` has them already."""
    disabled: bool = False
    password_hash: str | None = None
    """Argon2id, in PHC string format."""
    tags: tuple[str, ...] = ()
    campaign_id: str | None = None
    channel: str = "api"
    source: str = Source.URL_SHORTENER.value
    click_count: int = 0
    bot_count: int = 0
    """Of the clicks; all others are people's."""
    last_clicked_at: int | None = None
    takedowns: tuple[Takedown, ...] = ()
    """The earliest first; while there is any, the link leads nowhere."""
    cleared: str | None = None
    """The destination with which an operator restored it; no check takes it down for that one."""
    qr_id: str | None = None
    """Id of the QR code that leads to it."""
    qr_code: str | None = None
    """The short code which that QR code contains: another one than `short_code`, so that scans and
    clicks are told apart. It never changes, because it may be printed."""
    qr_domain: DomainName | None = None
    """On which that code is; None: the default domain. A link that moves leaves it where it is."""
    version: int = FIRST_VERSION
    """Counts the changes; a write names the version that it read."""

    @property
    def host(self) -> str:
        """Of its short URL; empty on the default domain."""
        return "" if self.domain is None else self.domain.host

    @property
    def address(self) -> str:
        """Of its short URL."""
        return codes.address(self.short_code, self.host)

    @property
    def qr_host(self) -> str:
        """Of the address that its QR code contains."""
        return "" if self.qr_domain is None else self.qr_domain.host

    @property
    def qr_address(self) -> str | None:
        """Which its QR code contains."""
        return None if self.qr_code is None else codes.address(self.qr_code, self.qr_host)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All that lead to it."""
        return (self.address,) if self.qr_address is None else (self.address, self.qr_address)

    def domain_of(self, address: str) -> DomainName | None:
        """Of one of its addresses."""
        return self.domain if address == self.address else self.qr_domain

    @property
    def taken_down(self) -> bool:
        return bool(self.takedowns)

    @property
    def taken_down_since(self) -> int | None:
        """When an operator or a check first took it down; None if neither did."""
        return min((takedown.since for takedown in self.takedowns if takedown.since), default=None)

    @property
    def safety_status(self) -> SafetyStatus:
        causes = {takedown.cause for takedown in self.takedowns}
        if causes == {Cause.BLOCKLIST}:
            return SafetyStatus.BLOCKED
        return SafetyStatus.TAKEN_DOWN if causes else SafetyStatus.SAFE

    @property
    def safety_reason(self) -> str | None:
        return "; ".join(takedown.text for takedown in self.takedowns) or None

    @property
    def human_count(self) -> int:
        return self.click_count - self.bot_count

    def counting(self, bots: Bots) -> Link:
        """As if the other clicks had not been; to be shown, and not to be stored."""
        if bots is Bots.INCLUDE:
            return self
        if bots is Bots.EXCLUDE:
            return replace(self, click_count=self.human_count, bot_count=0)
        return replace(self, click_count=self.bot_count)

    def status(self, now: float) -> LinkStatus:
        return status(self.disabled, self.expires_at, now)


@dataclass(frozen=True, slots=True)
class Target:
    """What a redirect needs, and all that it reads."""

    link_id: str
    account_id: str
    url: str
    expires_at: int | None = None
    is_dynamic: bool = False
    forward_query: bool = False
    disabled: bool = False
    password_hash: str | None = None
    tracking_enabled: bool = True
    taken_down: bool = False
    """Also of a link that was deleted since."""
    held_until: int | None = None
    """Of a code whose link was deleted or moved: for how long no other account gets it."""
    qr_id: str | None = None
    """Id of the QR code that contains the code; None for the link's own short code."""
    campaign_id: str | None = None
    domain_id: str | None = None
    """Of the domain that the short URL is on; None: the default domain."""

    @property
    def is_tombstone(self) -> bool:
        """Whether it is what a link left behind that was deleted, or moved to another code."""
        return not self.url

    def leads_for(self, account_id: str) -> bool:
        """Whether a link of the account has the code."""
        return not self.is_tombstone and self.account_id == account_id

    def is_on(self, domain: DomainName | None) -> bool:
        """Whether it is on the domain, and not on one that had the same host before."""
        return self.domain_id == (None if domain is None else domain.id)

    def is_available_to(self, account_id: str, now: float) -> bool:
        """Whether a link of the account may take the code."""
        is_released = self.held_until is not None and self.held_until <= now
        return (
            self.is_tombstone
            and not self.taken_down
            and (is_released or self.account_id == account_id)
        )

    def status(self, now: float) -> LinkStatus:
        return status(self.disabled, self.expires_at, now)


class AliasState(StrEnum):
    AVAILABLE = "available"
    TAKEN = "taken"
    HELD = "held"
    """Its link was deleted or moved, and it is held for the account of that."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Of an alias, to one account."""

    state: AliasState
    held_until: int | None = None
    """Of one that is held for this account."""


def status(disabled: bool, expires_at: int | None, now: float) -> LinkStatus:
    if disabled:
        return LinkStatus.DISABLED
    if expires_at is not None and expires_at <= now:
        return LinkStatus.EXPIRED
    return LinkStatus.ACTIVE
