"""From the queue to an account's webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jmpy.accounts.lookup import AccountLookup
from jmpy.alerts.delivery import WebhookDelivery
from jmpy.alerts.post import AddressRefused, NotTaken, WebhookPost
from jmpy.alerts.settings import AlertSettings
from jmpy.alerts.webhook import Health, Webhook, new_secret
from tests.integration import functions
from tests.integration.conftest import ACCOUNTS, ACTIVITY, Clock
from tests.origins import SOMEBODY
from tests.receiver import HOST, Receiver, receiving

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService

BODY = json.dumps({"id": "alert-1", "account_id": "acme", "key_id": "key-1"})
SECRET = new_secret()


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path) as receiver:
        yield receiver


@pytest.fixture
def settings(dynamodb: DynamoDBClient) -> AlertSettings:
    return AlertSettings(dynamodb, ACTIVITY)


def post(receiver: Receiver, clock: Clock) -> WebhookPost:
    """That may send to this machine."""
    return WebhookPost(receiver.trust, lambda address: address in {"127.0.0.1", "::1"}, clock)


@pytest.fixture
def delivery(
    receiver: Receiver, settings: AlertSettings, dynamodb: DynamoDBClient, clock: Clock
) -> WebhookDelivery:
    settings.add_webhook("acme", Webhook(receiver.url, SECRET))
    return WebhookDelivery(settings, AccountLookup(dynamodb, ACCOUNTS), post(receiver, clock))


@pytest.fixture(autouse=True)
def _only_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    """The receiver does not listen on ::1, which localhost may be as well."""
    resolve = socket.getaddrinfo

    def resolved(host: str, *rest: Any, **named: Any) -> Any:
        return resolve("127.0.0.1" if host == HOST else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


def test_a_receiver_can_verify_who_sent_it(
    delivery: WebhookDelivery, receiver: Receiver, clock: Clock
) -> None:
    delivery.deliver(BODY)
    (received,) = receiver.received
    assert (received.path, received.body) == ("/hook?token=t0ken", BODY)
    parts = dict(part.split("=") for part in received.signature.split(","))
    assert parts["t"] == str(int(clock.time))
    signed = f"{parts['t']}.{received.body}".encode()
    assert parts["v1"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("status", [301, 302, 307, 400, 410, 500, 503])
def test_what_was_not_taken_comes_again_and_goes_nowhere_else(
    delivery: WebhookDelivery, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    with pytest.raises(NotTaken, match=f"status {status}"):
        delivery.deliver(BODY)
    assert len(receiver.received) == 1


def test_a_receiver_that_answers_byte_by_byte_holds_up_nothing(
    receiver: Receiver, clock: Clock
) -> None:
    receiver.dawdles = True
    impatient = WebhookPost(receiver.trust, lambda _: True, clock, altogether=0.3)
    with pytest.raises(NotTaken, match="TimeoutError"):
        impatient.send(Webhook(receiver.url, SECRET), BODY)
    assert len(receiver.received) == 1


def test_its_owner_sees_how_deliveries_went(
    delivery: WebhookDelivery, receiver: Receiver, settings: AlertSettings
) -> None:
    def health() -> Health:
        webhook = settings.webhook("acme")
        assert webhook is not None
        return webhook.health

    delivery.deliver(BODY)
    assert not health().is_failing
    assert (health().delivered_at is not None, health().failed_at) == (True, None)
    receiver.status = 503
    with pytest.raises(NotTaken):
        delivery.deliver(BODY)
    assert health().failure == "It answered with status 503, which is not 2xx."


def test_what_was_sent_counts_also_when_that_cannot_be_recorded(
    delivery: WebhookDelivery, receiver: Receiver, settings: AlertSettings
) -> None:
    def fail(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "UpdateItem")

    settings._client.meta.events.register("before-call.dynamodb.UpdateItem", fail)
    delivery.deliver(BODY)
    assert len(receiver.received) == 1


def test_an_account_without_a_webhook_is_sent_nothing(
    delivery: WebhookDelivery, receiver: Receiver, settings: AlertSettings
) -> None:
    settings.remove_webhook("acme", receiver.url)
    delivery.deliver(BODY)
    assert receiver.received == []


def test_a_receiver_that_is_down_is_tried_again(
    settings: AlertSettings, receiver: Receiver, clock: Clock
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(NotTaken, match="ConnectionRefusedError"):
        post(receiver, clock).send(Webhook(f"https://{HOST}:{port}/", SECRET), BODY)
    with pytest.raises(NotTaken, match="gaierror"):
        post(receiver, clock).send(Webhook("https://no-such-host.invalid/", SECRET), BODY)


def test_a_receiver_with_the_certificate_of_somebody_else_is_sent_nothing(
    receiver: Receiver, clock: Clock
) -> None:
    trusting = WebhookPost(ssl.create_default_context(), lambda _: True, clock)
    with pytest.raises(NotTaken, match="SSLCertVerificationError"):
        trusting.send(Webhook(receiver.url, SECRET), BODY)
    by_address = Webhook(receiver.url.replace(HOST, "127.0.0.1"), SECRET)
    with pytest.raises(NotTaken, match="SSLCertVerificationError"):
        post(receiver, clock).send(by_address, BODY)
    assert receiver.received == []


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "2130706433",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "[::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_no_address_is_sent_to_that_only_we_can_reach(
    receiver: Receiver, settings: AlertSettings, dynamodb: DynamoDBClient, host: str
) -> None:
    webhook = Webhook(f"https://{host}:{receiver.port}/", SECRET)
    with pytest.raises(AddressRefused):
        WebhookPost(receiver.trust).send(webhook, BODY)
    # It does not come again: it would be refused again.
    settings.add_webhook("acme", webhook)
    accounts = AccountLookup(dynamodb, ACCOUNTS)
    WebhookDelivery(settings, accounts, WebhookPost(receiver.trust)).deliver(BODY)
    assert receiver.received == []


def test_no_alert_leaves_for_a_suspended_account_and_the_next_one_after_it_does(
    delivery: WebhookDelivery, receiver: Receiver, accounts: AccountService
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    accounts.suspend("acme", by=SOMEBODY)
    delivery.deliver(BODY)
    assert receiver.received == []
    accounts.unsuspend("acme", by=SOMEBODY)
    delivery.deliver(BODY)
    assert len(receiver.received) == 1


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolved(_host: str, port: int, **_: Any) -> Any:
        return [(2, 1, 6, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(AddressRefused):
        WebhookPost(receiver.trust).send(Webhook("https://rebind.example.com/", SECRET), BODY)


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(
    delivery: WebhookDelivery, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, asked = socket.getaddrinfo, []

    def resolved(host: str, *rest: Any, **named: Any) -> Any:
        asked.append(host)
        return resolve(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    delivery.deliver(BODY)
    assert asked.count(HOST) == 1
    assert len(receiver.received) == 1


def test_nothing_secret_is_logged_or_shown(
    delivery: WebhookDelivery, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "jmpy")
    delivery.deliver(BODY)
    receiver.status = 500
    with pytest.raises(NotTaken) as raised:
        delivery.deliver(BODY)
    shown = repr(raised.value) + repr(Webhook(receiver.url, SECRET))
    for record in caplog.records:
        shown += str(vars(record))
    assert "alert-1" in shown
    assert SECRET not in shown
    assert "t0ken" not in shown


def test_the_function_delivers_what_the_queue_hands_over(
    receiver: Receiver, settings: AlertSettings
) -> None:
    settings.add_webhook("acme", Webhook("https://no-such-host.invalid/", SECRET))
    app = functions.load("alert_delivery")
    event = {"Records": [{"messageId": "1", "body": BODY}]}
    with pytest.raises(NotTaken):
        app.handler(event, functions.LambdaContext())
    settings.remove_webhook("acme", "https://no-such-host.invalid/")
    app.handler(event, functions.LambdaContext())
