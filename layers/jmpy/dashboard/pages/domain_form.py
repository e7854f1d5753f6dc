"""What the forms of domains have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Notice, NoticeKind, Section
from jmpy.dashboard.pages.link_forms import LinkForms
from jmpy.dashboard.pages.rejections import (
    Rejection,
    Rejections,
    at_field,
    conflict,
    outdated,
    submit,
)
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.views import domains as views
from jmpy.dashboard.views.domains import DomainValues, ShownDomain
from jmpy.domains.branded_errors import InvalidHost
from jmpy.domains.errors import (
    DomainChanged,
    DomainDoesNotServe,
    DomainHasLinks,
    InvalidDomainUrl,
    InvalidSubdomain,
    SubdomainsUnavailable,
    SubdomainTaken,
    TooManyDomains,
)
from jmpy.errors import Conflict
from jmpy.links import homographs

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.pages.rejections import Again
    from jmpy.domains.model import Described, Domain
    from jmpy.domains.service import Domains
    from jmpy.web.form import Form
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

DOMAINS = views.PATH
URLS = ("root_url", "not_found_url", "expired_url")
_TEXTS = ("name", "description", *URLS)


def _of_the_plan(reached: TooManyDomains) -> Rejection:
    notice = Notice(
        NoticeKind.ERROR, str(reached), way_out=("dashboard", "plan"), link="See your plan"
    )
    return Rejection(409, problem=notice)


def _links_on_it(_found: DomainHasLinks) -> Rejection:
    return Rejection(
        409,
        problem="The domain was not deleted: links or QR codes are on it. Delete them with it, or "
        "move the links to another domain first",
    )


_REJECTIONS: Rejections = {
    **LinkForms.rejections,
    InvalidHost: at_field,
    InvalidSubdomain: at_field,
    SubdomainTaken: at_field,
    InvalidDomainUrl: at_field,
    DomainDoesNotServe: at_field,
    SubdomainsUnavailable: conflict,
    TooManyDomains: _of_the_plan,
    DomainHasLinks: _links_on_it,
    DomainChanged: outdated,
    Conflict: conflict,
}


class DomainForms(SectionPages):
    section = Section.DOMAINS

    def __init__(self, site: Site, domains: Domains, limits: DailyLimits, *, once: Once) -> None:
        super().__init__(site)
        self._domains = domains
        self._limits = limits
        self._once = once

    def _try(self, work: Callable[[], Response[str]], again: Again) -> Response[str]:
        return submit(self._site, work, again, _REJECTIONS)


def shown(described: Described) -> ShownDomain:
    domain, name = described.domain, homographs.shown(described.domain.host)
    return ShownDomain(
        domain=domain,
        links=described.numbers.links,
        qr_codes=described.numbers.qr_codes,
        unicode="" if name == domain.host else name,
    )


def typed(form: Form) -> DomainValues:
    return DomainValues(
        **{name: form.text(name) for name in _TEXTS}, is_primary="is_primary" in form
    )


def stored(domain: Domain) -> DomainValues:
    return DomainValues(
        name=domain.name,
        description=domain.description or "",
        root_url=domain.root_url or "",
        not_found_url=domain.not_found_url or "",
        expired_url=domain.expired_url or "",
        is_primary=domain.is_primary,
    )
