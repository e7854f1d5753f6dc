"""Handles a key that was found in public: it is revoked, and its owner notified."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jmpy.alerts.facts import LeakedKey
from jmpy.alerts.model import Alert, Evidence
from jmpy.clock import system_clock
from jmpy.keys import token
from jmpy.keys.errors import MalformedKey
from jmpy.keys.model import KeyStatus

if TYPE_CHECKING:
    from jmpy.alerts.notifications.outbox import Outbox
    from jmpy.alerts.store import AlertStore
    from jmpy.audit.model import Origin
    from jmpy.clock import Clock
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.keys.store import KeyStore
    from jmpy.leaks.report import Leak

_log = logging.getLogger(__name__)


class LeakedKeys:
    def __init__(
        self,
        store: KeyStore,
        keys: KeyService,
        alerts: AlertStore,
        outbox: Outbox,
        now: Clock = system_clock,
    ) -> None:
        self._store = store
        self._keys = keys
        self._alerts = alerts
        self._outbox = outbox
        self._now = now

    def handle(self, leak: Leak, *, by: Origin) -> None:
        """Ignores texts that are not keys of ours, and keys that no longer work. The owner is
        notified before the key is revoked, so that a report redelivered after a fault does the
        rest."""
        try:
            key = self._store.find(token.parse(leak.token.get_secret_value()))
        except MalformedKey:
            return
        if key is None or key.status is not KeyStatus.ACTIVE:
            return
        if (alert := self._alerts.add(self._alert(key, leak))) is not None:
            self._outbox.send(alert)
            self._alerts.mark_sent(alert, self._now())
        self._keys.revoke(key.account_id, key.id, by=by)
        _log.warning("leaked key revoked", extra={"key_id": key.id, "account_id": key.account_id})

    def _alert(self, key: ApiKey, leak: Leak) -> Alert:
        return Alert(
            account_id=key.account_id,
            key_id=key.id,
            at=int(self._now()),
            facts=LeakedKey(leak.url or None),
            evidence=Evidence("a secret scanner", "POST /api/v1/leaked-keys", 200),
        )
