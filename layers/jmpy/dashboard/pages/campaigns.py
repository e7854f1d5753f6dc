"""The pages of an account's campaigns: list and creation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.campaigns import listing
from jmpy.campaigns.errors import CampaignPageTooDeep
from jmpy.campaigns.model import CampaignStatus
from jmpy.dashboard.pages import campaign_form, list_address
from jmpy.dashboard.pages.campaign_form import CAMPAIGNS, CampaignForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.campaigns import CampaignList, CampaignQuery, NewCampaign
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.campaigns.changes import CampaignChanges
    from jmpy.campaigns.service import Campaigns
    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.idempotency.service import StoreResponse
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

PAGE_SIZE = 20
LONGEST_SEARCH = 255


class CampaignPages(CampaignForms):
    def __init__(
        self,
        site: Site,
        campaigns: Campaigns,
        changes: CampaignChanges,
        limits: DailyLimits,
        once: Once,
    ) -> None:
        super().__init__(site, campaigns, changes, limits, once)
        site.page(CAMPAIGNS)(self.list)
        site.page(f"{CAMPAIGNS}/new")(self.new)
        site.action(CAMPAIGNS, page=f"{CAMPAIGNS}/new", again=self._new_again)(self.create)

    def list(self) -> str:
        query = list_address.sent(
            CampaignQuery,
            self._site.current_event.get_query_string_value,
            longest_search=LONGEST_SEARCH,
            longest=LONGEST_SEARCH,
        )
        problem = None
        self._limits.consume(LimitClass.URL_READS)
        try:
            found, total = self._campaigns.page(self._account, _request(query))
        except CampaignPageTooDeep:
            problem, query = "That page is not available; this is the first one", query.on_page(1)
            found, total = self._campaigns.page(self._account, _request(query))
        return render(
            CampaignList(
                frame=self._frame(problem),
                campaigns=found,
                query=query,
                total=total,
                page_count=max(1, -(-total // PAGE_SIZE)),
            )
        )

    def new(self) -> str:
        return render(NewCampaign(frame=self._frame()))

    def create(self) -> Response[str]:
        def work(store_response: StoreResponse) -> Response[str]:
            new = campaign_form.checked(self._site.form)
            self._limits.consume(LimitClass.URL_CREATION)
            campaign = self._changes.create(
                self._account,
                new,
                by=self._site.origin,
                also=lambda campaign: [store_response(campaign.id)],
            )
            return created(campaign.id)

        def created(campaign_id: str) -> Response[str]:
            return self._done("campaign-created", f"{CAMPAIGNS}/{campaign_id}")

        return self._try(lambda: self._once(work, created), self._new_again)

    def _new_again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        return render(
            NewCampaign(
                frame=self._frame(problem),
                values=campaign_form.typed(self._site.form),
                errors=errors or {},
            )
        )


def _request(query: CampaignQuery) -> listing.Request:
    return listing.Request(
        page=query.page,
        limit=PAGE_SIZE,
        filter=listing.Filter(
            status=CampaignStatus(query.status) if query.status else None,
            search=query.search or None,
        ),
    )
