"""Records how each key is used, from requests in the access log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.activity.model import KeyUse, LastUse
from jmpy.cache import Cache
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.clock import Clock

COALESCED = 60
"""Seconds in which a key's record is written once, unless there is something new."""


class KeyUsage:
    def __init__(self, store: KeyUseStore, now: Clock = system_clock) -> None:
        self._store = store
        self._now = now
        # What was written last. Losing it costs a write, never a fact.
        self._written: Cache[str, KeyUse] = Cache(COALESCED, now=now)

    def record(self, requests: Iterable[LoggedRequest]) -> None:
        """At most one write per key, for the newest of its requests."""
        uses: dict[str, KeyUse] = {}
        for request in requests:
            if request.is_use or request.exposes:
                uses[request.key_id] = _merged(uses.get(request.key_id), request)
        for use in uses.values():
            if self._has_news(use):
                self._store.record(use)
                self._cache(use)

    def _has_news(self, use: KeyUse) -> bool:
        known = self._written.peek(use.key_id)
        if known is None:
            return True
        return (
            not use.permissions <= known.permissions
            or _is_later(use.exposed_at, known.exposed_at)
            or (use.last is not None and _is_news(use.last, known.last))
        )

    def _cache(self, use: KeyUse) -> None:
        known = self._written.peek(use.key_id)
        joined = use if known is None else _joined(known, use)
        self._written.put(use.key_id, joined, read_at=self._now())


def _is_news(last: LastUse, known: LastUse | None) -> bool:
    return known is None or last.ip != known.ip or _is_later(last.at, known.at)


def _is_later(at: int | None, known: int | None) -> bool:
    """By so much that it is worth a write."""
    return at is not None and (known is None or at >= known + COALESCED)


def _joined(known: KeyUse, use: KeyUse) -> KeyUse:
    """All of both; a batch may be older than the one before it."""
    lasts = [last for last in (known.last, use.last) if last is not None]
    exposures = [at for at in (known.exposed_at, use.exposed_at) if at is not None]
    return replace(
        known,
        last=max(lasts, key=lambda last: last.at, default=None),
        exposed_at=max(exposures, default=None),
        permissions=known.permissions | use.permissions,
    )


def _merged(known: KeyUse | None, request: LoggedRequest) -> KeyUse:
    """What was known, and what the request shows."""
    use = known or KeyUse(request.key_id, request.account_id)
    if request.exposes:
        use = replace(use, exposed_at=max(request.at, use.exposed_at or 0))
    if not request.is_use:
        return use
    if request.permission is not None:
        use = replace(use, permissions=use.permissions | {request.permission})
    if use.last is None or use.last.at <= request.at:
        route = f"{request.method} {request.route}"
        last = LastUse(request.at, request.ip, request.user_agent, route, request.status)
        use = replace(use, last=last)
    return replace(use, first_used_at=min(request.at, use.first_used_at or request.at))
