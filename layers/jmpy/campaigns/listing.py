"""Lists of an account's campaigns, newest first.

Without a filter, a list reads one page of the table and the account's count. A filter reads the
account's newest `SEARCHED` campaigns, whatever the size of the account (docs/listing.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from jmpy.campaigns.errors import CampaignPageTooDeep
from jmpy.formats.caseless import folded

if TYPE_CHECKING:
    from jmpy.analytics.date_range import Days
    from jmpy.campaigns.model import Campaign, CampaignStatus
    from jmpy.campaigns.store import CampaignStore

SEARCHED = 10_000
"""Campaigns that a filter examines, the newest first."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a campaign has to match; None matches all."""

    status: CampaignStatus | None = None
    search: str | None = None
    """A part of its name."""

    def matches(self, campaign: Campaign, now: float) -> bool:
        """`now` in seconds since the Unix epoch."""
        return (self.status is None or campaign.status(now) is self.status) and (
            not self.search or folded(self.search) in folded(campaign.name)
        )


@dataclass(frozen=True, slots=True)
class Request:
    page: int = 1
    limit: int = 20
    filter: Filter = Filter()
    span: Days | None = None
    """Whose clicks are counted; None for all."""


@dataclass(frozen=True, slots=True)
class Page:
    campaigns: list[Campaign]
    total: int


def read(store: CampaignStore, account_id: str, request: Request, now: float) -> Page:
    """Raises CampaignPageTooDeep."""
    skip = (request.page - 1) * request.limit
    if request.filter == Filter():
        return _by_creation(store, account_id, request.limit, skip)
    newest = store.newest(account_id, SEARCHED)
    found = [campaign for campaign in newest if request.filter.matches(campaign, now)]
    return Page(found[skip : skip + request.limit], len(found))


def _by_creation(store: CampaignStore, account_id: str, limit: int, skip: int) -> Page:
    """A page number is a position, which only reading up to it can find."""
    total = store.count(account_id)
    if skip > SEARCHED:
        raise CampaignPageTooDeep(SEARCHED)
    if skip >= max(total, 1):
        return Page([], total)
    return Page(list(islice(store.newest(account_id, skip + limit), skip, None)), total)
