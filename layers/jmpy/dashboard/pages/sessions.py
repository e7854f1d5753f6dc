"""The page of the browsers in which a person is signed in, to sign out of one or of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.countries import country_name
from jmpy.dashboard import devices
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import confirming
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.sessions import SessionList, SignedInBrowser

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.sessions.model import OpenSession, Session
    from jmpy.sessions.open import OpenSessions
    from jmpy.web.site import Site

SESSIONS = "/dashboard/sessions"
ONE = f"{SESSIONS}/<id>/end"
ALL = f"{SESSIONS}/end-all"


class SessionPages(SectionPages):
    section = Section.SESSIONS

    def __init__(
        self, site: Site, sessions: OpenSessions, signed_out: Callable[[], Response[str]]
    ) -> None:
        """`signed_out` is the response to a browser that was signed out."""
        super().__init__(site)
        self._sessions = sessions
        self._signed_out = signed_out
        site.page(SESSIONS)(self.list)
        site.page(ONE)(self.ask_to_end)
        site.action(ONE, narrows=True)(self.end)
        site.page(ALL)(self.ask_to_end_all)
        site.action(ALL, narrows=True)(self.end_all)

    def list(self) -> str:
        mine = self._session
        found = {one.reference: one for one in self._sessions.of_account(mine.account_id)}
        this = found.pop(mine.reference, None)
        browsers = [_shown(one) for one in found.values()]
        if this is not None:
            browsers.insert(0, _shown(this, used_at=self._now))
        return render(SessionList(frame=self._frame(), browsers=tuple(browsers)))

    def ask_to_end(self, id: str) -> str:  # noqa: A002 - the name in the path
        browser = _shown(self._sessions.get(self._account, id))
        frame = self._frame()
        return render(confirming.end_session(frame, browser))

    def end(self, id: str) -> Response[str]:  # noqa: A002
        self._sessions.end(self._account, id, by=self._site.origin)
        return self._done("session-ended", SESSIONS)

    def ask_to_end_all(self) -> str:
        count = len(self._sessions.of_account(self._account))
        frame = self._frame()
        return render(confirming.end_all_sessions(frame, count))

    def end_all(self) -> Response[str]:
        self._sessions.end_all(self._session, by=self._site.origin)
        return self._signed_out()

    @property
    def _session(self) -> Session:
        return self._site.session


def _shown(session: OpenSession, *, used_at: int | None = None) -> SignedInBrowser:
    """`used_at`: of the session of the request at hand, which is a use of it."""
    place = session.place
    return SignedInBrowser(
        reference=session.reference,
        device=devices.in_words(place.user_agent),
        ip_address=place.ip_address or "",
        country=country_name(place.country) if place.country else "",
        signed_in_at=session.created_at,
        last_used_at=session.last_used_at if used_at is None else used_at,
        is_this=used_at is not None,
    )
