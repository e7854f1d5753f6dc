"""The page on which an account claims a domain that it owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.pages.domain_form import DOMAINS, DomainForms
from jmpy.dashboard.pages.mistakes import validated
from jmpy.dashboard.render import render
from jmpy.dashboard.views.domains import NewBrandedDomain
from jmpy.domains.branded_request_schema import ClaimDomain
from jmpy.gateway import deployment_names
from jmpy.limits.plan import LimitClass
from jmpy.web.site_errors import NoPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.domains.branded import BrandedDomains
    from jmpy.domains.service import Domains
    from jmpy.idempotency.service import StoreResponse
    from jmpy.web.form import Form
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

BRANDED = f"{DOMAINS}/new/branded"


class NewBrandedDomainPages(DomainForms):
    """There are none where the operator has turned branded domains off."""

    def __init__(
        self,
        site: Site,
        domains: Domains,
        branded: BrandedDomains,
        limits: DailyLimits,
        *,
        once: Once,
        is_offered: bool,
        most: Callable[[str], int],
    ) -> None:
        """`most`: how many domains an account may have."""
        super().__init__(site, domains, limits, once=once)
        self._branded = branded
        self._is_offered = is_offered
        self._most = most
        site.page(BRANDED)(self.new)
        site.action(BRANDED, again=self._again)(self.claim)

    def new(self) -> str:
        """Raises NoPage."""
        self._require_offered()
        return render(NewBrandedDomain(frame=self._frame()))

    def claim(self) -> Response[str]:
        """Raises NoPage."""
        self._require_offered()
        own = deployment_names.from_event(self._site.current_event.raw_event)

        def work(store_response: StoreResponse) -> Response[str]:
            fields = _checked(self._site.form)
            self._limits.consume(LimitClass.URL_CREATION)
            domain = self._branded.claims.create(
                self._account,
                fields.new_claim(),
                rules=self._branded.rules(own),
                limit=self._most(self._account),
                by=self._site.origin,
                also=lambda domain: [store_response(domain.id)],
            )
            return claimed(domain.id)

        def claimed(domain_id: str) -> Response[str]:
            return self._done("domain-claimed", f"{DOMAINS}/{domain_id}")

        return self._try(lambda: self._once(work, claimed), self._again)

    def _require_offered(self) -> None:
        """Raises NoPage."""
        if not self._is_offered:
            raise NoPage

    def _again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        form = self._site.form
        return render(
            NewBrandedDomain(
                frame=self._frame(problem),
                domain=form.text("domain"),
                name=form.text("name"),
                description=form.text("description"),
                errors=errors or {},
            )
        )


def _checked(form: Form) -> ClaimDomain:
    """Raises Mistakes."""
    sent = {name: form.text(name) for name in ("domain", "name")}
    with validated():
        return ClaimDomain.model_validate({**sent, "description": form.text("description") or None})
