"""The record of a campaign."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

FIRST_VERSION = 1
"""Of a campaign that was created and not changed since."""


class CampaignStatus(StrEnum):
    """`archived` is set; the others follow from the dates and the current time. None of them
    disables a link."""

    ACTIVE = "active"
    SCHEDULED = "scheduled"
    ENDED = "ended"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Campaign:
    """All times are whole seconds since the Unix epoch, UTC."""

    id: str
    """UUID version 7: it sorts by time of creation, which is the order of a list."""
    account_id: str
    name: str
    """As `name.normalized` returns it; unique in the account, whatever the case of its letters."""
    created_at: int
    updated_at: int
    description: str | None = None
    start_date: int | None = None
    """None: since it was created."""
    end_date: int | None = None
    """Its last moment; None: it never ends."""
    tags: tuple[str, ...] = ()
    utm: dict[str, str] = field(default_factory=dict)
    """The template of links that are created in it: their parameters by name, unless a request sets
    them; an empty one is removed from their destinations."""
    archived: bool = False
    version: int = FIRST_VERSION
    """Counts the changes; a write names the version that it read."""

    def status(self, now: float) -> CampaignStatus:
        """`now` in seconds since the Unix epoch."""
        if self.archived:
            return CampaignStatus.ARCHIVED
        if self.start_date is not None and self.start_date > now:
            return CampaignStatus.SCHEDULED
        if self.end_date is not None and self.end_date < now:
            return CampaignStatus.ENDED
        return CampaignStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of a campaign, since it was created."""

    links: int = 0
    """That it has now."""
    clicks: int = 0
    """On links that were in it at that moment."""
    bots: int = 0
    """Of the clicks."""

    @property
    def people(self) -> int:
        """Clicks by people."""
        return self.clicks - self.bots


@dataclass(frozen=True, slots=True)
class Described:
    """A campaign with its numbers; the clicks perhaps those of a span of time only."""

    campaign: Campaign
    numbers: Numbers
