"""The pages of links: list, creation, one of them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from jmpy.audit.store import EntryFilter
from jmpy.dashboard.frame import Notice, Section
from jmpy.dashboard.pages import (
    audit_log,
    confirming,
    conflicts,
    link_form,
    view_models,
)
from jmpy.dashboard.pages.rejections import (
    Rejection,
    Rejections,
    at_field,
    outdated,
    submit,
)
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.pages.spending import LimitReached
from jmpy.dashboard.render import render
from jmpy.dashboard.views.audit_log import Conflict
from jmpy.dashboard.views.links import LinkList, LinkPage, LinkValues, NewLink, PastChange
from jmpy.formats import csv_file
from jmpy.gateway import deployment_names
from jmpy.limits.plan import LimitClass
from jmpy.links import export as link_export
from jmpy.links import listing
from jmpy.links.errors import (
    ChangeOfTakenDown,
    InvalidCursor,
    LinkChanged,
    PageTooDeep,
)
from jmpy.links.model import LinkStatus
from jmpy.links.request_schema import CreateLink, UpdateLink
from jmpy.links.safety import NOT_SAFE, SafetyStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.audit.model import Entry
    from jmpy.audit.store import AuditLog
    from jmpy.dashboard.pages.link_form import Fields
    from jmpy.dashboard.pages.rejections import Again
    from jmpy.dashboard.pages.spending import Spending
    from jmpy.gateway.own_names import OwnNames
    from jmpy.idempotency.service import StoreResponse
    from jmpy.links.changes import LinkChanges, LinkUpdate
    from jmpy.links.model import Link
    from jmpy.links.service import LinkService
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

LINKS = "/dashboard/links"
ONE = f"{LINKS}/<id>"
PAGE_SIZE = 20
CREATED = "link-created"
HISTORY = 10
"""Changes that a link's own page shows."""

_PAGE = re.compile(r"[1-9][0-9]{0,5}")


_REJECTIONS: Rejections = {
    **dict.fromkeys(link_form.WRONG_FIELDS, at_field),
    LimitReached: lambda reached: Rejection(
        429, problem=reached.notice, retry_after=reached.retry_after
    ),
    LinkChanged: outdated,
    ChangeOfTakenDown: lambda denied: Rejection(403, problem=str(denied)),
}


class LinkPages(SectionPages):
    section = Section.LINKS

    def __init__(
        self,
        site: Site,
        links: LinkService,
        changes: LinkChanges,
        audit: AuditLog,
        spending: Spending,
        *,
        once: Once,
    ) -> None:
        super().__init__(site)
        self._once = once
        self._links = links
        self._changes = changes
        self._audit = audit
        self._spending = spending
        site.page(LINKS)(self.list)
        site.page(f"{LINKS}/new")(self.new)
        site.page(f"{LINKS}/export")(self.export)
        site.action(LINKS, page=f"{LINKS}/new", again=self._new_again)(self.create)
        site.page(ONE)(self.one)
        site.action(ONE, again=self._one_again)(self.change)
        site.action(f"{ONE}/destination", page=ONE)(self.put_back)
        site.page(f"{ONE}/delete")(self.ask_to_delete)
        site.action(f"{ONE}/delete")(self.delete)

    def list(self) -> str:
        sent = self._site.current_event.get_query_string_value
        search, status = sent("search") or "", sent("status") or ""
        known = LinkStatus(status) if status in set(LinkStatus) else None
        held = NOT_SAFE if status == SafetyStatus.TAKEN_DOWN else None
        page = sent("page") or ""
        request = listing.Request(
            page=int(page) if _PAGE.fullmatch(page) else 1,
            limit=PAGE_SIZE,
            filter=listing.Filter(search=search or None, status=known, safety=held),
            cursor=sent("cursor") or None,
        )
        problem = None
        self._spending.consume(LimitClass.URL_READS)
        try:
            found = self._links.page(self._account, request)
        except (InvalidCursor, PageTooDeep):
            problem = "That page is not available; this is the first one"
            request = listing.Request(limit=PAGE_SIZE)
            found = self._links.page(self._account, request)
        return render(
            LinkList(
                frame=self._frame(problem),
                links=found.links,
                total=found.total,
                search=search,
                status=known or (status if held else ""),
                page=request.page,
                page_count=max(1, -(-found.total // PAGE_SIZE)),
                cursor=request.cursor or "",
                next_cursor=found.next_cursor,
            )
        )

    def new(self) -> str:
        frame = self._frame()
        return render(NewLink(frame=frame))

    def export(self) -> Response[str]:
        """The newest links that one file takes; the API has the rest."""
        self._spending.consume(LimitClass.URL_READS)
        newest = self._links.newest(self._account, csv_file.MAX_ROWS + 1)
        file, _ = link_export.part(newest, self._site.base_url, self._now)
        return csv_file.response(file, "links")

    def create(self) -> Response[str]:
        def work(store_response: StoreResponse) -> Response[str]:
            form = {**link_form.sent(self._site.form), "channel": "dashboard"}
            fields = self._checked(CreateLink, form)
            self._spending.consume(LimitClass.URL_CREATION)
            link = self._links.create(
                self._account,
                fields.new_link(),
                self._own_names,
                also=lambda link: store_response(link.id),
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
                values=link_form.typed(self._site.form),
                errors=link_form.shown_errors(self._site.form, errors),
            )
        )

    def one(self, id: str) -> str:  # noqa: A002 - the name in the path
        self._spending.consume(LimitClass.URL_READS)
        return self._page_of(self._links.get(self._account, id))

    def change(self, id: str) -> Response[str]:  # noqa: A002
        link = self._links.get(self._account, id)

        def work(store_response: StoreResponse) -> Response[str]:
            self._spending.consume(LimitClass.URL_READS)
            fields = self._checked(UpdateLink, link_form.changes(self._site.form, link))
            self._update(link, fields.update(), store_response)
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
            self._spending.consume(LimitClass.URL_READS)
            self._update(link, {"url": self._site.form.text("url")}, store_response)
            return done(link.id)

        def done(_id: str) -> Response[str]:
            return self._done("destination-restored", LINKS)

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            form, now = self._site.form, self._links.get(self._account, id)
            return self._page_of(
                now,
                values=replace(view_models.link_values(now), url=form.text("url")),
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
            self._spending.consume(LimitClass.URL_READS)
            self._changes.remove(
                self._account, id, by=self._site.origin, release=release, also=[store_response(id)]
            )
            return done(id)

        def done(_id: str) -> Response[str]:
            return self._done("link-released" if release else "link-deleted", LINKS)

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            return self._page_of(self._links.get(self._account, id), errors=errors, problem=problem)

        return self._try(lambda: self._once(work, done), again)

    def _checked(self, model: type[Fields], given: dict[str, Any]) -> Fields:
        """Raises Mistakes."""
        return link_form.checked(
            model, given, self._links, self._account, self._own_names, now=self._now
        )

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
                values=values or view_models.link_values(link),
                version=link.version,
                history=tuple(_past(entry, link) for entry in past.entries),
                has_more_history=past.cursor is not None,
                back=self._back(),
                is_new=self._sent("done", CREATED) == CREATED,
                errors=errors or {},
                conflict=None if sent is None else self._conflict(link, sent),
            )
        )

    def _conflict(self, link: Link, sent: int) -> Conflict | None:
        return conflicts.since(self._audit, self._account, link.id, sent=sent, stored=link.version)

    def _try(self, work: Callable[[], Response[str]], again: Again) -> Response[str]:
        return submit(self._site, work, again, _REJECTIONS)

    @property
    def _own_names(self) -> OwnNames:
        return deployment_names.from_event(self._site.current_event.raw_event)


def _past(entry: Entry, link: Link) -> PastChange:
    destination = entry.changes["url"].before if "url" in entry.changes else None
    return PastChange(audit_log.shown(entry), destination if destination != link.url else None)
