"""Finds and lists an account's campaigns; `changes` has the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.campaigns import listing
from jmpy.campaigns.model import Described, Numbers
from jmpy.clicks.counts import NOTHING
from jmpy.clicks.item import campaign_subject
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmpy.analytics.date_range import Days
    from jmpy.campaigns.model import Campaign
    from jmpy.campaigns.store import CampaignStore
    from jmpy.clicks.reader import ClickReader
    from jmpy.clock import Clock


class Campaigns:
    def __init__(
        self, store: CampaignStore, clicks: ClickReader, now: Clock = system_clock
    ) -> None:
        self._store = store
        self._clicks = clicks
        self._now = now

    def get(self, account_id: str, reference: str, span: Days | None = None) -> Described:
        """By UUID or name. `span`: whose clicks are counted; None for all. Raises
        CampaignNotFound."""
        campaign = self._store.find(account_id, reference)
        return self.described(account_id, [campaign], span)[0]

    def page(self, account_id: str, request: listing.Request) -> tuple[list[Described], int]:
        """The page, and how many campaigns match. Raises CampaignPageTooDeep."""
        page = listing.read(self._store, account_id, request, self._now())
        return self.described(account_id, page.campaigns, request.span), page.total

    def described(
        self, account_id: str, campaigns: Sequence[Campaign], span: Days | None = None
    ) -> list[Described]:
        """Campaigns, the newest first, with their numbers."""
        if not campaigns:
            return []
        found = self._store.numbers(account_id, campaigns[-1].id, campaigns[0].id)
        return [
            Described(campaign, self._within(campaign.id, found.get(campaign.id, Numbers()), span))
            for campaign in campaigns
        ]

    def _within(self, campaign_id: str, numbers: Numbers, span: Days | None) -> Numbers:
        """Reads the counters of a span, unless there never was a click."""
        if span is None or not numbers.clicks:
            return numbers
        counted = self._clicks.days(campaign_subject(campaign_id), span.first, span.last)
        total = sum((counts.total for counts in counted.values()), NOTHING)
        return replace(numbers, clicks=total.clicks, bots=total.bot_clicks)
