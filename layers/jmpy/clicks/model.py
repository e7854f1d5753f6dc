"""A queued click, a stored click, and what clicks are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

UNKNOWN = "unknown"
"""The value of a dimension of which the request said nothing."""

OTHER = "(other)"
"""The value under which those are counted that a counter has no room for."""

HASH_LENGTH = 8
"""Bytes of a visitor's hash; among 100,000 visitors two are alike once in three billion days."""

KEPT_HOURS = 90
"""Days for which there are counters by hour; those by day stay."""


class Dimension(StrEnum):
    COUNTRY = "country"
    """ISO 3166-1 alpha-2, or `unknown`."""
    REFERRER = "referrer"
    """A host, or `direct`."""
    SOURCE = "source"
    """A `SourceCategory`."""
    DEVICE = "device"
    """A `DeviceType`."""
    BROWSER = "browser"
    OS = "os"
    AGENT = "agent"
    """An `AgentKind`."""
    UTM_SOURCE = "utm_source"
    UTM_MEDIUM = "utm_medium"
    UTM_CAMPAIGN = "utm_campaign"
    UTM_TERM = "utm_term"
    UTM_CONTENT = "utm_content"
    LINK = "link"
    """A link's id; counted by day, for accounts and campaigns only."""
    CAMPAIGN = "campaign"
    """The id of the campaign that the link was in; a click on a link without one is not counted by
    it."""
    VIA = "via"
    """A `Via`; a click on the short URL itself is not counted by it."""


UTM = (
    Dimension.UTM_SOURCE,
    Dimension.UTM_MEDIUM,
    Dimension.UTM_CAMPAIGN,
    Dimension.UTM_TERM,
    Dimension.UTM_CONTENT,
)
"""A click without one of them is not counted by it."""


class SourceCategory(StrEnum):
    DIRECT = "direct"
    SEARCH = "search"
    SOCIAL = "social"
    EMAIL = "email"
    REFERRAL = "referral"
    """Any other site."""


class Via(StrEnum):
    """What a click came through."""

    QR_CODE = "qr_code"
    """A scan."""
    LINK = "link"
    """The short URL itself. Not counted: all clicks that are no scans."""


class DeviceType(StrEnum):
    DESKTOP = "desktop"
    MOBILE = "mobile"
    TABLET = "tablet"
    TV = "tv"
    """Televisions, what is plugged into them, and game consoles."""
    BOT = "bot"
    UNKNOWN = UNKNOWN


class AgentKind(StrEnum):
    HUMAN = "human"
    BOT = "bot"
    """Says that it is one, or is on the list of those known."""
    SUSPICIOUS = "suspicious"
    """Neither a known bot nor anything that looks like a browser."""


class Bots(StrEnum):
    """Whether bot clicks are included, excluded or the only ones counted. Suspicious clicks count
    as bot clicks."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    ONLY = "only"

    def counts(self, *, is_bot: bool) -> bool:
        return self is Bots.INCLUDE or is_bot is (self is Bots.ONLY)


@dataclass(frozen=True, slots=True)
class Click:
    """As the redirect saw it. No address: only its hash, under a salt that is gone in days."""

    id: str
    """Drawn by the redirect; the same when the message comes twice."""
    at: int
    """Milliseconds since the Unix epoch, UTC."""
    link_id: str
    account_id: str
    short_code: str
    visitor: str
    """The same for all of a visitor's clicks on a link in a UTC day, and only for those."""
    user_agent: str = ""
    referrer: str = ""
    """The host of the page that the click came from; empty when the browser did not say."""
    country: str = UNKNOWN
    utm: Mapping[str, str] = field(default_factory=dict)
    """By the names of `UTM`."""
    own: tuple[str, ...] = ()
    """Names of `UTM` whose value is the one that the link's destination has."""
    qr_id: str | None = None
    """Id of the QR code that was scanned; None for a click on the short URL itself."""
    campaign_id: str | None = None
    """Of the link at the moment of the click; None if it was in no campaign."""


@dataclass(frozen=True, slots=True)
class StoredClick:
    id: str
    at: int
    """Milliseconds since the Unix epoch, UTC."""
    link_id: str
    short_code: str
    is_unique: bool
    """The visitor's first on this link in the UTC day."""
    user_agent: str
    values: Mapping[Dimension, str]
    qr_id: str | None = None
    """Of a scan: the id of the QR code."""
    is_unique_scan: bool = False
    """The visitor's first scan of this QR code in the UTC day."""

    @property
    def is_bot(self) -> bool:
        return is_bot(self.values)

    @property
    def campaign_id(self) -> str | None:
        """Of the link at the moment of the click."""
        return self.values.get(Dimension.CAMPAIGN)


def is_bot(values: Mapping[Dimension, str]) -> bool:
    """Whether a click with these values is counted as a bot's."""
    return values.get(Dimension.AGENT, AgentKind.HUMAN) != AgentKind.HUMAN
