"""Domains as the pages of the dashboard show them."""

from typing import Any

from jmpy.clock import DAY, HOUR
from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.pages import confirming
from jmpy.dashboard.views.audit_log import Conflict
from jmpy.dashboard.views.domains import (
    DnsRecord,
    DomainList,
    DomainPage,
    DomainStatus,
    DomainValues,
    NewBrandedDomain,
    NewSubdomain,
    Offered,
    ShownDomain,
    SubdomainAvailability,
)
from jmpy.domains.model import Domain, DomainKind, DomainName, DomainState
from tests import dashboard_sample_audit as audit
from tests.dashboard_sample_data import BRANDED, NOW, PROMO, frame

_FRAME = frame(Section.DOMAINS)
_TOKEN = "0123456789abcdef" * 2
_LONG = "x" * 63
_OFFERED = Offered("go.example.com", branded=True)


def _shown(
    named: DomainName, state: DomainState, links: int = 0, *, unicode: str = "", **values: Any
) -> ShownDomain:
    settings = {
        "name": "Promotions",
        "created_at": NOW - 9 * DAY,
        "updated_at": NOW - 9 * DAY,
        **values,
    }
    domain = Domain(named.id, "acme", named.host, named.kind, state, **settings)
    return ShownDomain(domain=domain, links=links, unicode=unicode)


def _branded(number: int, host: str) -> DomainName:
    domain_id = f"019b7a2c-1d2e-7f30-8a9b-0c1d2e3f5d{number:02}"
    return DomainName(domain_id, host, DomainKind.BRANDED)


_SUBDOMAIN = _shown(PROMO, DomainState.ACTIVE, 12, is_primary=True)
_PENDING = _shown(
    BRANDED,
    DomainState.PENDING,
    name="Été & “Acme” 🎉",
    token=_TOKEN,
    checked_at=NOW - HOUR,
    reason="There is no TXT record at _jmpy.links.acme.example; one resolver found none, the other "
    "did not respond in time",
)
_VERIFYING = _shown(BRANDED, DomainState.VERIFYING, token=_TOKEN, checked_at=NOW)
_ACTIVE = _shown(BRANDED, DomainState.ACTIVE, 12_345, token=_TOKEN, checked_at=NOW - HOUR)
_FAILING = _shown(
    _branded(1, "xn--e1afmkfd.example"),
    DomainState.FAILING,
    3,
    unicode="пример.example",
    token=_TOKEN,
    checked_at=NOW - HOUR,
    failing_since=NOW - 3 * DAY,
    reason="The CNAME record leads to another service: shops.example.net",
)
_LOST = _shown(_branded(2, "lost.example.org"), DomainState.LOST, 1)
_SUSPENDED = _shown(_branded(3, f"{_LONG}.{_LONG}.example"), DomainState.SUSPENDED, 2)
_DELETING = _shown(_branded(4, "old.example.org"), DomainState.DELETING, 8_200)

_RECORDS = (
    DnsRecord(
        "TXT",
        "_jmpy.links.acme.example",
        f"jmpy-verify={_TOKEN}",
        "Proves that the domain is yours.",
    ),
    DnsRecord(
        "CNAME",
        "links.acme.example",
        "019b7a2c1d2e7f308a9b0c1d2e3f4d02.cname.go.example.com",
        "Leads visitors of the domain here.",
    ),
)
_VALUES = DomainValues(
    name="Promotions",
    description="Newsletter and posters",
    root_url="https://www.example.com/",
    not_found_url="https://promo.go.example.com/",
    expired_url="https://www.example.com/expired",
    is_primary=True,
)
_ERRORS = {
    "name": "Give the domain a name",
    "assetlinks.json": "This is not JSON: Expecting ',' delimiter (line 3, column 4)",
    "not_found_url": "promo.go.example.com is a domain of this service: redirects would never end",
}
_FILES = {
    "apple-app-site-association": '{\n  "applinks": {"details": []}\n}',
    "assetlinks.json": '[\n  {"relation": []\n   "target": {}}\n]',
}
_HISTORY = [past.entry for past in audit.PAST_CHANGES]

FULL: dict[str, View] = {
    "domains": DomainList(
        frame=_FRAME,
        domains=(_SUBDOMAIN, _PENDING, _ACTIVE, _FAILING, _LOST, _SUSPENDED, _DELETING),
        offered=_OFFERED,
        total=44,
        page=2,
        page_count=3,
        primary=PROMO.host,
    ),
    "domain-new-subdomain": NewSubdomain(
        frame=_FRAME,
        zone="go.example.com",
        subdomain="www",
        name="Promotions",
        description="Newsletter and posters",
        errors={"subdomain": "“www” is reserved; choose another", "name": "At most 100 characters"},
    ),
    "domain-new-branded": NewBrandedDomain(
        frame=_FRAME,
        domain="co.uk",
        name="Links",
        errors={"domain": "“co.uk” is a public suffix: nobody owns it as a whole"},
    ),
    "domain": DomainPage(
        frame=_FRAME,
        shown=_PENDING,
        values=_VALUES,
        records=_RECORDS,
        files=_FILES,
        history=_HISTORY,
        errors=_ERRORS,
        conflict=Conflict(changes=tuple(_HISTORY[:1]), more=2),
    ),
    "domain-verifying": DomainPage(
        frame=_FRAME, shown=_VERIFYING, values=_VALUES, records=_RECORDS
    ),
    "domain-active": DomainPage(
        frame=_FRAME,
        shown=_ACTIVE,
        values=_VALUES,
        records=_RECORDS,
        files=dict.fromkeys(_FILES, ""),
    ),
    "domain-failing": DomainPage(frame=_FRAME, shown=_FAILING, values=_VALUES, records=_RECORDS),
    "domain-suspended": DomainPage(frame=_FRAME, shown=_SUSPENDED, values=_VALUES),
    "domain-lost": DomainPage(frame=_FRAME, shown=_LOST, values=_VALUES, records=_RECORDS),
    "domain-deleting": DomainPage(frame=_FRAME, shown=_DELETING, values=_VALUES),
    "question-domain": confirming.delete_domain(_FRAME, _FAILING),
}
EMPTY: dict[str, View] = {
    "domains-empty": DomainList(frame=_FRAME, domains=(), offered=_OFFERED),
    "domains-empty-off": DomainList(frame=_FRAME, domains=(), offered=Offered()),
    "domains-page-beyond": DomainList(
        frame=_FRAME, domains=(), offered=_OFFERED, page=9, page_count=1, total=3
    ),
    "domain-new-subdomain-empty": NewSubdomain(frame=_FRAME, zone="go.example.com"),
    "domain-new-branded-empty": NewBrandedDomain(frame=_FRAME),
    "domain-subdomain": DomainPage(frame=_FRAME, shown=_SUBDOMAIN, values=DomainValues()),
    "question-domain-empty": confirming.delete_domain(
        _FRAME, _shown(PROMO, DomainState.ACTIVE, created_at=NOW)
    ),
}
PARTS: dict[str, View] = {
    "domain-status-part": DomainStatus(frame=_FRAME, shown=_VERIFYING),
    "domain-deleted-part": DomainStatus(frame=_FRAME, shown=None),
    "domain-availability-part": SubdomainAvailability(
        frame=_FRAME,
        zone="go.example.com",
        availability="The subdomain is available",
        is_available=True,
    ),
}
