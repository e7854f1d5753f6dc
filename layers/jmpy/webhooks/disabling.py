"""Disables a webhook that failed for days, and notifies its owner."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jmpy.audit.model import Action, Actor, ActorType, Change, Channel, Origin, Source, entry_at
from jmpy.clock import system_clock
from jmpy.webhooks.model import host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.accounts.model import Account
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.notices.mail import Mailer
    from jmpy.webhooks.model import Webhook
    from jmpy.webhooks.store import WebhookStore

_SERVICE = Origin(Actor(ActorType.SERVICE, "webhook"), Source(Channel.SERVICE))


class WebhookDisabling:
    def __init__(
        self,
        store: WebhookStore,
        audit: AuditLog,
        mailer: Callable[[], Mailer | None],
        now: Clock = system_clock,
    ) -> None:
        """`mailer` returns None if no sender is set up: then only the dashboard, the API and the
        audit log show it."""
        self._store = store
        self._audit = audit
        self._mailer = mailer
        self._now = now

    def disable(self, account_id: str, webhook: Webhook) -> None:
        """Once, also if it is disabled or changed at the same time. Raises `aws.faults()`."""
        now = int(self._now())
        changes = {"disabled_at": Change(None, now)}
        entry = entry_at(now, account_id, Action.WEBHOOK_DISABLED, _SERVICE, changes=changes)
        change = partial(self._store.disable, account_id, webhook.url, now)
        self._audit.commit(change, entry)

    def notify_owner(self, account: Account | None, account_id: str, webhook: Webhook) -> None:
        """By mail, once. Raises `aws.faults()`; then it has to be called again."""
        mailer = self._mailer()
        if mailer is None or webhook.health.owner_notified_at is not None:
            return
        if account is not None and account.email is not None:
            mailer.send_webhook_disabled(account.email, host_of(webhook.url), webhook.health)
        self._store.mark_owner_notified(account_id, int(self._now()))
