"""Delivers queued messages to the webhooks of their accounts."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.aws import clients
from jmpy.clock import DAY, system_clock
from jmpy.webhooks.sender import AddressRejected, DeliveryFailed

if TYPE_CHECKING:
    from jmpy.accounts.lookup import AccountLookup
    from jmpy.accounts.model import Account
    from jmpy.clock import Clock
    from jmpy.webhooks.disabling import WebhookDisabling
    from jmpy.webhooks.model import Health, Webhook
    from jmpy.webhooks.sender import WebhookSender
    from jmpy.webhooks.store import WebhookStore

RETRIED_FOR = DAY
"""Seconds from the queueing of a message to its last attempt; its owner finds the alert on the
dashboard."""

_log = logging.getLogger(__name__)


class DeliverAgain(Exception):
    """The message is to be delivered again, because the receiver failed or the mail about it did:
    no fault behind us."""


class WebhookDelivery:
    def __init__(
        self,
        webhooks: WebhookStore,
        accounts: AccountLookup,
        sender: WebhookSender,
        disabling: WebhookDisabling,
        now: Clock = system_clock,
    ) -> None:
        self._webhooks = webhooks
        self._accounts = accounts
        self._sender = sender
        self._disabling = disabling
        self._now = now

    def deliver(self, body: str, queued_at: float) -> None:
        """Sends a message, JSON with its `id` and `account_id`, if the account has a webhook and is
        not suspended: the person behind the webhook may be the one who is locked out. `queued_at`
        in seconds since the Unix epoch, UTC.

        Raises DeliverAgain, for the queue to deliver it again; and `aws.faults()`.
        """
        message = json.loads(body)
        account_id = message["account_id"]
        logged = {"alert_id": message["id"], "account_id": account_id}
        account = self._accounts.find(account_id)
        if account is not None and account.is_suspended:
            _log.info("alert of a suspended account not delivered", extra=logged)
            return
        webhook = self._webhooks.find(account_id)
        if webhook is None:
            return
        if webhook.health.disabled_at is not None:
            _log.info("webhook is disabled", extra=logged)
            self._notify_owner(account, account_id, webhook)
            return
        failed = self._send(webhook, body)
        health = self._record(account_id, webhook, failed)
        if failed is None:
            _log.info("alert delivered", extra=logged)
            return
        _log.warning("alert not delivered", extra={**logged, "problem": failed.reason})
        if health is not None and health.is_beyond_hope(self._now()):
            disabled = replace(webhook, health=health)
            self._disabling.disable(account_id, disabled)
            self._notify_owner(account, account_id, disabled)
        elif self._is_retried(failed, queued_at):
            raise DeliverAgain

    def _send(self, webhook: Webhook, body: str) -> DeliveryFailed | None:
        try:
            self._sender.send(webhook, body)
        except DeliveryFailed as failed:
            return failed
        return None

    def _is_retried(self, failed: DeliveryFailed, queued_at: float) -> bool:
        """An address that was rejected would be rejected again."""
        return not isinstance(failed, AddressRejected) and self._now() - queued_at < RETRIED_FOR

    def _notify_owner(self, account: Account | None, account_id: str, webhook: Webhook) -> None:
        """Raises DeliverAgain."""
        try:
            self._disabling.notify_owner(account, account_id, webhook)
        except clients.faults():
            _log.exception("owner not notified of a webhook", extra={"account_id": account_id})
            raise DeliverAgain from None

    def _record(
        self, account_id: str, webhook: Webhook, failed: DeliveryFailed | None
    ) -> Health | None:
        """For the owner to see. A delivery counts also when it cannot be recorded."""
        reason = None if failed is None else failed.reason
        try:
            return self._webhooks.record_delivery(account_id, webhook.url, int(self._now()), reason)
        except clients.faults():
            _log.exception("delivery not recorded", extra={"account_id": account_id})
            return None
