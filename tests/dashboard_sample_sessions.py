"""The browsers that somebody is signed in with, and the questions before they are signed out."""

from dataclasses import replace

from jmpy.clock import HOUR
from jmpy.dashboard.frame import Notice, NoticeKind, Section, View
from jmpy.dashboard.pages import confirming
from jmpy.dashboard.views.sessions import SessionList, SignedInBrowser
from tests.dashboard_sample_data import NOW, frame

SESSIONS = frame(Section.SESSIONS)
ENDED = frame(Section.SESSIONS, notice=Notice(NoticeKind.SUCCESS, "That browser is signed out."))
THIS = SignedInBrowser(
    reference="0" * 64,
    device="Firefox on Linux",
    ip_address="203.0.113.7",
    country="Germany",
    signed_in_at=NOW - HOUR,
    last_used_at=NOW,
    is_this=True,
)
PHONE = SignedInBrowser(
    reference="1" * 64,
    device="Mobile Safari on iOS",
    ip_address="2001:db8:85a3::8a2e:370:7334",
    country="Bolivia, Plurinational State of",
    signed_in_at=NOW - 11 * HOUR,
    last_used_at=NOW - 9 * HOUR,
)
UNKNOWN = replace(PHONE, reference="2" * 64, device="curl/8.5.0", ip_address="", country="")

PAGES: dict[str, View] = {
    "sessions": SessionList(frame=ENDED, browsers=(THIS, PHONE, UNKNOWN)),
    "sessions-one": SessionList(frame=SESSIONS, browsers=(THIS,)),
    "sessions-none": SessionList(frame=SESSIONS, browsers=()),
    "end": confirming.end_session(SESSIONS, PHONE),
    "end-unknown": confirming.end_session(SESSIONS, UNKNOWN),
    "end-all": confirming.end_all_sessions(SESSIONS, 3),
    "end-all-one": confirming.end_all_sessions(SESSIONS, 1),
}
