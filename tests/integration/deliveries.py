"""Deliveries of alerts to a receiver on this machine."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from jmpy.accounts.lookup import AccountLookup
from jmpy.audit.store import AuditLog
from jmpy.clock import DAY
from jmpy.webhooks.delivery import DeliverAgain, WebhookDelivery
from jmpy.webhooks.disabling import WebhookDisabling
from jmpy.webhooks.model import Health, Webhook, new_secret
from jmpy.webhooks.sender import WebhookSender
from jmpy.webhooks.store import WebhookStore
from project.receiver import HOST, Receiver, receiving
from project.tables import ACCOUNTS, ACTIVITY, AUDIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.conftest import Clock

BODY = json.dumps({"id": "alert-1", "account_id": "acme", "key_id": "key-1"})
SECRET = new_secret()


@contextmanager
def local_receiver(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Not on ::1, which localhost may be as well."""
    resolve = socket.getaddrinfo

    def resolved(host: str, *rest: Any, **named: Any) -> Any:
        return resolve("127.0.0.1" if host == HOST else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with receiving(folder) as receiver:
        yield receiver


def post(receiver: Receiver, clock: Clock) -> WebhookSender:
    """That may send to this machine."""
    return WebhookSender(receiver.trust, lambda address: address in {"127.0.0.1", "::1"}, clock)


class Mails:
    """To owners whose webhook was disabled: recipient, host, and how the webhook did."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, Health]] = []
        self.are_down = False

    def send_webhook_disabled(self, *mail: Any) -> None:
        if self.are_down:
            raise ClientError({"Error": {"Code": "ServiceUnavailable"}}, "SendEmail")
        self.sent.append(mail)


class Deliveries(WebhookDelivery):
    """To the account's receiver."""

    def __init__(
        self,
        receiver: Receiver,
        dynamodb: DynamoDBClient,
        clock: Clock,
        way: WebhookSender | None = None,
    ) -> None:
        self.receiver, self.clock = receiver, clock
        self.webhooks = WebhookStore(dynamodb, ACTIVITY)
        self.audit = AuditLog(dynamodb, AUDIT)
        self.mails = Mails()
        mailer: Any = self.mails
        super().__init__(
            self.webhooks,
            AccountLookup(dynamodb, ACCOUNTS),
            way or post(receiver, clock),
            WebhookDisabling(self.webhooks, self.audit, lambda: mailer, clock),
            clock,
        )
        self.webhooks.add("acme", Webhook(receiver.url, SECRET))

    def deliver(self, body: str, queued_at: float | None = None) -> None:
        super().deliver(body, self.clock.time if queued_at is None else queued_at)

    def fail(self, days: float, times: int) -> None:
        """Some attempts that fail, the last one so many days after the first."""
        self.receiver.status = 503
        for number in range(times):
            self.clock.time += days * DAY / (times - 1) if number else 0
            with suppress(DeliverAgain):
                self.deliver(BODY)

    @property
    def health(self) -> Health:
        webhook = self.webhooks.find("acme")
        assert webhook is not None
        return webhook.health
