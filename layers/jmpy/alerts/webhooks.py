"""An account's webhook, for its owner: set, replaced, removed, tested."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from jmpy.alerts import words
from jmpy.alerts.errors import TestedJustNow, WebhookNotFound
from jmpy.alerts.post import AddressRefused, NotTaken
from jmpy.alerts.webhook import Webhook, check_url, new_secret
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.alerts.post import WebhookPost
    from jmpy.alerts.settings import AlertSettings
    from jmpy.clock import Clock

PAUSE = 10
"""Seconds between two tests of a webhook."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How a test delivery went."""

    status: int | None = None
    """That the receiver answered with, if it did."""
    problem: str | None = None
    """Why it counts as not delivered, in words; None when it was delivered."""


class Webhooks:
    def __init__(
        self,
        settings: AlertSettings,
        post: WebhookPost,
        now: Clock = system_clock,
        make_secret: Callable[[], str] = new_secret,
    ) -> None:
        self._settings = settings
        self._post = post
        self._now = now
        self._make_secret = make_secret

    def find(self, account_id: str) -> Webhook | None:
        return self._settings.webhook(account_id)

    def set_url(self, account_id: str, url: str) -> tuple[Webhook, str | None]:
        """The webhook, and its secret if it is a new one. Raises UnusableUrl."""
        check_url(url)
        webhook = Webhook(url, self._make_secret(), int(self._now()))
        while not self._settings.add_webhook(account_id, webhook):
            if self._settings.change_url(account_id, url):
                return self._existing(account_id), None
        return webhook, webhook.secret

    def roll_secret(self, account_id: str) -> tuple[Webhook, str]:
        """Deliveries are signed with the new one from now on. Raises WebhookNotFound."""
        secret = self._make_secret()
        if not self._settings.change_secret(account_id, secret):
            raise WebhookNotFound
        return self._existing(account_id), secret

    def remove(self, account_id: str) -> None:
        """Raises WebhookNotFound."""
        if not self._settings.remove_webhook(account_id):
            raise WebhookNotFound

    def test(self, account_id: str) -> Tried:
        """Sends what an alert would be sent by, and waits for the answer, some seconds at most.
        Raises WebhookNotFound, TestedJustNow."""
        webhook, now = self._existing(account_id), int(self._now())
        if not self._settings.begin_test(account_id, now, PAUSE):
            raise TestedJustNow(PAUSE)
        tried = self._try(webhook, _test_payload(account_id, now))
        self._settings.record_delivery(account_id, webhook.url, int(self._now()), tried.problem)
        return tried

    def _try(self, webhook: Webhook, body: str) -> Tried:
        try:
            return Tried(self._post.send(webhook, body))
        except NotTaken as failed:
            return Tried(failed.status, words.failure(failed))
        except AddressRefused as refused:
            return Tried(None, words.failure(refused))

    def _existing(self, account_id: str) -> Webhook:
        webhook = self._settings.webhook(account_id)
        if webhook is None:
            raise WebhookNotFound
        return webhook


def _test_payload(account_id: str, now: int) -> str:
    return json.dumps(
        {
            "id": uuid4().hex,
            "type": "webhook.test",
            "title": "Test of the webhook",
            "details": "Somebody asked for it on the dashboard or over the API.",
            "at": words.moment(now),
            "account_id": account_id,
        }
    )
