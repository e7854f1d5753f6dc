"""The pages of one link: what it is, its changes, and its end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from jmpy.audit.store import EntryFilter
from jmpy.dashboard.pages import audit_log, confirming, conflicts, link_form, view_models
from jmpy.dashboard.pages.domain_options import DomainOptions
from jmpy.dashboard.pages.link_forms import CREATED, LINKS, LinkForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.links import LinkPage, PastChange
from jmpy.dashboard.views.qr_codes import LinkQrCode
from jmpy.limits.plan import LimitClass
from jmpy.links import utm
from jmpy.links.request_schema import UpdateLink
from jmpy.qr.errors import QrCodeNotFound

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.audit.model import Entry
    from jmpy.audit.store import AuditLog
    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.views.audit_log import Conflict
    from jmpy.dashboard.views.links import LinkValues
    from jmpy.domains.store import DomainStore
    from jmpy.idempotency.service import StoreResponse
    from jmpy.links.changes import LinkChanges, LinkUpdate
    from jmpy.links.model import Link
    from jmpy.links.service import LinkService
    from jmpy.qr.service import QrCodes
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

ONE = f"{LINKS}/<id>"
HISTORY = 10
"""Changes that a link's own page shows."""


class LinkDetailPages(LinkForms):
    def __init__(
        self,
        site: Site,
        links: LinkService,
        changes: LinkChanges,
        audit: AuditLog,
        limits: DailyLimits,
        *,
        once: Once,
        qr_codes: QrCodes,
        domains: DomainStore,
    ) -> None:
        super().__init__(site, links, limits, once)
        self._changes = changes
        self._audit = audit
        self._qr_codes = qr_codes
        self._domains = domains
        site.page(ONE)(self.one)
        site.action(ONE, again=self._one_again)(self.change)
        site.action(f"{ONE}/destination", page=ONE)(self.put_back)
        site.page(f"{ONE}/delete")(self.ask_to_delete)
        site.action(f"{ONE}/delete")(self.delete)

    def one(self, id: str) -> str:  # noqa: A002 - the name in the path
        self._limits.consume(LimitClass.URL_READS)
        return self._page_of(self._links.get(self._account, id))

    def change(self, id: str) -> Response[str]:  # noqa: A002
        link = self._links.get(self._account, id)

        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            form = self._site.form
            fields = self._checked(UpdateLink, link_form.changes(form, link), link)
            update: LinkUpdate = {**fields.update(), "host": link_form.host(form, link)}
            self._update(link, update, store_response)
            return done(link.id)

        def done(_id: str) -> Response[str]:
            return self._done("link-changed", LINKS)

        return self._try(lambda: self._once(work, done), partial(self._one_again, id=link.id))

    def _one_again(
        self,
        problem: Notice | str | None,
        errors: dict[str, str] | None = None,
        *,
        id: str,  # noqa: A002
    ) -> str:
        form = self._site.form
        return self._page_of(
            self._links.get(self._account, id),
            values=link_form.typed(form),
            errors=link_form.shown_errors(form, errors),
            problem=problem,
            sent=conflicts.sent_version(form),
        )

    def put_back(self, id: str) -> Response[str]:  # noqa: A002
        """A destination that the link had before."""
        link = self._links.get(self._account, id)

        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            url = self._site.form.text("url")
            self._update(link, {"url": url, "utm": utm.as_in(url, link.utm)}, store_response)
            return done(link.id)

        def done(_id: str) -> Response[str]:
            return self._done("destination-restored", LINKS)

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            form, now = self._site.form, self._links.get(self._account, id)
            return self._page_of(
                now,
                values=replace(self._values(now), url=form.text("url")),
                errors=errors,
                problem=problem,
                sent=conflicts.sent_version(form),
            )

        return self._try(lambda: self._once(work, done), again)

    def ask_to_delete(self, id: str) -> str:  # noqa: A002
        link = self._links.get(self._account, id)
        frame = self._frame()
        back = self._back()
        # Its own pages are gone then.
        back = back if back.startswith(f"{LINKS}?") else ""
        return render(confirming.delete_link(frame, link, back))

    def delete(self, id: str) -> Response[str]:  # noqa: A002
        release = "release" in self._site.form

        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            self._changes.remove(
                self._account, id, by=self._site.origin, release=release, also=[store_response(id)]
            )
            return done(id)

        def done(_id: str) -> Response[str]:
            return self._done("link-released" if release else "link-deleted", LINKS)

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            return self._page_of(self._links.get(self._account, id), errors=errors, problem=problem)

        return self._try(lambda: self._once(work, done), again)

    def _update(self, link: Link, update: LinkUpdate, store_response: StoreResponse) -> None:
        """If it still is the version that the form was about."""
        self._changes.change(
            self._account,
            link.id,
            update,
            by=self._site.origin,
            version=conflicts.sent_version(self._site.form),
            own=self._own_names,
            also=[store_response(link.id)],
        )

    def _page_of(
        self,
        link: Link,
        *,
        values: LinkValues | None = None,
        errors: dict[str, str] | None = None,
        problem: Notice | str | None = None,
        sent: int | None = None,
    ) -> str:
        """`sent`: the version that a form was about. Where it is not the stored one, the page says
        what changed, and only so may its form replace that."""
        past = self._audit.page(self._account, EntryFilter(target_id=link.id), HISTORY)
        return render(
            LinkPage(
                frame=self._frame(problem),
                link=link,
                values=values or self._values(link),
                domains=DomainOptions.read(self._domains, self._account).usable(link.host),
                version=link.version,
                history=tuple(_past(entry, link) for entry in past.entries),
                has_more_history=past.cursor is not None,
                back=self._back(),
                is_new=self._sent("done", CREATED) == CREATED,
                errors=errors or {},
                campaigns=self._suggested_campaigns(),
                qr=self._qr_code(link),
                conflict=None if sent is None else self._conflict(link, sent),
            )
        )

    def _values(self, link: Link) -> LinkValues:
        campaign = self._links.campaign(self._account, link.campaign_id)
        return view_models.link_values(link, campaign)

    def _qr_code(self, link: Link) -> LinkQrCode | None:
        if link.qr_id is None:
            return None
        try:
            found = self._qr_codes.get(self._account, link.qr_id)
        except QrCodeNotFound:  # deleted a moment ago
            return None
        return LinkQrCode(qr_code=found.qr_code, content=found.image.payload)

    def _conflict(self, link: Link, sent: int) -> Conflict | None:
        return conflicts.since(self._audit, self._account, link.id, sent=sent, stored=link.version)


def _past(entry: Entry, link: Link) -> PastChange:
    destination = entry.changes["url"].before if "url" in entry.changes else None
    return PastChange(audit_log.shown(entry), destination if destination != link.url else None)
