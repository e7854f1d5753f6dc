"""The requests that were made with an account's keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard import words
from jmpy.dashboard.chart import Chart, draw
from jmpy.dashboard.frame import View


@dataclass(frozen=True, slots=True)
class RequestDay:
    start: int
    label: str
    """As in `3 Nov`."""
    requests: int
    refused: int
    """Of them, those answered with a status of 400 or more."""

    @property
    def in_words(self) -> str:
        refused = f", {words.number(self.refused)} refused" if self.refused else ""
        return f"{self.label}: {words.plural(self.requests, 'request')}{refused}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    id: str
    at: int
    key_id: str
    key_name: str
    route: str
    """As in `GET /api/v1/short-urls`."""
    status: int
    reason: str | None
    """Why the key was not let in, in words."""
    credential: str | None
    ip_address: str
    user_agent: str
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualActivity:
    """An alert that nobody has dismissed."""

    id: str
    at: int
    title: str
    details: str
    key_id: str
    key_name: str
    key_works: bool
    """Whether there is anything left to revoke."""
    where_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage(View):
    template: ClassVar[str] = "activity.html"
    requests: tuple[LoggedRequest, ...]
    """The latest first."""
    days: tuple[RequestDay, ...]
    """The oldest first, without gaps; of the key where one is chosen."""
    alerts: tuple[UnusualActivity, ...] = ()
    """The newest first."""
    keys: tuple[tuple[str, str], ...] = ()
    """Ids and names, to choose from."""
    key_id: str = ""
    status: str = ""
    """The value of the filter; empty for all."""
    next_cursor: str | None = None
    is_first: bool = True

    statuses: ClassVar = (
        ("", "All"),
        ("2xx", "Answered (2xx)"),
        ("4xx", "Refused (4xx)"),
        ("401", "Key not let in (401)"),
        ("403", "No permission (403)"),
        ("429", "Over a limit (429)"),
        ("5xx", "Faults (5xx)"),
    )

    @property
    def is_filtered(self) -> bool:
        return bool(self.key_id or self.status)

    @property
    def chart(self) -> Chart:
        return draw([(day.requests, day.requests - day.refused) for day in self.days])

    @property
    def chart_words(self) -> str:
        requests = sum(day.requests for day in self.days)
        refused = sum(day.refused for day in self.days)
        return (
            f"Requests from {self.days[0].label} to {self.days[-1].label}: "
            f"{words.number(requests)} in all, {words.number(refused)} of them refused"
        )

    @property
    def has_requests(self) -> bool:
        return bool(self.requests) or any(day.requests for day in self.days)
