"""The pages of one campaign: what it is, its changes, and its end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jmpy.audit.store import EntryFilter
from jmpy.campaigns.changes import CampaignUpdate
from jmpy.dashboard.pages import audit_log, campaign_form, confirming, conflicts
from jmpy.dashboard.pages.campaign_form import CAMPAIGNS, CampaignForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.campaigns import CampaignPage, CampaignValues
from jmpy.limits.plan import LimitClass
from jmpy.links import listing, utm

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.audit.store import AuditLog
    from jmpy.campaigns.changes import CampaignChanges
    from jmpy.campaigns.links import CampaignLinks
    from jmpy.campaigns.model import Campaign, Described
    from jmpy.campaigns.service import Campaigns
    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.idempotency.service import StoreResponse
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

ONE = f"{CAMPAIGNS}/<id>"
NEWEST = listing.Request(limit=10)
"""Links that a campaign's own page shows."""

HISTORY = 10
"""Changes that a campaign's own page shows."""


class CampaignDetailPages(CampaignForms):
    def __init__(
        self,
        site: Site,
        campaigns: Campaigns,
        changes: CampaignChanges,
        audit: AuditLog,
        limits: DailyLimits,
        *,
        once: Once,
        links: CampaignLinks,
    ) -> None:
        super().__init__(site, campaigns, changes, limits, once)
        self._audit = audit
        self._links = links
        site.page(ONE)(self.one)
        site.action(ONE, again=self._one_again)(self.change)
        site.page(f"{ONE}/delete")(self.ask_to_delete)
        site.action(f"{ONE}/delete")(self.delete)

    def one(self, id: str) -> str:  # noqa: A002 - the name in the path
        self._limits.consume(LimitClass.URL_READS)
        return self._page_of(self._campaigns.get(self._account, id))

    def change(self, id: str) -> Response[str]:  # noqa: A002
        campaign = self._campaigns.get(self._account, id).campaign

        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            self._changes.change(
                self._account,
                campaign.id,
                self._update(campaign),
                by=self._site.origin,
                version=conflicts.sent_version(self._site.form),
                also=[store_response(campaign.id)],
            )
            return done(campaign.id)

        def done(_id: str) -> Response[str]:
            return self._done("campaign-changed", f"{CAMPAIGNS}/{campaign.id}")

        again = partial(self._one_again, id=campaign.id)
        return self._try(lambda: self._once(work, done), again)

    def _update(self, campaign: Campaign) -> CampaignUpdate:
        """All that the form shows; a time that stays as it was shown keeps its seconds. Raises
        Mistakes."""
        form, shown = self._site.form, campaign_form.stored(campaign)
        new = campaign_form.checked(form)
        keeps_start = form.text("start_date") == shown.start_date
        keeps_end = form.text("end_date") == shown.end_date
        return CampaignUpdate(
            name=new.name,
            description=new.description,
            start_date=campaign.start_date if keeps_start else new.start_date,
            end_date=campaign.end_date if keeps_end else new.end_date,
            tags=new.tags,
            utm={name: new.utm.get(name) for name in utm.NAMES},
            archived="archived" in form,
        )

    def _one_again(
        self,
        problem: Notice | str | None,
        errors: dict[str, str] | None = None,
        *,
        id: str,  # noqa: A002
    ) -> str:
        form = self._site.form
        return self._page_of(
            self._campaigns.get(self._account, id),
            values=campaign_form.typed(form),
            errors=errors,
            problem=problem,
            sent=conflicts.sent_version(form),
        )

    def ask_to_delete(self, id: str) -> str:  # noqa: A002
        found = self._campaigns.get(self._account, id)
        back = self._back()
        # Its own pages are gone then.
        back = back if back.startswith(f"{CAMPAIGNS}?") else ""
        return render(confirming.delete_campaign(self._frame(), found, back))

    def delete(self, id: str) -> Response[str]:  # noqa: A002
        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            self._changes.remove(
                self._account, id, by=self._site.origin, force=True, also=[store_response(id)]
            )
            return done(id)

        def done(_id: str) -> Response[str]:
            return self._done("campaign-deleted", CAMPAIGNS)

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            found = self._campaigns.get(self._account, id)
            return self._page_of(found, errors=errors, problem=problem)

        return self._try(lambda: self._once(work, done), again)

    def _page_of(
        self,
        found: Described,
        *,
        values: CampaignValues | None = None,
        errors: dict[str, str] | None = None,
        problem: Notice | str | None = None,
        sent: int | None = None,
    ) -> str:
        """`sent`: the version that a form was about. Where it is not the stored one, the page says
        what changed."""
        campaign = found.campaign
        past = self._audit.page(self._account, EntryFilter(campaign.id), HISTORY)
        conflict = None
        if sent is not None:
            conflict = conflicts.since(
                self._audit, self._account, campaign.id, sent=sent, stored=campaign.version
            )
        return render(
            CampaignPage(
                frame=self._frame(problem),
                found=found,
                newest=self._links.page_of(found, NEWEST).links,
                values=values or campaign_form.stored(campaign),
                back=self._back(),
                history=tuple(map(audit_log.shown, past.entries)),
                errors=errors or {},
                conflict=conflict,
            )
        )
