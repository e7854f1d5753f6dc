"""The callers of a key, from the access log: from which address, with which program, how often and
when; and whether there are none any more, so that the key can be revoked.

The verdict "unused" needs evidence. Requests are in the log some seconds after they happened, and a
failed read raises: neither counts as no use.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.activity.access_log_line import FAILED
from jmpy.activity.item import key_subject
from jmpy.activity.request_store import RequestFilter
from jmpy.aws.log_query import SCANNED
from jmpy.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.activity.request_store import AccessLog, UsageDay
    from jmpy.keys.model import ApiKey

READ = 10 * SCANNED
"""Requests of the account that are read, the latest."""
LISTED = 100
"""Callers, those with the latest requests."""


class Verdict(StrEnum):
    IN_USE = "in_use"
    """Somebody called within a day."""
    UNUSED = "unused"
    """Nobody did, for a day or longer: safe to revoke."""
    TOO_NEW = "too_new"
    """The key was created within a day, and nobody has called with it yet."""
    UNKNOWN = "unknown"
    """Nobody was found, and the log does not show that there was nobody."""


@dataclass(frozen=True, slots=True)
class KeyCaller:
    """One program at one address. Times are seconds since the Unix epoch, UTC, as all here."""

    ip: str
    user_agent: str
    country: str | None
    requests: int
    failed: int
    """Of them, those with a status of 400 or more."""
    first_at: int
    last_at: int
    route: str
    """Of the last request, as in `GET /api/v1/short-urls`."""


@dataclass(frozen=True, slots=True)
class Callers:
    since: int
    """The earliest time that was looked at."""
    until: int
    callers: tuple[KeyCaller, ...]
    """The latest first."""
    left_out: int
    """Callers beyond those."""
    is_complete: bool
    """Whether they are all that called since: the log was not read to its end if they were too
    many, does not reach back for ever, and shows one of many requests that no limit held back."""
    verdict: Verdict
    quiet_since: int
    """When the last request came; where none was found, since when the log shows that there was
    none."""


class KeyCallers:
    def __init__(self, log: AccessLog, retention: int) -> None:
        """`retention`: days for which requests are listed."""
        self._log = log
        self._retention = retention

    def find(self, key: ApiKey, since: int, now: int) -> Callers:
        """Those who called since then. One query, and up to ten more if there were requests.

        Raises `aws.faults()`.
        """
        reach = now - self._retention * DAY
        start = max(since, key.created_at, reach)
        # A day is looked back in any case, for the verdict.
        looked = max(min(start, now - DAY), key.created_at)
        counts = usage_since(self._log, key, looked, now)
        # Spares looking for requests that there are not.
        has_some = any(day.total for day in counts)
        requests, read_from = requests_of(self._log, key, looked, now) if has_some else ([], looked)
        within = [request for request in requests if request.at >= start]
        found = _callers(within)
        return Callers(
            since=max(start, read_from),
            until=now,
            callers=tuple(found[:LISTED]),
            left_out=len(found[LISTED:]),
            is_complete=read_from <= start
            and max(since, key.created_at) == start
            and all(request.count == 1 for request in within),
            verdict=_verdict(key, requests, read_from, counts, now),
            quiet_since=_quiet_since(key, requests, read_from, now),
        )


def usage_since(log: AccessLog, key: ApiKey, start: int, now: int) -> list[UsageDay]:
    """Of the UTC days from then on. One query."""
    return log.usage(key_subject(key.id), _day(start), _day(now))


def requests_of(
    log: AccessLog, key: ApiKey, start: int, now: int
) -> tuple[list[LoggedRequest], int]:
    """The key's requests since then, the latest first, and since when they are all: up to `READ`
    requests of its account are read."""
    page = log.page(key.account_id, RequestFilter(key_id=key.id, start=start, end=now), READ)
    if page.cursor is None:
        return page.entries, start
    return page.entries, int(page.cursor.partition("#")[0]) // 1000 + 1


def _verdict(
    key: ApiKey, requests: list[LoggedRequest], read_from: int, counts: list[UsageDay], now: int
) -> Verdict:
    """`counts`: exactly how many requests each UTC day had, however many others the account made:
    where the list does not have them, nothing is known of them."""
    yesterday = now - DAY
    if any(request.at > yesterday for request in requests):
        return Verdict.IN_USE
    # Of the days of these 24 hours, yesterday counts only where it was not read.
    unread = _day(yesterday if read_from > yesterday else now)
    if any(day.total for day in counts if day.day >= unread):
        return Verdict.UNKNOWN
    return Verdict.TOO_NEW if key.created_at > yesterday else Verdict.UNUSED


def _quiet_since(key: ApiKey, requests: list[LoggedRequest], read_from: int, now: int) -> int:
    if requests:
        return requests[0].at
    # Beyond what was read, the counts of today and yesterday show it.
    yesterday = datetime.combine(_day(now - DAY), time(), UTC)
    return max(key.created_at, min(read_from, int(yesterday.timestamp())))


def _callers(requests: Iterable[LoggedRequest]) -> list[KeyCaller]:
    """`requests`: the latest first, as the result is."""
    found: dict[tuple[str, str], KeyCaller] = {}
    for request in requests:
        failed = request.count if request.status >= FAILED else 0
        name = (request.ip, request.user_agent)
        if known := found.get(name):
            found[name] = replace(
                known,
                requests=known.requests + request.count,
                failed=known.failed + failed,
                first_at=min(known.first_at, request.at),
                last_at=max(known.last_at, request.at),
            )
        else:
            found[name] = KeyCaller(
                ip=request.ip,
                user_agent=request.user_agent,
                country=request.country,
                requests=request.count,
                failed=failed,
                first_at=request.at,
                last_at=request.at,
                route=f"{request.method} {request.route}",
            )
    return sorted(found.values(), key=lambda caller: -caller.last_at)


def _day(timestamp: int) -> date:
    return datetime.fromtimestamp(timestamp, UTC).date()
