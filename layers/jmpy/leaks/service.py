"""Handles a key or short-lived token that was found in public: it is revoked, and its owner
notified."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from jmpy.alerts.facts import LeakedKey, LeakedToken
from jmpy.alerts.model import Alert, Evidence
from jmpy.clock import system_clock
from jmpy.key_tokens import text
from jmpy.key_tokens.errors import TokenNotFound
from jmpy.keys import token
from jmpy.keys.errors import MalformedKey
from jmpy.keys.model import KeyStatus

if TYPE_CHECKING:
    from jmpy.alerts.facts import Facts
    from jmpy.alerts.notifications.outbox import Outbox
    from jmpy.alerts.store import AlertStore
    from jmpy.audit.model import Origin
    from jmpy.clock import Clock
    from jmpy.key_tokens.service import KeyTokenService
    from jmpy.key_tokens.store import KeyTokenStore
    from jmpy.key_tokens.text import PresentedToken
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.keys.store import KeyStore
    from jmpy.leaks.report import Leak

_log = logging.getLogger(__name__)


class LeakedKeys:
    def __init__(
        self,
        *,
        store: KeyStore,
        keys: KeyService,
        token_store: KeyTokenStore,
        tokens: KeyTokenService,
        alerts: AlertStore,
        outbox: Outbox,
        now: Clock = system_clock,
    ) -> None:
        self._store = store
        self._keys = keys
        self._token_store = token_store
        self._tokens = tokens
        self._alerts = alerts
        self._outbox = outbox
        self._now = now

    def handle(self, leak: Leak, *, by: Origin) -> None:
        """Ignores texts that are not ours, and keys and tokens that no longer work. The owner is
        notified before anything is revoked, so that a report redelivered after a fault does the
        rest."""
        secret = leak.token.get_secret_value()
        with suppress(MalformedKey):
            if secret.startswith(text.PREFIX):
                self._handle_token(text.parse(secret), leak, by)
            else:
                self._handle_key(token.parse(secret), leak, by)

    def _handle_key(self, digest: str, leak: Leak, by: Origin) -> None:
        key = self._store.find(digest)
        if key is None or key.status is not KeyStatus.ACTIVE:
            return
        self._notify(key, LeakedKey(leak.url or None))
        self._keys.revoke(key.account_id, key.id, by=by)
        _log.warning("leaked key revoked", extra={"key_id": key.id, "account_id": key.account_id})

    def _handle_token(self, presented: PresentedToken, leak: Leak, by: Origin) -> None:
        """Its key was not found with it, and works on."""
        found = self._token_store.find(presented)
        if found is None or found.key.inactive_reason(self._now()):
            return
        key = found.key
        self._notify(key, LeakedToken(leak.url or None))
        with suppress(TokenNotFound):
            self._tokens.revoke(key, found.token_id, by=by)
        about = {"key_id": key.id, "token_id": found.token_id, "account_id": key.account_id}
        _log.warning("leaked token revoked", extra=about)

    def _notify(self, key: ApiKey, facts: Facts) -> None:
        if (alert := self._alerts.add(self._alert(key, facts))) is not None:
            self._outbox.send(alert)
            self._alerts.mark_sent(alert, self._now())

    def _alert(self, key: ApiKey, facts: Facts) -> Alert:
        return Alert(
            account_id=key.account_id,
            key_id=key.id,
            at=int(self._now()),
            facts=facts,
            evidence=Evidence("a secret scanner", "POST /api/v1/leaked-keys", 200),
        )
