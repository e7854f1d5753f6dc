"""From the queue to an account's webhook."""

from __future__ import annotations

import hashlib
import hmac
import logging
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from jmpy.clock import DAY
from jmpy.webhooks.delivery import DeliverAgain
from jmpy.webhooks.failures import describe_failure
from jmpy.webhooks.model import Health, Webhook
from jmpy.webhooks.sender import AddressRejected, DeliveryFailed, WebhookSender
from jmpy.webhooks.store import WebhookStore
from project import functions
from project.origins import SOMEBODY
from project.receiver import HOST, Receiver
from project.tables import ACTIVITY
from tests.integration.conftest import Clock
from tests.integration.deliveries import BODY, SECRET, Deliveries, post

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService


@pytest.fixture
def webhooks(dynamodb: DynamoDBClient) -> WebhookStore:
    return WebhookStore(dynamodb, ACTIVITY)


def test_a_receiver_can_verify_who_sent_it(
    delivery: Deliveries, receiver: Receiver, clock: Clock
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
    delivery: Deliveries, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    with pytest.raises(DeliverAgain):
        delivery.deliver(BODY)
    assert len(receiver.received) == 1


def test_a_receiver_that_responds_byte_by_byte_holds_up_nothing(
    receiver: Receiver, clock: Clock
) -> None:
    receiver.dawdles = True
    impatient = WebhookSender(receiver.trust, lambda _: True, clock, altogether=0.3)
    with pytest.raises(DeliveryFailed, match="TimeoutError"):
        impatient.send(Webhook(receiver.url, SECRET), BODY)
    assert len(receiver.received) == 1


def test_its_owner_sees_how_deliveries_went(
    delivery: Deliveries, receiver: Receiver, webhooks: WebhookStore
) -> None:
    def health() -> Health:
        webhook = webhooks.find("acme")
        assert webhook is not None
        return webhook.health

    delivery.deliver(BODY)
    assert not health().is_failing
    assert (health().delivered_at is not None, health().failed_at) == (True, None)
    receiver.status = 503
    with pytest.raises(DeliverAgain):
        delivery.deliver(BODY)
    assert (
        describe_failure(health().failure or "")
        == "It responded with status 503, which is not 2xx."
    )


def test_what_was_sent_counts_also_when_that_cannot_be_recorded(
    delivery: Deliveries, receiver: Receiver, webhooks: WebhookStore
) -> None:
    def fail(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "UpdateItem")

    cast("DynamoDBClient", webhooks._client).meta.events.register(
        "before-call.dynamodb.UpdateItem", fail
    )
    delivery.deliver(BODY)
    assert len(receiver.received) == 1


def test_an_account_without_a_webhook_is_sent_nothing(
    delivery: Deliveries, receiver: Receiver, webhooks: WebhookStore
) -> None:
    webhooks.remove("acme", receiver.url)
    delivery.deliver(BODY)
    assert receiver.received == []


def test_a_receiver_that_is_down_is_tried_again(
    webhooks: WebhookStore, receiver: Receiver, clock: Clock
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(DeliveryFailed, match="ConnectionRefusedError"):
        post(receiver, clock).send(Webhook(f"https://{HOST}:{port}/", SECRET), BODY)
    with pytest.raises(DeliveryFailed, match="gaierror"):
        post(receiver, clock).send(Webhook("https://no-such-host.invalid/", SECRET), BODY)


def test_a_receiver_with_the_certificate_of_somebody_else_is_sent_nothing(
    receiver: Receiver, clock: Clock
) -> None:
    trusting = WebhookSender(ssl.create_default_context(), lambda _: True, clock)
    with pytest.raises(DeliveryFailed, match="SSLCertVerificationError"):
        trusting.send(Webhook(receiver.url, SECRET), BODY)
    by_address = Webhook(receiver.url.replace(HOST, "127.0.0.1"), SECRET)
    with pytest.raises(DeliveryFailed, match="SSLCertVerificationError"):
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
    receiver: Receiver,
    webhooks: WebhookStore,
    dynamodb: DynamoDBClient,
    clock: Clock,
    host: str,
) -> None:
    webhook = Webhook(f"https://{host}:{receiver.port}/", SECRET)
    with pytest.raises(AddressRejected):
        WebhookSender(receiver.trust).send(webhook, BODY)
    # It does not come again: it would be refused again.
    delivery = Deliveries(receiver, dynamodb, clock, WebhookSender(receiver.trust))
    webhooks.change_url("acme", receiver.url, webhook.url)
    delivery.deliver(BODY)
    assert receiver.received == []


def test_no_alert_leaves_for_a_suspended_account_and_the_next_one_after_it_does(
    delivery: Deliveries, receiver: Receiver, accounts: AccountService
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    accounts.suspend("acme", by=SOMEBODY)
    delivery.deliver(BODY)
    assert receiver.received == []
    accounts.unsuspend("acme", by=SOMEBODY)
    delivery.deliver(BODY)
    assert len(receiver.received) == 1


def test_one_private_address_among_public_ones_is_enough_to_reject(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolved(_host: str, port: int, **_: Any) -> Any:
        return [(2, 1, 6, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(AddressRejected):
        WebhookSender(receiver.trust).send(Webhook("https://rebind.example.com/", SECRET), BODY)


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(
    delivery: Deliveries, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
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
    delivery: Deliveries, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "jmpy")
    delivery.deliver(BODY)
    receiver.status = 500
    with pytest.raises(DeliverAgain) as raised:
        delivery.deliver(BODY)
    shown = repr(raised.value) + repr(Webhook(receiver.url, SECRET))
    for record in caplog.records:
        shown += str(vars(record))
    assert "alert-1" in shown
    assert SECRET not in shown
    assert "t0ken" not in shown


def test_what_nobody_took_for_a_day_is_given_up(
    delivery: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    receiver.status = 503
    queued_at = clock.time
    clock.time += DAY - 1
    with pytest.raises(DeliverAgain):
        delivery.deliver(BODY, queued_at)
    clock.time += 1
    delivery.deliver(BODY, queued_at)
    assert len(receiver.received) == 2


def queue_event(clock: Clock) -> dict[str, Any]:
    attributes = {"SentTimestamp": str(int(clock.time * 1000))}
    return {"Records": [{"messageId": "1", "body": BODY, "attributes": attributes}]}


def test_a_dead_receiver_is_reported_to_the_queue_and_is_no_error_of_the_function(
    webhooks: WebhookStore,
) -> None:
    """An error would call the operator, and stop a deployment."""
    now = Clock()
    now.time = time.time()
    webhooks.add("acme", Webhook("https://no-such-host.invalid/", SECRET))
    app = functions.load("alert_delivery")
    again = {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert app.handler(queue_event(now), functions.LambdaContext()) == again
    webhooks.remove("acme", "https://no-such-host.invalid/")
    done: dict[str, Any] = {"batchItemFailures": []}
    assert app.handler(queue_event(now), functions.LambdaContext()) == done


def test_a_fault_of_ours_is_an_error_of_the_function(
    webhooks: WebhookStore, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    app = functions.load("alert_delivery")

    def fail(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "GetItem")

    monkeypatch.setattr(app.dynamodb, "get_item", fail)
    with pytest.raises(ClientError):
        app.handler(queue_event(clock), functions.LambdaContext())
