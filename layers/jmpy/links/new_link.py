"""A new link as it is requested, and as it is once every rule was applied.

All ways to create a link (API, bulk upload, import, dashboard) build a `NewLink`; `process_link`
turns it into a `ProcessedLink`, and that becomes the `Link` which is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jmpy.links import codes, utm
from jmpy.links.model import Link, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.campaigns.model import Campaign
    from jmpy.domains.model import DomainName


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """Fields that are stored as they are; `expires_at` in seconds since the Unix epoch."""

    name: str | None = None
    tags: tuple[str, ...] = ()
    expires_at: int | None = None
    is_dynamic: bool = False
    forward_query: bool = False
    utm: dict[str, str] = field(default_factory=dict)
    """By name; an empty one is to be removed from the destination, and is not stored."""
    disabled: bool = False
    tracking_enabled: bool = True
    campaign_id: str | None = None
    """UUID or name; once the link is to be created, the UUID."""
    channel: str = "api"
    source: Source = Source.URL_SHORTENER
    qr_id: str | None = None
    """Id of the QR code that is created with it."""
    qr_code: str | None = None
    """The short code that this QR code contains, because it is printed; None for a random one."""


@dataclass(frozen=True, slots=True)
class NewLink(_Settings):
    """As requested: texts have the form that a schema demands, and no rule was applied yet."""

    url: str
    custom_alias: str | None = None
    host: str = field(default="", kw_only=True)
    """Of the domain that it is to be on; empty: the default domain."""
    qr_host: str | None = field(default=None, kw_only=True)
    """Where its QR code was printed for; None: the same."""
    password: str | None = field(default=None, repr=False, kw_only=True)

    def in_campaign(self, campaign: Campaign, *, uses_template: bool = True) -> NewLink:
        """With the UTM parameters of the campaign's template, unless they were requested."""
        template = campaign.utm if uses_template else {}
        return replace(self, campaign_id=campaign.id, utm={**template, **self.utm})


@dataclass(frozen=True, slots=True)
class ProcessedLink(_Settings):
    """It passed every rule that needs no look at existing links: its alias may still be taken."""

    url: str
    """As it is stored."""
    custom_alias: str | None = None
    """None for a random code."""
    domain: DomainName | None = field(default=None, kw_only=True)
    qr_domain: DomainName | None = field(default=None, kw_only=True)
    """Of its QR code, if it has one."""
    password_hash: str | None = field(default=None, repr=False, kw_only=True)

    @property
    def host(self) -> str:
        """Of the domain that it is to be on; empty: the default domain."""
        return "" if self.domain is None else self.domain.host

    @property
    def qr_host(self) -> str:
        """Of its QR code, if it has one."""
        return "" if self.qr_domain is None else self.qr_domain.host

    def to_link(self, account_id: str, now: float, random_code: Callable[[], str]) -> Link:
        """The record of a link that is created at `now`, in seconds since the Unix epoch."""
        return Link(
            id=codes.link_id(now),
            account_id=account_id,
            short_code=self.custom_alias or random_code(),
            url=self.url,
            created_at=int(now),
            updated_at=int(now),
            name=self.name,
            custom_alias=self.custom_alias,
            domain=self.domain,
            expires_at=self.expires_at,
            tracking_enabled=self.tracking_enabled,
            is_dynamic=self.is_dynamic,
            forward_query=self.forward_query,
            utm=utm.without_empty(self.utm),
            disabled=self.disabled,
            password_hash=self.password_hash,
            tags=self.tags,
            campaign_id=self.campaign_id,
            channel=self.channel,
            source=self.source.value,
            qr_id=self.qr_id,
            qr_code=None if self.qr_id is None else self.qr_code or random_code(),
            qr_domain=None if self.qr_id is None else self.qr_domain,
        )
