"""The pages of clicks: of the account, of each link, and of each campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.analytics import date_range as ranges
from jmpy.analytics.breakdown import top
from jmpy.analytics.period import Period
from jmpy.analytics.quality import quality_of
from jmpy.clicks.item import account_subject, campaign_subject, link_subject
from jmpy.clicks.model import Bots, Dimension
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages.campaign_form import CAMPAIGNS
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.analytics import BOTS, AnalyticsPage, AnalyticsPanel, Figures
from jmpy.dashboard.views.breakdown import SHOWN

if TYPE_CHECKING:
    from jmpy.analytics.ranking import LinkRanking
    from jmpy.analytics.report import Report
    from jmpy.analytics.service import AnalyticsService
    from jmpy.campaigns.store import CampaignStore
    from jmpy.clicks.counts import Counts
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.links.service import LinkService
    from jmpy.web.site import Site

ANALYTICS = "/dashboard/analytics"
OF_CAMPAIGN = f"{CAMPAIGNS}/<id>/analytics"
TOP_LINKS = 5

_HOURS = 24


class AnalyticsPages(SectionPages):
    section = Section.ANALYTICS

    def __init__(
        self,
        site: Site,
        analytics: AnalyticsService,
        links: LinkService,
        ranking: LinkRanking,
        limits: DailyLimits,
        *,
        campaigns: CampaignStore,
    ) -> None:
        super().__init__(site)
        self._limits = limits
        self._analytics = analytics
        self._links = links
        self._ranking = ranking
        self._campaigns = campaigns
        site.page(ANALYTICS)(self.of_account)
        site.page(f"{ANALYTICS}/figures")(self.figures_of_account)
        site.page(f"{ANALYTICS}/<id>")(self.of_link)
        site.page(f"{ANALYTICS}/<id>/figures")(self.figures_of_link)
        site.page(OF_CAMPAIGN)(self.of_campaign)
        site.page(f"{OF_CAMPAIGN}/figures")(self.figures_of_campaign)

    def of_account(self) -> str:
        return self._show(AnalyticsPage)

    def figures_of_account(self) -> str:
        """The part of the page that is fetched anew."""
        return self._show(AnalyticsPanel)

    def of_link(self, id: str) -> str:  # noqa: A002 - the name in the path
        return self._show_link(AnalyticsPage, id)

    def figures_of_link(self, id: str) -> str:  # noqa: A002
        return self._show_link(AnalyticsPanel, id)

    def of_campaign(self, id: str) -> str:  # noqa: A002
        return self._show_campaign(AnalyticsPage, id)

    def figures_of_campaign(self, id: str) -> str:  # noqa: A002
        return self._show_campaign(AnalyticsPanel, id)

    def _show(self, view: type[AnalyticsPage | AnalyticsPanel]) -> str:
        subject = account_subject(self._account)
        permit = self._look(subject)
        report = self._report(subject)
        counts, since = self._counts_of_links(subject, report)
        return render(
            view(
                frame=self._frame(),
                figures=self._figures(subject, report),
                top_links=self._ranking.top(self._account, counts, TOP_LINKS),
                top_links_since=since,
                permit=permit,
            )
        )

    def _show_link(self, view: type[AnalyticsPage | AnalyticsPanel], link_id: str) -> str:
        permit = self._look(link_id)
        link = self._links.get(self._account, link_id)
        subject = link_subject(link.id)
        return render(
            view(
                frame=self._frame(),
                figures=self._figures(subject, self._report(subject)),
                link=link,
                permit=permit,
            )
        )

    def _show_campaign(self, view: type[AnalyticsPage | AnalyticsPanel], campaign_id: str) -> str:
        permit = self._look(campaign_id)
        campaign = self._campaigns.find(self._account, campaign_id)
        subject = campaign_subject(campaign.id)
        report = self._report(subject)
        counts, since = self._counts_of_links(subject, report)
        return render(
            view(
                frame=self._frame(),
                figures=self._figures(subject, report, by_campaign=False),
                campaign=campaign,
                top_links=self._ranking.top(self._account, counts, TOP_LINKS),
                top_links_since=since,
                permit=permit,
            )
        )

    def _look(self, whose: str) -> str:
        return self._limits.count_view(f"{whose} {self._period.value} {self._bots.value}")

    def _report(self, subject: str) -> Report:
        """Of all clicks in the period and in the one before it."""
        if self._period is Period.DAY:
            return self._analytics.report(subject, ranges.last_hours(_HOURS - 1, self._now))
        return self._analytics.report(subject, ranges.last_days(self._period.days, self._now))

    def _figures(self, subject: str, report: Report, *, by_campaign: bool = True) -> Figures:
        clicks = report.counts.total.clicks or report.counts_before.total.clicks
        if not clicks:
            clicks = self._analytics.counts(subject, ranges.until(None, self._now)).total.clicks
        counted = report.counting(self._bots)
        return Figures(
            period=self._period,
            report=counted,
            campaigns=self._names(counted) if by_campaign else None,
            quality=quality_of(report.counts),
            was_ever_clicked=clicks > 0,
            bots=self._bots,
        )

    def _names(self, report: Report) -> dict[str, str]:
        """Of the campaigns that were clicked most, by id."""
        clicked = {share.value for share in top(report.counts, Dimension.CAMPAIGN, SHOWN)}
        campaigns = self._campaigns.with_ids(self._account, clicked).values()
        return {campaign.id: campaign.name for campaign in campaigns}

    def _counts_of_links(self, subject: str, report: Report) -> tuple[Counts, int | None]:
        """Links are counted by day: those that the period touches, and when they begin if that is
        before it."""
        span = report.span
        if not isinstance(span, ranges.Hours):
            return report.counts.counting(self._bots), None
        first = span.first.replace(hour=0)
        days = ranges.Days(first.date(), span.last.date())
        counts = self._analytics.counts(subject, days, self._bots)
        return counts, int(first.timestamp())

    @property
    def _period(self) -> Period:
        sent = self._site.current_event.get_query_string_value("period")
        return next((known for known in Period if known == sent), Period.MONTH)

    @property
    def _bots(self) -> Bots:
        sent = self._site.current_event.get_query_string_value("bots")
        return next((known for known in Bots if known == sent), BOTS)
