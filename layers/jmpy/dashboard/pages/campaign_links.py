"""The page of all links of a campaign, and the form that removes one from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages.campaign_form import CAMPAIGNS
from jmpy.dashboard.pages.link_forms import LinkForms
from jmpy.dashboard.pages.list_address import page_number
from jmpy.dashboard.pages.rejections import Rejections, conflict, submit
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.campaigns import CampaignLinkList
from jmpy.limits.plan import LimitClass
from jmpy.links import listing
from jmpy.links.errors import InvalidCursor, LinkConflict, PageTooDeep

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.campaigns.links import CampaignLinks
    from jmpy.campaigns.service import Campaigns
    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.web.site import Site

LINKS = f"{CAMPAIGNS}/<id>/links"
PAGE_SIZE = 20

_REJECTIONS: Rejections = {**LinkForms.rejections, LinkConflict: conflict}


class CampaignLinkPages(SectionPages):
    section = Section.CAMPAIGNS

    def __init__(
        self, site: Site, campaigns: Campaigns, links: CampaignLinks, limits: DailyLimits
    ) -> None:
        super().__init__(site)
        self._campaigns = campaigns
        self._links = links
        self._limits = limits
        site.page(LINKS)(self.list)
        site.action(f"{LINKS}/remove", page=LINKS)(self.remove)

    def list(self, id: str) -> str:  # noqa: A002 - the name in the path
        self._limits.consume(LimitClass.URL_READS)
        sent = self._site.current_event.get_query_string_value
        request = listing.Request(
            page=page_number(sent("page")),
            limit=PAGE_SIZE,
            cursor=sent("cursor") or None,
        )
        return self._page_of(id, request)

    def remove(self, id: str) -> Response[str]:  # noqa: A002
        """Sent again, it changes nothing."""

        def work() -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            self._links.remove(
                self._account, id, self._site.form.text("link"), by=self._site.origin
            )
            return self._done("campaign-left", f"{CAMPAIGNS}/{id}/links")

        def again(problem: Notice | str | None, _errors: dict[str, str]) -> str:
            return self._page_of(id, listing.Request(limit=PAGE_SIZE), problem)

        return submit(self._site, work, again, _REJECTIONS)

    def _page_of(
        self, campaign_id: str, request: listing.Request, problem: Notice | str | None = None
    ) -> str:
        described = self._campaigns.get(self._account, campaign_id)
        try:
            found = self._links.page_of(described, request)
        except (InvalidCursor, PageTooDeep):
            problem = "That page is not available; this is the first one"
            request = listing.Request(limit=PAGE_SIZE)
            found = self._links.page_of(described, request)
        return render(
            CampaignLinkList(
                frame=self._frame(problem),
                campaign=described.campaign,
                links=found.links,
                total=found.total,
                page=request.page,
                page_count=max(1, -(-found.total // PAGE_SIZE)),
                cursor=request.cursor or "",
                next_cursor=found.next_cursor,
            )
        )
