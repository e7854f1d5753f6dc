"""The requests that were made with an account's keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jmpy.activity.access_log_line import LoggedRequest
from jmpy.activity.request_store import UsageDay
from jmpy.countries import country_name
from jmpy.dashboard import filters
from jmpy.dashboard.chart import Chart, Plotted, draw
from jmpy.dashboard.views.key_names import KeyName
from jmpy.dashboard.views.log import LogView


@dataclass(frozen=True, slots=True)
class RequestsPerDay:
    days: Sequence[UsageDay]
    """The oldest first, without gaps."""

    @property
    def total(self) -> int:
        return sum(day.total for day in self.days)

    @property
    def chart(self) -> Chart:
        return draw([_plotted(day) for day in self.days])

    @property
    def in_words(self) -> str:
        failed = sum(day.failed for day in self.days)
        first, last = (filters.axis_label(day.day) for day in (self.days[0], self.days[-1]))
        return (
            f"Requests from {first} to {last}: "
            f"{filters.number(self.total)} in total, {filters.plural(failed, 'error')}"
        )


def _plotted(usage: UsageDay) -> Plotted:
    label, requests = filters.axis_label(usage.day), filters.plural(usage.total, "request")
    errors = f", {filters.plural(usage.failed, 'error')}" if usage.failed else ""
    return Plotted(label, f"{label}: {requests}{errors}", usage.total, usage.total - usage.failed)


_REASONS = {
    "revoked": "the key is revoked",
    "expired": "the key has expired",
    "suspended": "the account is suspended",
    "paused": "the key is paused",
    "not_yet_valid": "the key is not valid yet",
    "address": "the address is not among the allowed ones",
    "header_only": "the key is accepted in headers only",
    "permissions": "the key no longer has any permission of the token",
}


@dataclass(frozen=True, slots=True)
class RequestRow:
    request: LoggedRequest
    key: KeyName | None
    """None of a key that no longer exists."""

    @property
    def key_name(self) -> str:
        return self.key.name if self.key else self.request.key_id

    @property
    def reason(self) -> str | None:
        """Why the key was denied, in words."""
        if self.request.token_id is not None and self.request.reason == "header_only":
            return "short-lived tokens are accepted in headers only"
        if self.request.token_id is not None and self.request.reason == "expired":
            return "the short-lived token has expired"
        return _REASONS.get(self.request.reason)

    @property
    def country(self) -> str | None:
        """Its name, where it is known."""
        return self.request.country and country_name(self.request.country)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage(LogView):
    template: ClassVar[str] = "activity.html"
    path: ClassVar = ("dashboard", "activity")
    pages_label: ClassVar = "Pages of requests"
    no_matches: ClassVar = "No matching requests"
    no_matches_text: ClassVar = "No retained request matches these filters."
    nothing: ClassVar = "No requests yet"
    nothing_text: ClassVar = (
        "Each request made with one of your API keys appears here with its time, source and status."
    )
    statuses: ClassVar = (
        ("", "All"),
        ("2xx", "Success (2xx)"),
        ("4xx", "Client error (4xx)"),
        ("401", "Unauthenticated (401)"),
        ("403", "Permission denied (403)"),
        ("429", "Limit exceeded (429)"),
        ("5xx", "Server error (5xx)"),
    )

    entries: tuple[RequestRow, ...]
    days: RequestsPerDay
    """Of the key where one is chosen."""
    status: str = ""

    @property
    def filters(self) -> dict[str, str]:
        return {"key": self.key_id, "status": self.status}

    @property
    def has_entries(self) -> bool:
        return bool(self.entries or self.days.total)
