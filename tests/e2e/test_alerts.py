"""From a request to those who are told of it: owner and operator, on every way there is."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from jmpy.webhooks.model import signature
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, refresher
from project.origins import SOMEBODY
from project.receiver import CERTIFICATE, Receiver, receiving
from project.stack import Stack
from tests.e2e.internet import internet

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ALERTS = "/api/v1/alerts"
WEBHOOK = "/api/v1/alert-settings/webhook"
HOST = "hooks.example"

T = TypeVar("T")


def awaited(what: str, probe: Callable[[], T | None]) -> T:
    """It takes a moment, off the path of the request."""
    deadline = time.monotonic() + 60
    while (found := probe()) is None:
        assert time.monotonic() < deadline, what
        time.sleep(0.3)
    return found


@pytest.fixture
def receiver(tmp_path: Path, lambdas: LambdaClient) -> Iterator[Receiver]:
    with receiving(tmp_path, HOST) as receiver:
        certificate = tmp_path / CERTIFICATE
        with internet(lambdas, receiver, certificate, "AlertDeliveryFunction", "AlertsFunction"):
            yield receiver


@pytest.fixture
def owner(stack: Stack, person: Person, http: httpx.Client) -> Iterator[dict[str, str]]:
    """The header of a session, whose account has no webhook before and after."""
    session = bearer(refresher(stack, person)().json()["id_token"])
    http.delete(WEBHOOK, headers=session)
    yield session
    http.delete(WEBHOOK, headers=session)


@pytest.fixture
def operator(stack: Stack) -> Callable[[], list[dict[str, Any]]]:
    """What the operator was told, who listens with a queue."""
    session, endpoint = stack.env.session(), stack.env.endpoint
    sqs, sns = (
        session.client("sqs", endpoint_url=endpoint),
        session.client("sns", endpoint_url=endpoint),
    )
    queue = sqs.create_queue(QueueName=f"operator-{time.time_ns()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    topic = stack.deployment.outputs["AlertTopic"]
    lets_the_topic_in = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn["QueueArn"],
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        },
    }
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(lets_the_topic_in)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])

    def told() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [json.loads(message["Body"]) for message in found.get("Messages", [])]

    return told


def test_everybody_concerned_gets_an_alert_about_a_revoked_key_that_is_tried(
    stack: Stack,
    owner: dict[str, str],
    http: httpx.Client,
    receiver: Receiver,
    operator: Callable[[], list[dict[str, Any]]],
) -> None:
    made = http.put(WEBHOOK, headers=owner, json={"url": receiver.url})
    secret = made.json()["data"]["secret"]
    stack.secrets.append(secret)
    tested = http.post(f"{WEBHOOK}/test", headers=owner).json()["data"]
    assert tested == {"delivered": True, "status": 204, "problem": None}

    key, key_id = stack.key("read", account=stack.env.account, name="gone")
    stack.deployment.keys.revoke(stack.env.account, key_id, by=SOMEBODY)
    assert http.get(SHORT_URLS, headers=bearer(key)).status_code == 401

    def listed() -> Any:
        response = http.get(ALERTS, headers=owner, params={"key_id": key_id})
        # A busy machine may answer 503, which asks to try again.
        return next(iter(response.json().get("data", {}).get("alerts", [])), None)

    alert = awaited("the alert", listed)
    assert (alert["rule"], alert["status"]) == ("inactive-key", "open")
    assert alert["evidence"] == {
        "ip_address": "127.0.0.1", "country": None, "route": f"GET {SHORT_URLS}", "status": 401,
    }  # fmt: skip

    def delivered() -> Any:
        found = [one for one in receiver.received if json.loads(one.body)["id"] == alert["id"]]
        return found[0] if found else None

    delivery = awaited("the delivery", delivered)
    at = int(delivery.signature.partition(",")[0].removeprefix("t="))
    assert delivery.signature == signature(secret, at, delivery.body)
    assert json.loads(delivery.body)["key_id"] == key_id
    mail = awaited(
        "the mail",
        lambda: next((one for one in operator() if alert["id"] in one["Message"]), None),
    )
    assert mail["Subject"] == "Jmpy: Inactive key used"

    health = http.get("/api/v1/alert-settings", headers=owner).json()["data"]["webhook"]
    assert health["last_delivered_at"] is not None
    everything = delivery.body + mail["Message"] + str(alert) + str(health)
    assert key not in everything
    assert secret not in everything


def test_one_click_in_an_alert_revokes_the_key(
    stack: Stack, person: Person, http: httpx.Client
) -> None:
    person.sign_in()
    key, key_id = stack.key("read", account=stack.env.account, name="In a URL")
    assert http.get(SHORT_URLS, params={"api_key": key}).status_code == 200

    def shown() -> str | None:
        page = person.http.get("/dashboard/alerts").text
        start = page.find(f"/api-keys/{key_id}")
        return None if start < 0 else page[start:]

    page = awaited("the alert on the page", shown)
    action = page.split("data-confirm")[0].rsplit('href="', 1)[1].split('"', 1)[0]
    assert action.endswith("/revoke")
    revoked = person.http.post(
        str(httpx.URL(stack.env.base_url).copy_with(path=action)),
        data={"csrf_token": person.csrf_token()},
    )
    assert revoked.status_code == 303
    awaited(
        "the key to stop working",
        lambda: http.get(SHORT_URLS, headers=bearer(key)).status_code == 401 or None,
    )


def test_a_webhook_that_leads_here_is_rejected(
    stack: Stack, owner: dict[str, str], http: httpx.Client, receiver: Receiver
) -> None:
    for host in ("localhost", "127.0.0.1", "169.254.169.254"):
        url = f"https://{host}:{receiver.port}/"
        made = http.put(WEBHOOK, headers=owner, json={"url": url}).json()["data"]
        stack.secrets.append(made["secret"])
        tested = http.post(f"{WEBHOOK}/test", headers=owner).json()["data"]
        assert not tested["delivered"]
        assert "non-public" in tested["problem"]
        assert http.delete(WEBHOOK, headers=owner).status_code == 200
    assert receiver.received == []
