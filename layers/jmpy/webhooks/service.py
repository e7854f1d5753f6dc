"""An account's webhook, for its owner: set, replaced, removed, tested."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from jmpy.audit.model import Action, Change, differences, entry_at
from jmpy.clock import system_clock
from jmpy.formats.times import iso
from jmpy.retry import CONTENTION
from jmpy.webhooks.errors import (
    WebhookChanged,
    WebhookNotFound,
    WebhookOutdated,
    WebhookTestThrottled,
)
from jmpy.webhooks.model import Health, Webhook, check_url, host_of, new_secret
from jmpy.webhooks.sender import DeliveryFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jmpy.audit.model import Entry, Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.transaction import TransactionItem
    from jmpy.webhooks.sender import WebhookSender
    from jmpy.webhooks.store import WebhookStore

PAUSE = 10
"""Seconds between two tests of a webhook."""


@dataclass(frozen=True, slots=True)
class WebhookTest:
    status: int | None = None
    """Of the receiver's response, if there was one."""
    failure: str | None = None
    """The reason (`DeliveryFailed`); None when it was delivered."""


class Webhooks:
    def __init__(
        self,
        store: WebhookStore,
        sender: WebhookSender,
        audit: AuditLog,
        now: Clock = system_clock,
        make_secret: Callable[[], str] = new_secret,
    ) -> None:
        self._store = store
        self._sender = sender
        self._audit = audit
        self._now = now
        self._make_secret = make_secret

    def find(self, account_id: str) -> Webhook | None:
        return self._store.find(account_id)

    def get(self, account_id: str) -> Webhook:
        """Raises WebhookNotFound."""
        webhook = self.find(account_id)
        if webhook is None:
            raise WebhookNotFound
        return webhook

    def set_url(
        self,
        account_id: str,
        url: str,
        *,
        by: Origin,
        also: Sequence[TransactionItem] = (),
        version: str | None = None,
    ) -> tuple[Webhook, str | None]:
        """The webhook, and its secret if it is a new one, with which `also` is written. One
        that is disabled is enabled. With `version`, only of that version, or of none if it is
        empty. Raises UnusableUrl, WebhookOutdated, WebhookChanged, TooManyChanges."""
        check_url(url)
        for _ in CONTENTION.numbers():
            before = self.find(account_id)
            is_there = before is not None and before.url == url
            if version not in {None, before.version if before else ""} and not is_there:
                raise WebhookOutdated
            if before is None:
                webhook = Webhook(url, self._make_secret(), int(self._now()))
                changes = {"host": Change(None, host_of(url))}
                entry = self._entry(account_id, Action.WEBHOOK_CREATED, by, changes)
                add = partial(self._store.add, account_id, webhook, *also)
                if self._audit.commit(add, entry):
                    return webhook, webhook.secret
            elif before.url == url:
                if before.health.disabled_at is not None:
                    self._enable(account_id, before, by)
                return self.get(account_id), None
            else:
                changes = differences({"host": host_of(before.url)}, {"host": host_of(url)})
                entry = self._entry(account_id, Action.WEBHOOK_CHANGED, by, changes)
                change = partial(self._store.change_url, account_id, before.url, url)
                if self._audit.commit(change, entry):
                    return replace(before, url=url, health=Health()), None
        raise WebhookChanged

    def roll_secret(
        self, account_id: str, *, by: Origin, also: Sequence[TransactionItem] = ()
    ) -> tuple[Webhook, str]:
        """Deliveries are signed with the new one from now on. `also` is written with it. Raises
        WebhookNotFound, TooManyChanges."""
        webhook, secret = self.get(account_id), self._make_secret()
        entry = self._entry(account_id, Action.WEBHOOK_SECRET_ROLLED, by)
        change = partial(self._store.change_secret, account_id, secret, *also)
        if not self._audit.commit(change, entry):
            raise WebhookNotFound
        return replace(webhook, secret=secret), secret

    def remove(self, account_id: str, *, by: Origin) -> None:
        """Raises WebhookNotFound, WebhookChanged."""
        for _ in CONTENTION.numbers():
            url = self.get(account_id).url
            changes = {"host": Change(host_of(url), None)}
            entry = self._entry(account_id, Action.WEBHOOK_REMOVED, by, changes)
            remove = partial(self._store.remove, account_id, url)
            if self._audit.commit(remove, entry):
                return
        raise WebhookChanged

    def test(self, account_id: str, *, by: Origin) -> WebhookTest:
        """Sends a message as alerts are sent, and waits for the response, for some seconds at most.
        A successful test enables a disabled webhook. Raises WebhookNotFound, WebhookTestThrottled,
        TooManyChanges."""
        webhook, test_id, now = self.get(account_id), uuid4().hex, int(self._now())
        if not self._store.begin_test(account_id, test_id, now, PAUSE):
            raise WebhookTestThrottled(PAUSE)
        test = self._send_test(webhook, _test_payload(account_id, test_id, now))
        self._store.record_delivery(account_id, webhook.url, int(self._now()), test.failure)
        if test.failure is None and webhook.health.disabled_at is not None:
            self._enable(account_id, webhook, by)
        return test

    def _enable(self, account_id: str, webhook: Webhook, by: Origin) -> None:
        """Raises TooManyChanges."""
        changes = {"disabled_at": Change(webhook.health.disabled_at, None)}
        entry = self._entry(account_id, Action.WEBHOOK_ENABLED, by, changes)
        self._audit.commit(partial(self._store.enable, account_id, webhook.url), entry)

    def _entry(
        self,
        account_id: str,
        action: Action,
        by: Origin,
        changes: Mapping[str, Change] | None = None,
    ) -> Entry:
        return entry_at(self._now(), account_id, action, by, changes=changes)

    def _send_test(self, webhook: Webhook, body: str) -> WebhookTest:
        try:
            return WebhookTest(self._sender.send(webhook, body))
        except DeliveryFailed as failed:
            return WebhookTest(failed.status, failed.reason)


def _test_payload(account_id: str, test_id: str, now: int) -> str:
    return json.dumps(
        {
            "id": test_id,
            "type": "webhook.test",
            "title": "Test of the webhook",
            "details": "It was requested on the dashboard or through the API.",
            "at": iso(now),
            "account_id": account_id,
        }
    )
