"""What the page of a domain shows, also after a form of it was rejected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.audit.store import EntryFilter
from jmpy.dashboard.pages import audit_log, conflicts, domain_form
from jmpy.dashboard.pages.domain_form import DOMAINS, DomainForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.domains import DnsRecord, DomainPage
from jmpy.domains.model import DomainState, WellKnownFile
from jmpy.domains.writes import WITHOUT_HOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmpy.audit.store import AuditLog
    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.views.domains import DomainValues, ShownDomain
    from jmpy.domains.branded import BrandedDomains
    from jmpy.domains.model import Domain
    from jmpy.domains.service import Domains
    from jmpy.domains.store import DomainStore
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

ONE = f"{DOMAINS}/<id>"
HISTORY = 10
"""Changes that a domain's own page shows."""
_NOTHING_TYPED: Mapping[WellKnownFile, str] = {}


@dataclass(frozen=True, slots=True)
class DomainSources:
    """What the page of a domain is read from."""

    domains: Domains
    store: DomainStore
    audit: AuditLog
    branded: BrandedDomains


class DomainPageForms(DomainForms):
    def __init__(
        self, site: Site, sources: DomainSources, limits: DailyLimits, *, once: Once
    ) -> None:
        super().__init__(site, sources.domains, limits, once=once)
        self._sources = sources

    def _shown(self, domain: Domain) -> ShownDomain:
        (described,) = self._domains.described([domain])
        return domain_form.shown(described)

    def _page_of(
        self,
        domain: Domain,
        *,
        values: DomainValues | None = None,
        errors: dict[str, str] | None = None,
        problem: Notice | str | None = None,
        sent: int | None = None,
        typed: Mapping[WellKnownFile, str] = _NOTHING_TYPED,
    ) -> str:
        """`sent`: the version that a form was about. Where it is not the stored one, the page says
        what changed. `typed`: in place of files as they are stored."""
        audit = self._sources.audit
        past = audit.page(self._account, EntryFilter(domain.id), HISTORY)
        conflict = None
        if sent is not None:
            conflict = conflicts.since(
                audit, self._account, domain.id, sent=sent, stored=domain.version
            )
        return render(
            DomainPage(
                frame=self._frame(problem),
                shown=self._shown(domain),
                values=values or domain_form.stored(domain),
                records=self._records(domain),
                files=self._files_of(domain, typed),
                history=tuple(map(audit_log.shown, past.entries)),
                errors=errors or {},
                conflict=conflict,
            )
        )

    def _files_of(
        self, domain: Domain, typed: Mapping[WellKnownFile, str]
    ) -> dict[str, str] | None:
        """By name, written for people; None of a domain that can have none."""
        if domain.state in (*WITHOUT_HOST, DomainState.DELETING):
            return None
        return {
            file.value: typed[file] if file in typed else self._file_of(domain, file)
            for file in WellKnownFile
        }

    def _file_of(self, domain: Domain, file: WellKnownFile) -> str:
        """Empty if there is none."""
        text = self._sources.store.file(domain, file)
        return "" if text is None else json.dumps(json.loads(text), ensure_ascii=False, indent=2)

    def _records(self, domain: Domain) -> Sequence[DnsRecord]:
        """None of a subdomain."""
        if domain.token is None:
            return ()
        proof = self._sources.branded.verification.records(domain)
        return (
            DnsRecord(
                "TXT", proof.txt_name, proof.txt_value, "It proves that the domain is yours."
            ),
            DnsRecord(
                "CNAME",
                proof.host,
                proof.target,
                "It leads visitors of the domain here. Where no CNAME record can be, at the top of "
                "a domain such as example.com, use an ALIAS or ANAME record.",
            ),
        )
