"""Pages for people who signed in, each declared with its path.

The order of every request: whether it came through the CDN, where one is required (403), the checks
of `checks.py`, the work. A page without a session is declared as such. Every POST is checked; there
is no way to declare one that is not.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from jmpy.audit import request_source
from jmpy.audit.model import Actor, ActorType, Channel, Origin
from jmpy.aws import clients
from jmpy.clock import system_clock
from jmpy.gateway import base_url, viewer
from jmpy.http import errors
from jmpy.sessions.errors import SignInUnavailable, TooManyRequests
from jmpy.web import cookies, security_headers, site_errors, visitor_pages
from jmpy.web.checks import Checks, no_person
from jmpy.web.form_token import StaleForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aws_lambda_powertools.shared.cookies import Cookie

    from jmpy.audit.model import Source
    from jmpy.sessions.model import Session
    from jmpy.web.checks import Check, FindSession, Prove
    from jmpy.web.form import Form
    from jmpy.web.site_errors import SiteProblem

    Handler = Callable[..., "str | Response[str]"]
    Again = Callable[..., str]
    CountOpenAlerts = Callable[[str], int | None]
    ShowProblem = Callable[[SiteProblem, str, str, float, Session | None], str]

OUT_OF_DATE = "out-of-date"
"""In the address of a page: its form was of another session or sent before; nothing was done."""
HTML = "text/html; charset=utf-8"

logger = Logger()


_SEND_AGAIN = "Reload this page: your input is sent again and processed once."


def _unknown(_account_id: str) -> None:
    return None


class Site(APIGatewayRestResolver):
    def __init__(
        self,
        find_session: FindSession,
        show_problem: ShowProblem,
        *,
        prove: Prove = no_person,
        count_open_alerts: CountOpenAlerts = _unknown,
        form_targets: Iterable[str] = (),
        sources: Mapping[str, str] | None = None,
    ) -> None:
        """`find_session` gets the cookie's value and whether the request is to change something;
        `show_problem` renders the error page, for the base URL, the id and the time of the request,
        and the session, if there is one; `prove` raises PersonGone if a person may no longer sign
        in; `count_open_alerts` gets an account's id; `form_targets` and `sources` are those of
        `security_headers.for_response`."""
        super().__init__()
        self._checks = Checks(find_session, prove)
        self._show_problem = show_problem
        self._count_open_alerts = count_open_alerts
        self._form_targets = tuple(form_targets)
        self._sources = dict(sources or {})
        self.methods: dict[str, set[str]] = {}
        """What each path serves; read by the tests that walk the template."""
        self.form_pages: dict[str, str] = {}
        """Where the form is that is posted to a path, by its declaration."""
        self.exception_handler(Exception)(self._error_page)
        self.not_found(lambda _error: self._error_page(self._no_page()))

    # What a page reads of the request at hand

    @property
    def session(self) -> Session:
        """Of the person who is signed in. Raises KeyError on a public page."""
        found: Session = self.context["session"]
        return found

    @property
    def now(self) -> float:
        """When the request arrived, in seconds since the Unix epoch, UTC: read once, so that the
        parts of a page agree."""
        arrived: float = self.context["now"]
        return arrived

    @property
    def form(self) -> Form:
        """What was sent, on an action."""
        sent: Form = self.context["form"]
        return sent

    @property
    def form_page(self) -> str:
        """Where the form is that was sent."""
        declared = self.form_pages[self.context["_route"].path]
        given = self.context.get("_route_args", {})
        return re.sub(r"<(\w+)>", lambda name: quote(given[name[1]], safe=""), declared)

    @property
    def source(self) -> Source:
        return request_source.source(self.current_event.raw_event, Channel.DASHBOARD)

    @property
    def country(self) -> str | None:
        """ISO 3166, of the visitor; None where it is not known."""
        return viewer.from_event(self.current_event.raw_event).country

    @property
    def origin(self) -> Origin:
        """What the audit log says of who is signed in."""
        person = Actor(ActorType.USER, self.session.account_id, self.session.email)
        return Origin(person, self.source)

    def open_alerts(self) -> int | None:
        """Of the account that is signed in; None where that cannot be read."""
        return self._count_open_alerts(self.session.account_id)

    @property
    def base_url(self) -> str:
        return base_url.from_event(self.current_event.raw_event)

    def url(self, path: str = "", **query: str) -> str:
        """The address of a path of ours, such as `/dashboard`, wherever this is deployed."""
        return f"{self.base_url}{path}" + (f"?{urlencode(query)}" if query else "")

    # How a page responds

    def html(self, page: str, status: int = 200, cookies: Iterable[Cookie] = ()) -> Response[str]:
        return Response(status, HTML, page, cookies=list(cookies))

    def redirect(
        self, url: str, status: int = 303, cookies: Iterable[Cookie] = ()
    ) -> Response[str]:
        """After an action with 303 (RFC 9110 section 15.4.4), so that reloading repeats nothing."""
        return Response(status, HTML, "", {"Location": url}, list(cookies))

    # How a page is declared

    def page(self, path: str) -> Callable[[Handler], Handler]:
        """GET, for people who signed in; others are sent to sign in and come back here."""
        return self._declare("GET", path, self._checks.of_page)

    def action(
        self,
        path: str,
        *,
        narrows: bool = False,
        page: str | None = None,
        again: Again | None = None,
    ) -> Callable[[Handler], Handler]:
        """POST, with the session's token in the form's field `CSRF_TOKEN`, of a person of whom
        Cognito says that they may still sign in. One that only `narrows` who may do what, such as a
        revocation, does not wait for Cognito.

        `page`: where the form is, if not at the same path. `again` shows it with what was typed,
        for a form that is sent from before the session; without it, the page is shown.
        """
        at = page or path
        self.form_pages[path] = at
        required = self._checks.of_narrowing_action if narrows else self._checks.of_action
        declared = self._declare("POST", path, required)

        def declare(handler: Handler) -> Handler:
            def act(**parameters: str) -> str | Response[str]:
                try:
                    if stale := self.context.get("stale"):
                        raise stale
                    return handler(**parameters)
                except StaleForm as problem:
                    if again is None:
                        return self.redirect(self.url(self.form_page, problem=OUT_OF_DATE))
                    return self.html(again(str(problem), **parameters), 409)

            declared(act)
            return handler

        return declare

    def public_page(self, path: str) -> Callable[[Handler], Handler]:
        """GET, for everybody; it changes nothing of anybody's."""
        return self._declare("GET", path, [])

    def public_preflight(self, path: str) -> Callable[[Handler], Handler]:
        """OPTIONS, of a public page that scripts of other sites may read."""
        return self._declare("OPTIONS", path, [])

    def _declare(self, method: str, path: str, checks: list[Check]) -> Callable[[Handler], Handler]:
        self.methods.setdefault(path, set()).add(method)

        def declare(handler: Handler) -> Handler:
            def response(**parameters: str) -> Response[str]:
                made = handler(**parameters)
                return made if isinstance(made, Response) else self.html(made)

            self.route(path, method, middlewares=checks)(response)
            return handler

        return declare

    # Errors, and what all responses have in common

    def _no_page(self) -> Exception:
        path = self.current_event.path.rstrip("/")
        methods = self.methods.get(path)
        return site_errors.MethodNotAllowed(methods) if methods else site_errors.NoPage()

    def _error_page(self, error: Exception) -> Response[str]:
        problem = site_errors.from_exception(error)
        if problem.is_fault:
            logger.exception(problem.title, exc_info=error)
        if problem.is_fault and self.current_event.http_method == "POST":
            problem = replace(problem, message=f"{problem.message} {_SEND_AGAIN}")
        request_id = self.current_event.raw_event["requestContext"]["requestId"]
        session = self.context.get("session") or self._session_of(error)
        page = self._show_problem(problem, self.base_url, request_id, self.now, session)
        return Response(problem.status, HTML, page, problem.headers)

    def _session_of(self, error: Exception) -> Session | None:
        """Of a request for a page that does not exist, so that its error page has the navigation.
        None where the session cannot be read: the page reports another problem already."""
        if not isinstance(error, site_errors.NoPage | site_errors.MethodNotAllowed):
            return None
        sent = cookies.session(self.base_url).read(self.current_event.raw_event)
        unknown: tuple[type[Exception], ...] = (
            TooManyRequests, SignInUnavailable, *clients.faults()
        )  # fmt: skip
        try:
            return self._checks.find_session(sent, False)
        except unknown:
            return None

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda handler: responds to every event, and logs one line about it, without the
        query, which may hold a code of Cognito's."""
        started = time.perf_counter()
        event = _encodable(event)
        self.clear_context()  # the session of the previous request must not remain
        self.append_context(now=system_clock())
        request_id = event["requestContext"]["requestId"]
        logger.append_keys(request_id=request_id)
        try:
            viewer.admit(event)
            response: dict[str, Any] = self.resolve(event, context)
        except viewer.NOT_ADMITTED as denied:
            # None of this site's pages, whose style sheet is as little served here.
            logger.info("closed", method=event["httpMethod"], route=event["resource"])
            return visitor_pages.response(event, errors.from_exception(denied))
        headers = response.setdefault("multiValueHeaders", {})
        common = security_headers.for_response(
            base_url.from_event(event), form_targets=self._form_targets, sources=self._sources
        )
        # A response that sets its own caching keeps it.
        headers |= {k: [v] for k, v in common.items() if k not in headers or k != "Cache-Control"}
        headers["X-Request-Id"] = [request_id]
        logger.info(
            "page",
            method=event["httpMethod"],
            route=event["resource"],
            status=response["statusCode"],
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )
        return response


def _encodable(event: dict[str, Any]) -> dict[str, Any]:
    """Half of a surrogate pair, which JSON can hold and UTF-8 and so no address can, becomes a
    question mark wherever it was sent."""
    encoded = json.dumps(event, ensure_ascii=False).encode(errors="replace")
    return json.loads(encoded)  # type: ignore[no-any-return]
