"""The pages of links: list, creation, one of them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from jmpy.audit.store import Filter
from jmpy.clock import system_clock
from jmpy.dashboard import views
from jmpy.dashboard.frame import Notice, Section
from jmpy.dashboard.pages import audit_log, confirming, conflicts, framing, presenting
from jmpy.dashboard.pages.mistakes import Findings, Mistakes
from jmpy.dashboard.pages.spending import LimitReached
from jmpy.dashboard.render import render
from jmpy.http import csv_file, own_names
from jmpy.http.times import parse_time, seconds
from jmpy.limits.plan import LimitClass
from jmpy.links import codes, destination, listing, password, tags
from jmpy.links import export as link_export
from jmpy.links.errors import (
    AliasTaken,
    ChangeOfTakenDown,
    ExpiryPassed,
    InvalidAlias,
    InvalidCursor,
    InvalidDestination,
    InvalidPassword,
    LinkChanged,
    PageTooDeep,
)
from jmpy.links.model import AliasState, LinkStatus
from jmpy.links.safety import NOT_SAFE, SafetyStatus
from jmpy.links.schema import ChangeLink, CreateLink
from jmpy.links.service import check_expiry

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.audit.model import Entry
    from jmpy.audit.store import AuditLog
    from jmpy.dashboard.pages.spending import Spending
    from jmpy.http.form import Form
    from jmpy.http.form_token import Once
    from jmpy.http.idempotency import Keep
    from jmpy.http.site import Site
    from jmpy.links.changes import LinkChanges
    from jmpy.links.model import Link
    from jmpy.links.own_names import OwnNames
    from jmpy.links.schema import LinkFields
    from jmpy.links.service import LinkService

LINKS = "/dashboard/links"
ONE = f"{LINKS}/<id>"
PAGE_SIZE = 20
HISTORY = 10
"""Changes that a link's own page shows."""

_PAGE = re.compile(r"[1-9][0-9]{0,5}")
_WRONG_FIELDS = (InvalidDestination, InvalidAlias, InvalidPassword, ExpiryPassed, AliasTaken)


class LinkPages:
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
        self._site = site
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
        self._spending.spend(LimitClass.URL_READS)
        try:
            found = self._links.page(self._account, request)
        except (InvalidCursor, PageTooDeep):
            problem = "That page cannot be shown; this is the first one"
            request = listing.Request(limit=PAGE_SIZE)
            found = self._links.page(self._account, request)
        return render(
            views.LinkList(
                frame=framing.frame(self._site, Section.LINKS, problem),
                links=presenting.links(found.links, self._site.base_url),
                total=found.total,
                search=search,
                status=known or (status if held else ""),
                page=request.page,
                page_count=max(1, -(-found.total // PAGE_SIZE)),
                next_cursor=found.next_cursor,
            )
        )

    def new(self) -> str:
        frame = framing.frame(self._site, Section.LINKS)
        return render(views.NewLink(frame=frame, base_url=self._site.base_url))

    def export(self) -> Response[str]:
        """The newest links that one file takes; the API has the rest."""
        self._spending.spend(LimitClass.URL_READS)
        newest = self._links.newest(self._account, csv_file.MAX_ROWS + 1)
        file, _ = link_export.part(newest, self._site.base_url, system_clock())
        return csv_file.answer(file, "links")

    def create(self) -> Response[str]:
        def work(keep: Keep) -> Response[str]:
            fields = self._checked(CreateLink, {**_sent(self._site.form), "channel": "dashboard"})
            self._spending.spend(LimitClass.URL_CREATION)
            self._links.create(
                self._account,
                own=self._own_names,
                record=lambda link: keep(link.id),
                **fields,
            )
            return created("")

        def created(_id: str) -> Response[str]:
            return framing.done(self._site, "link-created", LINKS)

        return self._try(lambda: self._once(work, created), self._new_again)

    def _new_again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        return render(
            views.NewLink(
                frame=framing.frame(self._site, Section.LINKS, problem),
                base_url=self._site.base_url,
                values=_typed(self._site.form),
                errors=_with_password(self._site.form, errors),
            )
        )

    def one(self, id: str) -> str:  # noqa: A002 - the name in the path
        self._spending.spend(LimitClass.URL_READS)
        return self._page_of(self._links.get(self._account, id))

    def change(self, id: str) -> Response[str]:  # noqa: A002
        link = self._links.get(self._account, id)

        def work() -> Response[str]:
            self._spending.spend(LimitClass.URL_READS)
            fields = self._checked(ChangeLink, _changes(self._site.form, link), link)
            self._change(link, fields)
            return framing.done(self._site, "link-changed", LINKS)

        return self._try(work, partial(self._one_again, id=link.id))

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
            values=_typed(form),
            errors=_with_password(form, errors),
            problem=problem,
            sent=conflicts.sent_version(form),
        )

    def put_back(self, id: str) -> Response[str]:  # noqa: A002
        """A destination that the link had before."""
        link = self._links.get(self._account, id)

        def work() -> Response[str]:
            self._spending.spend(LimitClass.URL_READS)
            self._change(link, {"url": self._site.form.text("url")})
            return framing.done(self._site, "destination-restored", LINKS)

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            form, now = self._site.form, self._links.get(self._account, id)
            return self._page_of(
                now,
                values=replace(presenting.link_values(now), url=form.text("url")),
                errors=errors,
                problem=problem,
                sent=conflicts.sent_version(form),
            )

        return self._try(work, again)

    def ask_to_delete(self, id: str) -> str:  # noqa: A002
        link = self._links.get(self._account, id)
        frame = framing.frame(self._site, Section.LINKS)
        return render(confirming.delete_link(frame, link, self._site.base_url))

    def delete(self, id: str) -> Response[str]:  # noqa: A002
        link = self._links.get(self._account, id)

        def work() -> Response[str]:
            self._spending.spend(LimitClass.URL_READS)
            release = "release" in self._site.form
            self._changes.remove(self._account, link.id, by=self._site.origin, release=release)
            return framing.done(self._site, "link-released" if release else "link-deleted", LINKS)

        return self._try(
            work, lambda problem, errors: self._page_of(link, errors=errors, problem=problem)
        )

    def _checked(
        self, model: type[LinkFields], sent: dict[str, Any], before: Link | None = None
    ) -> dict[str, Any]:
        """The fields as the service takes them. Raises Mistakes, with all that is wrong."""
        found = Findings(*_WRONG_FIELDS)
        fields: dict[str, Any] = {}
        try:
            fields = model.model_validate(sent).fields()
        except ValidationError as invalid:
            found.errors |= presenting.field_errors(invalid)
        if "url" in sent:
            url = found.of(destination.checked, sent["url"], self._own_names)
            if url is not None:
                found.of(self._links.blocklist.admitted, url)
        alias = sent.get("custom_alias")
        is_alias = bool(alias) and found.of(codes.checked_alias, alias) is not None
        if sent.get("password"):
            found.of(password.checked, sent["password"])
        expires_at = fields.get("expires_at", _moment(sent.get("expires_at")))
        if before is None or expires_at != before.expires_at:
            found.of(check_expiry, expires_at, system_clock())
        # Where nothing is wrong, the change itself finds out whether the alias is free.
        if found.errors and is_alias and not self._is_free(alias):
            found.errors["custom_alias"] = str(AliasTaken(alias))
        found.raise_any()
        return fields

    def _is_free(self, alias: str) -> bool:
        state = self._links.availability(self._account, alias).state
        return state is AliasState.AVAILABLE

    def _change(self, link: Link, fields: dict[str, Any]) -> None:
        """If it still is the version that the form was about."""
        self._changes.change(
            self._account,
            link.id,
            fields,
            by=self._site.origin,
            version=conflicts.sent_version(self._site.form),
            own=self._own_names,
        )

    def _page_of(
        self,
        link: Link,
        *,
        values: views.LinkValues | None = None,
        errors: dict[str, str] | None = None,
        problem: Notice | str | None = None,
        sent: int | None = None,
    ) -> str:
        """`sent`: the version that a form was about. Where it is not the stored one, the page says
        what changed, and only so may its form replace that."""
        (summary,) = presenting.links([link], self._site.base_url)
        past = self._audit.page(self._account, Filter(target_id=link.id), HISTORY)
        return render(
            views.LinkPage(
                frame=framing.frame(self._site, Section.LINKS, problem),
                base_url=self._site.base_url,
                link=summary,
                values=values or presenting.link_values(link),
                version=link.version,
                history=tuple(_past(entry, link) for entry in past.entries),
                has_more_history=past.cursor is not None,
                errors=errors or {},
                conflict=None if sent is None else self._conflict(link, sent),
            )
        )

    def _conflict(self, link: Link, sent: int) -> views.Conflict | None:
        return conflicts.since(self._audit, self._account, link.id, sent=sent, stored=link.version)

    def _try(
        self,
        work: Callable[[], Response[str]],
        again: Callable[[Notice | str | None, dict[str, str]], str],
    ) -> Response[str]:
        """What `work` answers, or the form again with all that is wrong with it."""
        errors: dict[str, str] = {}
        problem: Notice | str | None = None
        status = 422
        try:
            return work()
        except Mistakes as wrong:
            errors = wrong.errors
        except _WRONG_FIELDS as wrong:
            errors = {wrong.field: str(wrong)}
        except LimitReached as reached:
            answer = self._site.html(again(reached.notice, {}), 429)
            answer.headers["Retry-After"] = reached.retry_after
            return answer
        except LinkChanged:
            status = 409  # the page itself says what changed
        except ChangeOfTakenDown as denied:
            problem, status = str(denied), 403
        return self._site.html(again(problem, errors), status)

    @property
    def _account(self) -> str:
        return self._site.session.account_id

    @property
    def _own_names(self) -> OwnNames:
        return own_names.of(self._site.current_event.raw_event)


def _past(entry: Entry, link: Link) -> views.PastChange:
    destination = entry.changes["url"].before if "url" in entry.changes else None
    return views.PastChange(
        audit_log.shown(entry), destination if destination != link.url else None
    )


def _sent(form: Form) -> dict[str, Any]:
    """The form's fields in the words of the API; what is empty is absent."""
    texts = ("custom_alias", "name", "expires_at", "password")
    return {
        "url": form.text("url"),
        "tags": tags.split(form.text("tags")),
        "is_dynamic": "is_dynamic" in form,
        **{name: text for name in texts if (text := form.text(name))},
    }


def _changes(form: Form, link: Link) -> dict[str, Any]:
    """All that the form shows: what was emptied is cleared. But an alias or destination that
    stays the same is not set again, and a password only when one was typed, or is to go."""
    sent = {"custom_alias": None, "name": None, "expires_at": None} | _sent(form)
    if sent["custom_alias"] == link.custom_alias:
        del sent["custom_alias"]
    if sent["url"] == link.url:
        # It need not be one that a new link may have.
        del sent["url"]
    if "remove_password" in form:
        sent["password"] = None
    return sent | {"status": form.text("status") or LinkStatus.ACTIVE.value}


def _moment(text: str | None) -> int | None:
    """None also of what is no time, of which something else tells."""
    try:
        return seconds(parse_time(text))
    except ValueError:
        return None


def _with_password(form: Form, errors: dict[str, str] | None) -> dict[str, str]:
    """A password that was typed is not sent back: who sends the form again has to know."""
    typed = {"password": "Type the password again: it is not sent back to this page"}
    return (typed if form.text("password") else {}) | (errors or {})


def _typed(form: Form) -> views.LinkValues:
    return views.LinkValues(
        url=form.text("url"),
        custom_alias=form.text("custom_alias"),
        name=form.text("name"),
        expires_at=form.text("expires_at"),
        tags=form.text("tags"),
        is_dynamic="is_dynamic" in form,
        status=form.text("status") or LinkStatus.ACTIVE.value,
        remove_password="remove_password" in form,
    )
