"""The pages on which an account gets a domain: a subdomain, or a branded one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.pages.domain_form import DOMAINS, DomainForms
from jmpy.dashboard.pages.mistakes import Findings, validated
from jmpy.dashboard.render import render
from jmpy.dashboard.views.domains import NewSubdomain, SubdomainAvailability
from jmpy.domains import schema, subdomain_name
from jmpy.domains.errors import InvalidSubdomain
from jmpy.domains.request_schema import CreateSubdomain
from jmpy.limits.plan import LimitClass
from jmpy.web.site_errors import NoPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.domains import changes
    from jmpy.domains.service import Domains
    from jmpy.idempotency.service import StoreResponse
    from jmpy.web.form import Form
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

SUBDOMAIN = f"{DOMAINS}/new/subdomain"
CREATED = "domain-created"


class NewSubdomainPages(DomainForms):
    """There are none without the operator's zone."""

    def __init__(
        self,
        site: Site,
        domains: Domains,
        changes: changes.DomainChanges,
        limits: DailyLimits,
        *,
        once: Once,
        zone: str,
        most: Callable[[str], int],
    ) -> None:
        """`most`: how many domains an account may have."""
        super().__init__(site, domains, limits, once=once)
        self._changes = changes
        self._zone = zone
        self._most = most
        site.page(SUBDOMAIN)(self.new)
        site.page(f"{SUBDOMAIN}/availability")(self.availability)
        site.action(SUBDOMAIN, again=self._again)(self.create)

    def new(self) -> str:
        """Raises NoPage."""
        return render(NewSubdomain(frame=self._frame(), zone=self._available_zone))

    def availability(self) -> str:
        """The part of the form that is fetched as it is filled in. Raises NoPage."""
        zone = self._available_zone
        typed = (self._site.current_event.get_query_string_value("subdomain") or "").strip()
        found = None
        if typed:
            self._limits.consume(LimitClass.URL_READS)
            found = self._found(typed)
        return render(
            SubdomainAvailability(
                frame=self._frame(),
                zone=zone,
                availability=found.message if found else "",
                is_available=bool(found and found.available),
            )
        )

    def create(self) -> Response[str]:
        """Raises NoPage."""
        zone = self._available_zone

        def work(store_response: StoreResponse) -> Response[str]:
            new = _checked(self._site.form)
            self._limits.consume(LimitClass.URL_CREATION)
            domain = self._changes.create_subdomain(
                self._account,
                new,
                zone=zone,
                limit=self._most(self._account),
                by=self._site.origin,
                also=lambda domain: [store_response(domain.id)],
            )
            return created(domain.id)

        def created(domain_id: str) -> Response[str]:
            return self._done(CREATED, f"{DOMAINS}/{domain_id}")

        return self._try(lambda: self._once(work, created), self._again)

    @property
    def _available_zone(self) -> str:
        """Raises NoPage."""
        if not self._zone:
            raise NoPage
        return self._zone

    def _found(self, subdomain: str) -> schema.SubdomainAvailability:
        try:
            state = self._domains.availability(self._account, subdomain, self._zone)
        except InvalidSubdomain as invalid:
            return schema.SubdomainAvailability.invalid(subdomain, str(invalid))
        return schema.SubdomainAvailability.from_state(state, subdomain)

    def _again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        form = self._site.form
        return render(
            NewSubdomain(
                frame=self._frame(problem),
                zone=self._zone,
                subdomain=form.text("subdomain"),
                name=form.text("name"),
                description=form.text("description"),
                errors=errors or {},
            )
        )


def _checked(form: Form) -> changes.NewSubdomain:
    """Raises Mistakes."""
    findings = Findings(InvalidSubdomain)
    fields = findings.check(_fields, form)
    findings.check(subdomain_name.checked, form.text("subdomain"))
    findings.raise_any()
    assert fields is not None, "invalid fields are mistakes"
    return fields.new_subdomain()


def _fields(form: Form) -> CreateSubdomain:
    """Raises Mistakes."""
    sent = {name: form.text(name) for name in ("subdomain", "name")}
    with validated():
        return CreateSubdomain.model_validate(
            {**sent, "description": form.text("description") or None}
        )
