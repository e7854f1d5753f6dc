"""The pages of an account's links: list, creation, export."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jmpy.dashboard.pages import link_form
from jmpy.dashboard.pages.domain_options import DomainOptions
from jmpy.dashboard.pages.link_forms import CREATED, LINKS, LinkForms
from jmpy.dashboard.pages.list_address import page_number
from jmpy.dashboard.render import render
from jmpy.dashboard.views.links import LinkDestination, LinkList, LinkValues, NewLink
from jmpy.formats import csv_file
from jmpy.limits.plan import LimitClass
from jmpy.links import export as link_export
from jmpy.links import listing, tags
from jmpy.links.errors import InvalidCursor, PageTooDeep, UnknownCampaign
from jmpy.links.model import LinkStatus
from jmpy.links.request_schema import CreateLink
from jmpy.links.safety import NOT_SAFE, SafetyStatus
from jmpy.web.form import Form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.domains.store import DomainStore
    from jmpy.idempotency.service import StoreResponse
    from jmpy.links.service import LinkService
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

PAGE_SIZE = 20


class LinkPages(LinkForms):
    def __init__(
        self,
        site: Site,
        links: LinkService,
        limits: DailyLimits,
        once: Once,
        *,
        domains: DomainStore,
    ) -> None:
        super().__init__(site, links, limits, once)
        self._domains = domains
        site.page(LINKS)(self.list)
        site.page(f"{LINKS}/new")(self.new)
        site.page(f"{LINKS}/new/destination")(self.destination)
        site.page(f"{LINKS}/export")(self.export)
        site.action(LINKS, page=f"{LINKS}/new", again=self._new_again)(self.create)

    def list(self) -> str:
        sent = self._site.current_event.get_query_string_value
        matching = self._filter()
        request = listing.Request(
            page=page_number(sent("page")),
            limit=PAGE_SIZE,
            filter=matching,
            cursor=sent("cursor") or None,
        )
        problem = None
        self._limits.consume(LimitClass.URL_READS)
        try:
            found = self._links.page(self._account, request)
        except (InvalidCursor, PageTooDeep):
            problem = "That page is not available; this is the first one"
            request = replace(request, page=1, cursor=None)
            found = self._links.page(self._account, request)
        return render(
            LinkList(
                frame=self._frame(problem),
                links=found.links,
                total=found.total,
                search=matching.search or "",
                status=matching.status or (SafetyStatus.TAKEN_DOWN if matching.safety else ""),
                tag=", ".join(tags.split(sent("tag") or "")),
                domain=(sent("domain") or "").strip().lower(),
                domains=self._filtered_hosts(),
                page=request.page,
                page_count=max(1, -(-found.total // PAGE_SIZE)),
                cursor=request.cursor or "",
                next_cursor=found.next_cursor,
            )
        )

    def new(self) -> str:
        """On the primary domain, or on the one that the address names."""
        options = self._domain_options()
        chosen = self._site.current_event.get_query_string_value("domain")
        return render(
            NewLink(
                frame=self._frame(),
                values=LinkValues(domain=options.primary if chosen is None else chosen),
                domains=options.usable(),
                campaigns=self._suggested_campaigns(),
            )
        )

    def destination(self) -> str:
        """The part of a link's form that is fetched as it is filled in."""
        sent = Form(self._site.current_event.resolved_query_string_parameters)
        leads_to = link_form.leads_to(sent, self._template(sent))
        return render(LinkDestination(frame=self._frame(), destination=leads_to))

    def export(self) -> Response[str]:
        """Those of the list, among the newest that one file examines; the API exports the rest."""
        self._limits.consume(LimitClass.URL_READS)
        found = self._links.exported(self._account, self._filter(), csv_file.MAX_ROWS + 1)
        file, _ = link_export.part(found, self._site.base_url, self._now)
        return csv_file.response(file, "links")

    def _filter(self) -> listing.Filter:
        """That of the address; an unknown status is none."""
        sent = self._site.current_event.get_query_string_value
        status = sent("status")
        return listing.Filter(
            search=sent("search") or None,
            status=LinkStatus(status) if status in set(LinkStatus) else None,
            safety=NOT_SAFE if status == SafetyStatus.TAKEN_DOWN else None,
            tags=tags.wanted(sent("tag") or ""),
            host=self._sent_host,
        )

    @property
    def _sent_host(self) -> str | None:
        """Of the domain in the address; empty for the default one, None for all."""
        sent = self._site.current_event.get_query_string_value("domain") or ""
        host = sent.strip().lower() or None
        return "" if host and self._own_names.have(host) else host

    def _filtered_hosts(self) -> Sequence[str]:
        """Without any, there is nothing to filter by."""
        hosts = self._domain_options().hosts
        return [str(urlsplit(self._site.base_url).hostname), *hosts] if hosts else []

    def create(self) -> Response[str]:
        def work(store_response: StoreResponse) -> Response[str]:
            form = {**link_form.sent(self._site.form), "channel": "dashboard"}
            fields = self._checked(CreateLink, form)
            self._limits.consume(LimitClass.URL_CREATION)
            link = self._links.create(
                self._account,
                replace(fields.new_link(), host=link_form.host(self._site.form)),
                self._own_names,
                also=lambda link: [store_response(link.id)],
            )
            return created(link.id)

        def created(link_id: str) -> Response[str]:
            """On the page of the link it can be copied."""
            return self._done(CREATED, f"{LINKS}/{link_id}")

        return self._try(lambda: self._once(work, created), self._new_again)

    def _new_again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        return render(
            NewLink(
                frame=self._frame(problem),
                values=link_form.typed(self._site.form, self._template(self._site.form)),
                domains=self._domain_options().usable(),
                errors=link_form.shown_errors(self._site.form, errors),
                campaigns=self._suggested_campaigns(),
            )
        )

    def _domain_options(self) -> DomainOptions:
        return DomainOptions.read(self._domains, self._account)

    def _template(self, form: Form) -> Mapping[str, str]:
        """The UTM parameters of the campaign that a new link is to join. Links that exist, whose
        form has `utm_set`, keep their own."""
        if "utm_set" in form or not (reference := form.text("campaign_id")):
            return {}
        try:
            campaign = self._links.campaign(self._account, reference)
        except UnknownCampaign:
            return {}
        return {} if campaign is None else campaign.utm
