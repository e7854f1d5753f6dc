"""What all pages have in common: where they are served, the session, a notice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from jmpy.dashboard.asset import ASSETS
from jmpy.links.short_url import short_url, site
from jmpy.web import form_token

if TYPE_CHECKING:
    from collections.abc import Callable


class Section(StrEnum):
    """The parts of the dashboard, in the order of its navigation."""

    label: str

    def __new__(cls, name: str, label: str) -> Section:
        section = str.__new__(cls, name)
        section._value_ = name
        section.label = label
        return section

    OVERVIEW = "overview", "Overview"
    API_KEYS = "api-keys", "API keys"
    LINKS = "links", "Links"
    QR_CODES = "qr-codes", "QR codes"
    CAMPAIGNS = "campaigns", "Campaigns"
    DOMAINS = "domains", "Domains"
    ANALYTICS = "analytics", "Analytics"
    ACTIVITY = "activity", "Activity"
    ALERTS = "alerts", "Alerts"
    AUDIT_LOG = "audit-log", "Audit log"
    PLAN = "plan", "Plan"
    SESSIONS = "sessions", "Sessions"

    @property
    def path(self) -> tuple[str, ...]:
        """The segments of its address."""
        return ("dashboard",) if self is Section.OVERVIEW else ("dashboard", self.value)


class NoticeKind(StrEnum):
    SUCCESS = "success"
    ERROR = "error"
    WARNING = "warn"


@dataclass(frozen=True, slots=True)
class Notice:
    kind: NoticeKind
    message: str
    until: int | None = None
    """When what it describes ends by itself."""
    way_out: tuple[str, ...] = ()
    """Where its link leads, as segments of a path; with `link`, its words."""
    link: str = ""


MANY_ALERTS = 9
"""The navigation shows the number of open alerts up to here, as in `9+`."""


def _unknown() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    base_url: str
    """What every URL of ours starts with, as in `https://go.example.com`, or with the path of a
    stage."""
    now: int
    """Seconds since the Unix epoch, UTC."""
    email: str | None = None
    """None without a session: no navigation, no sign-out."""
    csrf_token: str = ""
    section: Section | None = None
    notice: Notice | None = None
    open_alerts: Callable[[], int | None] = _unknown
    """Reads how many there are, up to one more than `MANY_ALERTS`, once; None where that cannot be
    read. A function, so that parts of pages, which have no navigation, do not read it."""

    @property
    def base_path(self) -> str:
        """What every address of ours starts with, as in `/live`; empty behind a domain of its
        own."""
        return urlsplit(self.base_url).path

    def short_url(self, short_code: str, host: str = "") -> str:
        """On the default domain, or on `host`."""
        return short_url(self.base_url, short_code, host)

    def host(self, host: str = "") -> str:
        """What stands before the codes of a domain, as it is shown: without a scheme."""
        return site(self.base_url, host).partition("//")[2]

    def path(self, *segments: str, **query: str | int | None) -> str:
        """An address of ours. Segments are quoted; parameters that are None or empty are left
        out."""
        path = "".join(f"/{quote(segment, safe='')}" for segment in segments)
        sent = {name: value for name, value in query.items() if value not in {None, ""}}
        return f"{self.base_path}{path}" + (f"?{urlencode(sent)}" if sent else "")

    def form_token(self) -> str:
        """Another one for each form."""
        return form_token.draw()

    def asset(self, name: str) -> str:
        return f"{self.base_path}/{ASSETS.path(name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page, or a part of one that is fetched alone."""

    template: ClassVar[str]
    frame: Frame
