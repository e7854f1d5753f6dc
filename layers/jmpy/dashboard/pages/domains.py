"""The list of an account's domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import domain_form
from jmpy.dashboard.pages.domain_form import DOMAINS
from jmpy.dashboard.pages.list_address import page_number
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.domains import DomainList
from jmpy.domains import listing
from jmpy.domains.errors import DomainPageTooDeep
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.views.domains import Offered
    from jmpy.domains.service import Domains
    from jmpy.domains.store import DomainStore
    from jmpy.web.site import Site

PAGE_SIZE = 20


class DomainPages(SectionPages):
    section = Section.DOMAINS

    def __init__(
        self,
        site: Site,
        domains: Domains,
        store: DomainStore,
        limits: DailyLimits,
        *,
        offered: Offered,
    ) -> None:
        super().__init__(site)
        self._domains = domains
        self._store = store
        self._limits = limits
        self._offered = offered
        site.page(DOMAINS)(self.list)

    def list(self) -> str:
        page = page_number(self._site.current_event.get_query_string_value("page"))
        problem = None
        self._limits.consume(LimitClass.URL_READS)
        try:
            found = self._domains.page(self._account, listing.Request(page, PAGE_SIZE))
        except DomainPageTooDeep:
            page, problem = 1, "That page is not available; this is the first one"
            found = self._domains.page(self._account, listing.Request(page, PAGE_SIZE))
        return render(
            DomainList(
                frame=self._frame(problem),
                domains=[*map(domain_form.shown, self._domains.described(found.domains))],
                offered=self._offered,
                total=found.total,
                page=page,
                page_count=max(1, -(-found.total // PAGE_SIZE)),
                primary=self._primary_of(found),
            )
        )

    def _primary_of(self, found: listing.Page) -> str:
        """The host of the account's primary domain, which may be on another page."""
        primary = next((domain.host for domain in found.domains if domain.is_primary), None)
        if primary is None and found.total > len(found.domains):
            primary = self._store.lookup.primary(self._account)
        return primary or ""
