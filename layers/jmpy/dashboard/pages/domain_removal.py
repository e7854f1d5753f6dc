"""The end of a domain: what is asked before, and the form that deletes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.pages import confirming
from jmpy.dashboard.pages.domain_form import DOMAINS
from jmpy.dashboard.pages.domain_page import ONE, DomainPageForms
from jmpy.dashboard.render import render
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.pages.domain_page import DomainSources
    from jmpy.domains.removals import DomainRemovals
    from jmpy.idempotency.service import StoreResponse
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

_LINKS_REMAIN = "domain-deleting"
_GONE = "domain-deleted"


class DomainRemovalPages(DomainPageForms):
    def __init__(
        self,
        site: Site,
        sources: DomainSources,
        removals: DomainRemovals,
        limits: DailyLimits,
        *,
        once: Once,
    ) -> None:
        super().__init__(site, sources, limits, once=once)
        self._removals = removals
        site.page(f"{ONE}/delete")(self.ask_to_delete)
        site.action(f"{ONE}/delete")(self.delete)

    def ask_to_delete(self, id: str) -> str:  # noqa: A002 - the name in the path
        shown = self._shown(self._domains.get(self._account, id))
        return render(confirming.delete_domain(self._frame(), shown))

    def delete(self, id: str) -> Response[str]:  # noqa: A002
        """While its links are being deleted, its page says how many remain."""

        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            removal = self._removals.remove(
                self._account,
                id,
                by=self._site.origin,
                force="force" in self._site.form,
                also=[store_response(id)],
            )
            if removal.remaining:
                return self._done(_LINKS_REMAIN, f"{DOMAINS}/{id}")
            return done(id)

        def done(_id: str) -> Response[str]:
            return self._done(_GONE, DOMAINS)

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            return self._page_of(
                self._domains.get(self._account, id), errors=errors, problem=problem
            )

        return self._try(lambda: self._once(work, done), again)
