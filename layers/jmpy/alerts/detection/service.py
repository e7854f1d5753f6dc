"""From requests in the access log to alerts, each sent once."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.alerts.detection.baseline import Baseline, digest, with_batch
from jmpy.alerts.detection.rules import detect
from jmpy.alerts.settings.thresholds import DEFAULT
from jmpy.cache import Cache
from jmpy.clock import HOUR, system_clock
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.alerts.detection.baseline_store import BaselineStore
    from jmpy.alerts.model import Alert
    from jmpy.alerts.notifications.outbox import Outbox
    from jmpy.alerts.settings.store import ThresholdStore
    from jmpy.alerts.settings.thresholds import Thresholds
    from jmpy.alerts.store import AlertStore
    from jmpy.clock import Clock

_CACHED = HOUR
"""Seconds for which an environment knows that an alert was sent, and does not try to put its mark
again: a revoked key may be tried all the time."""

_log = logging.getLogger(__name__)


class DetectionFailed(Exception):
    """Requests of some keys could not be evaluated; the batch has to come again."""


class AlertDetection:
    def __init__(
        self,
        baselines: BaselineStore,
        alerts: AlertStore,
        thresholds: ThresholdStore,
        outbox: Outbox,
        now: Clock = system_clock,
    ) -> None:
        self._baselines = baselines
        self._alerts = alerts
        self._thresholds = thresholds
        self._outbox = outbox
        self._now = now
        self._sent: Cache[str, bool] = Cache(_CACHED, now=now)

    def evaluate(self, requests: Iterable[LoggedRequest]) -> None:
        """Sends alerts about the requests, and updates the baselines of their keys. Idempotent. A
        fault with one key does not keep the others from being evaluated.

        Raises DetectionFailed at the end, `aws.faults()` at once if nothing can be read.
        """
        batches = _by_key(requests)
        known = self._baselines.find(batches)
        accounts = {batch[0].account_id for batch in batches.values()}
        thresholds = self._thresholds.find(sorted(accounts))
        failed = 0
        for key_id, batch in batches.items():
            account = batch[0].account_id
            before = known.get(key_id) or Baseline(key_id, account)
            try:
                self._evaluate(before, batch, thresholds.get(account, DEFAULT))
            except Exception:  # noqa: BLE001 - whatever it is, the other keys do not wait for it
                _log.exception("requests not evaluated", extra={"key_id": key_id})
                failed += 1
        if failed:
            raise DetectionFailed(f"requests of {failed} keys were not evaluated")

    def _evaluate(
        self, before: Baseline, requests: list[LoggedRequest], thresholds: Thresholds
    ) -> None:
        """Sends before it saves the baseline: what fails in between is sent by the next attempt,
        since only batches in the baseline are skipped."""
        for _ in CONTENTION.numbers():
            if digest(requests) in before.batches:
                return
            after = with_batch(before, requests)
            for alert in detect(before, after, requests, thresholds):
                self._send(alert)
            if after is before or self._baselines.save(_next(after), self._now()):
                return
            before = self._baselines.find([before.key_id]).get(before.key_id, before)
        raise DetectionFailed("others wrote to the baseline every time")

    def _send(self, alert: Alert) -> None:
        if self._sent.peek(alert.id):
            return
        if (added := self._alerts.add(alert)) is not None:
            self._outbox.send(added)
            self._alerts.mark_sent(added, self._now())
        self._sent.put(alert.id, True, read_at=self._now())


def _next(baseline: Baseline) -> Baseline:
    return replace(baseline, version=baseline.version + 1)


def _by_key(requests: Iterable[LoggedRequest]) -> dict[str, list[LoggedRequest]]:
    """Each request once, by key id."""
    unique = {request.id: request for request in requests}
    batches: dict[str, list[LoggedRequest]] = {}
    for request in unique.values():
        batches.setdefault(request.key_id, []).append(request)
    return batches
