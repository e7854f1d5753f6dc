"""What a request has to pass before its page: middleware of a site, in this order.

Where a change comes from (403), session (redirect to sign-in, or 401), the form's token (403),
whether Cognito still knows the person (401).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jmpy.sessions.errors import PersonGone
from jmpy.web import cookies, form, same_origin, site_errors
from jmpy.web.form_token import StaleForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.sessions.model import Session
    from jmpy.web.site import Site

    FindSession = Callable[[str | None, bool], Session | None]
    Prove = Callable[[Session], None]
    Check = Callable[[Site, Any], Response[str]]


def no_person(_session: Session) -> None:
    """`Prove` of a site without sign-in."""
    raise PersonGone("unknown")


class Checks:
    def __init__(self, find_session: FindSession, prove: Prove) -> None:
        """`find_session` gets the cookie's value and whether something is to be changed; `prove`
        raises PersonGone when a person may no longer sign in."""
        self.find_session = find_session
        self._prove = prove

    @property
    def of_page(self) -> list[Check]:
        return [self._require_session]

    @property
    def of_narrowing_action(self) -> list[Check]:
        return [self._require_same_origin, self._require_session, self._require_token]

    @property
    def of_action(self) -> list[Check]:
        return [*self.of_narrowing_action, self._require_person]

    def _require_same_origin(self, site: Site, following: Any) -> Response[str]:
        same_origin.require(site.current_event.headers, site.base_url)
        return following(site)  # type: ignore[no-any-return]

    def _require_session(self, site: Site, following: Any) -> Response[str]:
        event = site.current_event.raw_event
        is_action = site.current_event.http_method != "GET"
        found = self.find_session(cookies.session(site.base_url).read(event), is_action)
        if found is None and is_action:
            raise _session_required(site)
        if found is None:
            # A part of a page that is fetched anew would show the sign-in page in its place.
            if site.current_event.headers.get("HX-Request") is not None:
                raise site_errors.SessionRequired
            sent = event.get("multiValueQueryStringParameters") or {}
            # A key that was sent by mistake is not repeated in another address.
            safe = {name: values for name, values in sent.items() if name != "api_key"}
            query = urlencode(safe, doseq=True)
            address = event["path"] + (f"?{query}" if query else "")
            return site.redirect(site.url("/login", return_to=address), status=302)
        site.context["session"] = found
        return following(site)  # type: ignore[no-any-return]

    def _require_token(self, site: Site, following: Any) -> Response[str]:
        sent = form.parse(site.current_event.raw_event)
        if not site.session.owns(sent.text(form.CSRF_TOKEN)):
            # Of another tab's session, if it is a page of ours that sends it: nothing is done with
            # it but to show it again.
            if not _is_ours(site):
                raise same_origin.ForeignRequest
            site.context["stale"] = StaleForm(_signed_in_again(site.session))
        site.context["form"] = sent
        return following(site)  # type: ignore[no-any-return]

    def _require_person(self, site: Site, following: Any) -> Response[str]:
        try:
            self._prove(site.session)
        except PersonGone:
            raise _session_required(site) from None
        return following(site)  # type: ignore[no-any-return]


def _is_ours(site: Site) -> bool:
    return same_origin.is_proven(site.current_event.headers, site.base_url)


def _session_required(site: Site) -> site_errors.SessionRequired:
    """With what was typed, if a page of ours sent it: no other site may fill in our forms."""
    unsent = None
    with suppress(*form.UNREADABLE):
        typed = form.parse(site.current_event.raw_event).pairs(form.NOT_TYPED | form.SECRETS)
        if typed and _is_ours(site):
            unsent = site_errors.Unsent(site.current_event.path, tuple(typed))
    return site_errors.SessionRequired(site.form_page, unsent)


def _signed_in_again(session: Session) -> str:
    return (
        "Nothing was done yet: after this form was opened, you signed in again, as "
        f"{session.email}. Check it, then send it again."
    )
