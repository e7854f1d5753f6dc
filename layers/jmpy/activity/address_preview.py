"""Which of a key's recent requests a list of allowed addresses would have denied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jmpy.activity.callers import requests_of, usage_since
from jmpy.clock import DAY
from jmpy.keys.allowed_ips import permits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.activity.request_store import AccessLog
    from jmpy.keys.model import ApiKey

PERIOD = 30
"""Days that are looked back, if the log reaches that far."""
LISTED = 100
"""Addresses, those with the latest requests."""


@dataclass(frozen=True, slots=True)
class DeniedAddress:
    ip: str
    country: str | None
    requests: int
    last_at: int
    """Seconds since the Unix epoch, UTC, as all times here."""
    route: str
    """Of the last request, as in `GET /api/v1/short-urls`."""


@dataclass(frozen=True, slots=True)
class Preview:
    since: int
    """The earliest time that was looked at."""
    until: int
    requests: int
    """Those that were accepted, or denied for their address alone."""
    denied: int
    """Those of them that the list denies."""
    addresses: tuple[DeniedAddress, ...]
    """They came from; the latest first."""
    left_out: int
    """Addresses beyond those."""
    is_truncated: bool
    """Whether there were more requests than are read, so that `since` is when the earliest of those
    was made."""


class AddressPreview:
    def __init__(self, log: AccessLog, retention: int) -> None:
        """`retention`: days for which requests are listed."""
        self._log = log
        self._retention = retention

    def find(self, key: ApiKey, allowed_ips: tuple[str, ...], now: int) -> Preview:
        """`allowed_ips`: as `keys.allowed_ips.checked` returns them; empty for any. One query, and
        up to ten more if there were requests.

        Raises `aws.faults()`.
        """
        start = max(key.created_at, now - min(PERIOD, self._retention) * DAY)
        has_some = any(day.total for day in usage_since(self._log, key, start, now))
        found, read_from = requests_of(self._log, key, start, now) if has_some else ([], start)
        evaluated = [one for one in found if one.is_use or one.is_from_disallowed_address]
        denied = [one for one in evaluated if allowed_ips and not permits(allowed_ips, one.ip)]
        addresses = _by_address(denied)
        return Preview(
            since=read_from,
            until=now,
            requests=sum(one.count for one in evaluated),
            denied=sum(one.count for one in denied),
            addresses=tuple(addresses[:LISTED]),
            left_out=len(addresses[LISTED:]),
            is_truncated=read_from > start,
        )


def _by_address(requests: Iterable[LoggedRequest]) -> list[DeniedAddress]:
    """`requests`: the latest first, as the result is."""
    found: dict[str, DeniedAddress] = {}
    for request in requests:
        if known := found.get(request.ip):
            found[request.ip] = replace(known, requests=known.requests + request.count)
        else:
            route = f"{request.method} {request.route}"
            found[request.ip] = DeniedAddress(
                request.ip, request.country, request.count, request.at, route
            )
    return list(found.values())
