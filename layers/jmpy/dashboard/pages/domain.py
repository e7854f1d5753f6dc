"""The pages of one domain: what it is, its changes, and the check of its DNS records."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jmpy.dashboard.pages import conflicts, domain_form
from jmpy.dashboard.pages.domain_form import DOMAINS, URLS
from jmpy.dashboard.pages.domain_page import ONE, DomainPageForms
from jmpy.dashboard.pages.mistakes import validated
from jmpy.dashboard.render import render
from jmpy.dashboard.views.domains import DomainStatus
from jmpy.domains.errors import DomainNotFound
from jmpy.domains.model import DomainState
from jmpy.domains.request_schema import UpdateDomain
from jmpy.gateway import deployment_names
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.pages.domain_page import DomainSources
    from jmpy.domains.changes import DomainChanges, DomainUpdate
    from jmpy.idempotency.service import StoreResponse
    from jmpy.web.form import Form
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site


class DomainDetailPages(DomainPageForms):
    def __init__(
        self,
        site: Site,
        sources: DomainSources,
        changes: DomainChanges,
        limits: DailyLimits,
        *,
        once: Once,
    ) -> None:
        super().__init__(site, sources, limits, once=once)
        self._changes = changes
        site.page(ONE)(self.one)
        site.page(f"{ONE}/status")(self.status)
        site.action(ONE, again=self._one_again)(self.change)
        site.action(f"{ONE}/check", page=ONE)(self.check)

    def one(self, id: str) -> str:  # noqa: A002 - the name in the path
        self._limits.consume(LimitClass.URL_READS)
        return self._page_of(self._domains.get(self._account, id))

    def status(self, id: str) -> str:  # noqa: A002
        """The part of the page that is fetched anew while somebody else's work is awaited; so it
        counts against no limit."""
        shown = None
        try:
            shown = self._shown(self._domains.get(self._account, id))
        except DomainNotFound:
            if not self._sent("was", DomainState.DELETING):
                raise
        return render(DomainStatus(frame=self._frame(), shown=shown))

    def change(self, id: str) -> Response[str]:  # noqa: A002
        domain, form = self._domains.get(self._account, id), self._site.form

        def work(store_response: StoreResponse) -> Response[str]:
            update = _update(form)
            self._limits.consume(LimitClass.URL_READS)
            self._changes.change(
                self._account,
                domain.id,
                update,
                by=self._site.origin,
                version=conflicts.sent_version(form),
                own=deployment_names.from_event(self._site.current_event.raw_event),
                also=[store_response(domain.id)],
            )
            return done(domain.id)

        def done(_id: str) -> Response[str]:
            return self._done("domain-changed", f"{DOMAINS}/{domain.id}")

        again = partial(self._one_again, id=domain.id)
        return self._try(lambda: self._once(work, done), again)

    def _one_again(
        self,
        problem: Notice | str | None,
        errors: dict[str, str] | None = None,
        *,
        id: str,  # noqa: A002
    ) -> str:
        form = self._site.form
        return self._page_of(
            self._domains.get(self._account, id),
            values=domain_form.typed(form),
            errors=errors,
            problem=problem,
            sent=conflicts.sent_version(form),
        )

    def check(self, id: str) -> Response[str]:  # noqa: A002
        """Looks the DNS records up; what was found is said on the page. Sent again, it does so
        again."""
        domain = self._domains.get(self._account, id)

        def work() -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            self._sources.branded.verification.verify(
                self._account, domain.id, by=self._site.origin
            )
            return self._done("domain-checked", f"{DOMAINS}/{domain.id}")

        def again(problem: Notice | str | None, _errors: dict[str, str]) -> str:
            return self._page_of(self._domains.get(self._account, id), problem=problem)

        return self._try(work, again)


def _update(form: Form) -> DomainUpdate:
    """All that the form shows. Raises Mistakes."""
    texts = {name: form.text(name) or None for name in ("description", *URLS)}
    with validated():
        fields = UpdateDomain.model_validate(
            {"name": form.text("name"), **texts, "is_primary": "is_primary" in form}
        )
    return fields.update()
