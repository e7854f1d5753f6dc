"""From requests in the access log to alerts, each told once."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.alerts.baseline import Baseline, digest, learned
from jmpy.alerts.rules import judged
from jmpy.alerts.thresholds import DEFAULT
from jmpy.cache import Cache
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.activity.access_log_line import Request
    from jmpy.alerts.model import Alert
    from jmpy.alerts.notifications import Outbox
    from jmpy.alerts.settings_store import AlertSettings
    from jmpy.alerts.store import AlertStore, BaselineStore
    from jmpy.alerts.thresholds import Thresholds
    from jmpy.clock import Clock

_ATTEMPTS = 8

_TOLD_FOR = 3600
"""Seconds for which an environment knows that an alert was handed on, and does not try to put its
mark again: a key that ended may be tried all the time."""

_log = logging.getLogger(__name__)


class AlertsFailed(Exception):
    """Requests of some keys could not be judged; the batch has to come again."""


class Alerts:
    def __init__(
        self,
        baselines: BaselineStore,
        store: AlertStore,
        settings: AlertSettings,
        outbox: Outbox,
        now: Clock = system_clock,
    ) -> None:
        self._baselines = baselines
        self._store = store
        self._settings = settings
        self._outbox = outbox
        self._now = now
        self._audited: Cache[str, bool] = Cache(_TOLD_FOR, now=now)

    def notice(self, requests: Iterable[Request]) -> None:
        """Judges the requests, remembers them, and tells what is unusual. A key's trouble keeps no
        other key from being judged. Raises AlertsFailed at the end, `aws.faults()` at once if
        nothing can be read."""
        batches = _by_key(requests)
        known = self._baselines.of(batches)
        accounts = {batch[0].account_id for batch in batches.values()}
        thresholds = self._settings.thresholds(sorted(accounts))
        failed = 0
        for key_id, batch in batches.items():
            account = batch[0].account_id
            before = known.get(key_id) or Baseline(key_id, account)
            try:
                self._notice(before, batch, thresholds.get(account, DEFAULT))
            except Exception:  # noqa: BLE001 - whatever it is, the other keys do not wait for it
                _log.exception("requests not judged", extra={"key_id": key_id})
                failed += 1
        if failed:
            raise AlertsFailed(f"requests of {failed} keys were not judged")

    def _notice(self, before: Baseline, batch: list[Request], thresholds: Thresholds) -> None:
        """Tells before it remembers: what fails between the two is told by the next attempt, since
        only what is remembered is passed over."""
        for attempt in range(_ATTEMPTS):
            if digest(batch) in before.batches:
                return
            after = learned(before, batch)
            for alert in judged(before, after, batch, thresholds):
                self._tell(alert)
            if after is before or self._baselines.save(_next(after), self._now()):
                return
            time.sleep(random.uniform(0, min(0.4, 0.02 * 2**attempt)))  # noqa: S311 - a pause
            before = self._baselines.of([before.key_id]).get(before.key_id, before)
        raise AlertsFailed("others wrote to the baseline every time")

    def _tell(self, alert: Alert) -> None:
        if self._audited.peek(alert.id):
            return
        if (told := self._store.add(alert)) is not None:
            self._outbox.send(told)
            self._store.mark_handed_on(told, self._now())
        self._audited.put(alert.id, True, read_at=self._now())


def _next(baseline: Baseline) -> Baseline:
    return replace(baseline, version=baseline.version + 1)


def _by_key(requests: Iterable[Request]) -> dict[str, list[Request]]:
    """Each request once, by key id."""
    unique = {request.id: request for request in requests}
    batches: dict[str, list[Request]] = {}
    for request in unique.values():
        batches.setdefault(request.key_id, []).append(request)
    return batches
