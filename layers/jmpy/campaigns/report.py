"""Figures about the clicks of a campaign, read from its own counters, whatever links it has now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.analytics import date_range as ranges
from jmpy.analytics.date_range import Days, GroupBy
from jmpy.clicks.item import campaign_subject

if TYPE_CHECKING:
    from jmpy.analytics.ranking import LinkRanking, RankedLink
    from jmpy.analytics.series import Series
    from jmpy.analytics.service import AnalyticsService
    from jmpy.campaigns.model import Campaign
    from jmpy.campaigns.store import CampaignStore
    from jmpy.clicks.counts import Counts
    from jmpy.clicks.model import Bots

TOP_LINKS = 10


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    campaign: Campaign
    series: Series
    counts: Counts
    """Of the span of the series."""
    top_links: list[RankedLink]
    """Those that exist, with their clicks while they were in the campaign."""


class CampaignReports:
    def __init__(
        self, store: CampaignStore, analytics: AnalyticsService, ranking: LinkRanking
    ) -> None:
        self._store = store
        self._analytics = analytics
        self._ranking = ranking

    def get(
        self,
        account_id: str,
        reference: str,
        span: Days | None,
        group_by: GroupBy,
        bots: Bots,
        *,
        now: float,
    ) -> CampaignFigures:
        """By UUID or name. `span`: UTC days; None for all since it was created. One query, and one
        more by hour. Raises CampaignNotFound, InvalidRange."""
        campaign = self._store.find(account_id, reference)
        days = _days(campaign, span, now)
        subject = campaign_subject(campaign.id)
        found = self._analytics.detailed(subject, days, bots)
        series, counts = found.series, found.counts
        if group_by is GroupBy.HOUR:
            last = None if days.last == ranges.today(now) else days.last
            series = self._analytics.series(subject, ranges.hours(days.first, last, now), bots)
        return CampaignFigures(
            campaign, series, counts, self._ranking.top(account_id, counts, TOP_LINKS)
        )


def _days(campaign: Campaign, span: Days | None, now: float) -> Days:
    """Without a start, from the day on which the campaign was created: nothing was counted for it
    before."""
    found = span or ranges.until(None, now)
    if found.first != ranges.EVER:
        return found
    return Days(min(ranges.today(campaign.created_at), found.last), found.last)
