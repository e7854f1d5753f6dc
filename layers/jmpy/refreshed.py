"""A value that another service publishes and rarely changes: public keys, parameters.

Attempts to fetch it are cached, not only successful ones: while the other service is down, or
clients ask for ids that it never had, requests do not each cause an attempt.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Generic, TypeVar

from jmpy.cache import Cache
from jmpy.clock import DAY, system_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.clock import Clock

PAUSE = 60
"""Seconds between two attempts, at least."""

RETRY = 5
"""Seconds between two attempts while there is no value: no request can be served then, and this is
the `Retry-After`."""

RETAINED = DAY
"""Seconds for which a value is used while it cannot be fetched again."""

Value = TypeVar("Value")

_log = logging.getLogger(__name__)


class Refreshed(Generic[Value]):
    def __init__(
        self, name: str, fetch: Callable[[], Value], lifetime: float, now: Clock = system_clock
    ) -> None:
        """`name` is for the log; after `lifetime` seconds the value is fetched again."""
        self._name = name
        self._fetch = fetch
        self._lifetime = lifetime
        self._now = now
        self._values: Cache[None, Value] = Cache(RETAINED, capacity=1, now=now)
        self._attempts: Cache[None, Value | Exception] = Cache(PAUSE, capacity=1, now=now)

    def get(self, suffices: Callable[[Value], bool] = lambda _: True) -> Value:
        """The value; fetched again, if it is time, when it does not suffice.

        Raises the errors of `fetch`, if there is no value that suffices.
        """
        known = self._values.peek(None)
        fresh = self._values.peek(None, within=self._lifetime)
        if fresh is not None and suffices(fresh):
            return fresh
        pause = RETRY if known is None else PAUSE
        outcome = self._attempts.get(None, self._attempt, within=pause)
        if not isinstance(outcome, Exception):
            return outcome
        if known is None or not suffices(known):
            raise outcome.with_traceback(None)
        return known

    def _attempt(self, _: None) -> Value | Exception:
        started = self._now()
        try:
            value = self._fetch()
        except Exception as error:  # noqa: BLE001 - raised if there is no older value
            about = {"what": self._name, "error": type(error).__name__}
            _log.warning("not refreshed", extra=about)
            return error
        self._values.put(None, value, read_at=started)
        return value
