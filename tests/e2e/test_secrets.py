"""After everything that the end-to-end tests did, no key is anywhere but in stack.env, and no
session's id, token of Cognito's or password of a link anywhere at all.

This file runs last (conftest.py).
"""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from jmpy.webhooks.model import Webhook, new_secret
from jmpy.webhooks.store import WebhookStore
from ops.smoke.assertions import SHORT_URLS, bearer
from project import template
from project.hosted_login import Person, refresher
from project.stack import Stack
from tests.e2e.conftest import ALLOWED_ORIGIN
from tests.e2e.test_faults import dynamodb_at, stopped

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


ENTERPRISE = ("read", "write", "delete", "analytics")
PASSWORD = "canary-password-of-a-link-1"
WEBHOOK_TOKEN = "canaryTokenInTheUrlOfAWebhook"


@dataclass
class Canary:
    """What may not be found, and every answer to requests that carried it."""

    keys: list[str]
    """The random part of every key and session made on this stack, and of tokens of Cognito's."""
    webhook: str
    """What an account's webhook is signed with: in the table on purpose, and nowhere else."""
    responses: list[httpx.Response]

    @property
    def needles(self) -> list[bytes]:
        return [text.encode() for text in (*self.keys, PASSWORD)]

    @property
    def settings(self) -> list[bytes]:
        return [self.webhook.encode(), WEBHOOK_TOKEN.encode()]


@pytest.fixture(scope="module")
def canary(stack: Stack, http: httpx.Client, lambdas: LambdaClient) -> Canary:
    secret, key_id = stack.key(*ENTERPRISE, name="canary")
    responses = [
        *_every_route(http, secret),
        *_with_a_short_lived_token(stack, http),
        *_with_a_password(http, secret),
        *_when_dynamodb_fails(http, lambdas, secret),
        *_reported(stack, http),
    ]
    webhook = _with_a_webhook(stack, lambdas)
    tokens = _signed_in(stack, http, responses)
    _invoke(lambdas, "NoticesFunction", {})
    _invoke(lambdas, "EdgeKeyFunction", {"account_id": "canary"})
    http.get(f"/api/v1/api-keys/{key_id}", params={"api_key": secret})
    http.delete("/api/v1/api-keys/current", params={"api_key": secret})
    responses.append(http.get(SHORT_URLS, params={"api_key": secret}))
    # What none of the places where a key or token is abbreviated shows.
    made = [text[-34:-4] for text in stack.secrets]
    return Canary([*made, *tokens], webhook, responses)


def _with_a_short_lived_token(stack: Stack, http: httpx.Client) -> Iterator[httpx.Response]:
    secret, _ = stack.key("read", name="with a token")
    keys = "/api/v1/api-keys"
    created = http.post(f"{keys}/current/tokens", headers=bearer(secret), json={"name": "canary"})
    token = created.json()["data"]["token"]
    stack.secrets.append(token)
    for presented in (secret, token, token[:-1], token + token):
        verified = {"key": presented}
        yield http.post(f"{keys}/verify", headers=bearer(token), json=verified)
        yield http.post(f"{keys}/verify", headers=bearer(token), json=verified | {"x": 1})
        yield http.get(SHORT_URLS, headers=bearer(presented + "x"))
    yield http.get(SHORT_URLS, headers=bearer(token))
    yield http.get(SHORT_URLS, params={"api_key": token})
    yield http.get(f"{keys}/current/tokens", headers=bearer(secret))


def _every_route(http: httpx.Client, secret: str) -> Iterator[httpx.Response]:
    """With the key in every place where it may be, and where it may not."""
    once = {**bearer(secret), "Idempotency-Key": "canary"}
    link = {"url": "https://example.com/canary"}
    assert http.post(SHORT_URLS, headers=once, json=link).status_code == 201
    rows = {"validated_urls": [{"original_url": link["url"]}]}
    bulk = http.post("/api/v1/bulk-urls/create", headers=bearer(secret), json=rows)
    assert bulk.status_code == 201
    for route in template.api_events():
        path = route.path.replace("{id}", "x").replace("{proxy+}", "canary")
        everywhere = {**bearer(secret), "X-API-Key": secret}
        yield http.get(path, headers=everywhere, params={"api_key": secret})
        yield http.post(path, params={"api_key": secret}, content=b"{")
    yield http.get(SHORT_URLS, headers={"X-API-Key": secret})
    for method in ("PUT", "PATCH", "DELETE"):
        yield http.request(method, f"{SHORT_URLS}/x", params={"api_key": secret})
    cookies = {"Cookie": f"jmpy_session={secret}; jmpy_sign_in.canary={secret}"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/dashboard", "/login", "/login/callback?state=canary"):
        yield http.get(path, headers=cookies)
        yield http.post(path, headers=cookies | form, content=f"csrf_token={secret}")
    # Keys that are almost right, beside a right one.
    yield http.get(SHORT_URLS, headers=bearer(secret[:-1]))
    yield http.get(SHORT_URLS, headers=bearer(f"{secret} {secret}"))
    yield http.post(SHORT_URLS, headers=bearer(secret), json={"url": secret})


def _with_a_password(http: httpx.Client, secret: str) -> Iterator[httpx.Response]:
    body = {"url": "https://example.com/", "password": PASSWORD}
    made = http.post(SHORT_URLS, headers=bearer(secret), json=body)
    yield made
    code = made.json()["data"]["short_code"]
    for sent in (PASSWORD, f"{PASSWORD}x"):
        yield http.post(f"/{code}", data={"password": sent})
        yield http.post(f"/{code}", data={"password": sent}, headers={"Accept": "text/html"})
        yield http.get(f"/{code}", params={"password": sent})


def _when_dynamodb_fails(
    http: httpx.Client, lambdas: LambdaClient, secret: str
) -> Iterator[httpx.Response]:
    body = {"url": "https://example.com/", "password": PASSWORD}
    for function, path in (("LinksFunction", SHORT_URLS), ("RedirectFunction", "/canary")):
        with stopped() as endpoint, dynamodb_at(lambdas, endpoint, function):
            yield http.post(path, headers=bearer(secret), json=body)
    with stopped() as endpoint, dynamodb_at(lambdas, endpoint, "AuthorizerFunction"):
        yield http.get(SHORT_URLS, params={"api_key": secret})
    with stopped() as endpoint, dynamodb_at(lambdas, endpoint, "DashboardFunction"):
        yield http.get("/dashboard", headers={"Cookie": f"jmpy_session={secret}"})


def _reported(stack: Stack, http: httpx.Client) -> Iterator[httpx.Response]:
    """By somebody who is no scanner."""
    secret, _ = stack.key("read", name="reported")
    report = [{"token": secret, "type": "jmpy_api_key", "url": "https://example.com/"}]
    signed = {"Github-Public-Key-Identifier": secret, "Github-Public-Key-Signature": secret}
    yield http.post("/api/v1/leaked-keys", json=report)
    yield http.post("/api/v1/leaked-keys", json=report, headers=signed)


def _with_a_webhook(stack: Stack, lambdas: LambdaClient) -> str:
    """Alerts for it are not sent: its address is this machine's."""
    secret = new_secret()
    webhooks = WebhookStore(stack.deployment.dynamodb, stack.deployment.outputs["ActivityTable"])
    webhooks.add("canary", Webhook(f"https://127.0.0.1/{WEBHOOK_TOKEN}", secret))
    body = json.dumps({"id": "canary", "account_id": "canary"})
    sent = {"SentTimestamp": str(int(time.time() * 1000))}
    record = {"messageId": "1", "body": body, "attributes": sent}
    _invoke(lambdas, "AlertDeliveryFunction", {"Records": [record]})
    return secret


def _signed_in(stack: Stack, http: httpx.Client, responses: list[httpx.Response]) -> list[str]:
    """The secret parts of Cognito's tokens; the session is among the stack's secrets."""
    person = Person(stack)
    tokens = refresher(stack, person)().json()
    person.http.post("/logout", data={"csrf_token": "canary"})
    responses.append(person.http.get("/dashboard"))
    person.http.post("/logout", data={"csrf_token": person.csrf_token()})
    person.http.close()
    found = [tokens[name] for name in ("id_token", "access_token")]
    responses += [http.get(SHORT_URLS, headers=bearer(token)) for token in found]
    return [token.rpartition(".")[2] for token in found]


def _invoke(lambdas: LambdaClient, function: str, event: object) -> None:
    (name,) = (
        known["FunctionName"]
        for known in lambdas.list_functions()["Functions"]
        if function in known["FunctionName"]
    )
    response = lambdas.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    assert "FunctionError" not in response, response["Payload"].read()


def _found(needles: list[bytes], text: bytes) -> bool:
    return any(needle in text for needle in needles)


def test_no_answer_tells_what_was_sent_with_the_request(canary: Canary) -> None:
    assert len(canary.responses) > 100
    for response in canary.responses:
        said = f"{response.text}\n{dict(response.headers)}".encode()
        assert not _found([*canary.needles, *canary.settings], said), response.request.method


def test_no_table_holds_a_key(stack: Stack, canary: Canary) -> None:
    client = stack.env.session().client("dynamodb", endpoint_url=stack.env.endpoint)
    tables = client.list_tables()["TableNames"]
    assert len(tables) >= 2
    for table in tables:
        items = client.get_paginator("scan").paginate(TableName=table).build_full_result()
        assert items["Items"]
        text = json.dumps(items, default=repr).encode()
        assert not _found(canary.needles, text), table
        # Signing needs it as it is.
        assert _found(canary.settings, text) is ("ActivityTable" in table), table


def test_no_log_group_holds_a_key(stack: Stack, canary: Canary) -> None:
    client = stack.env.session().client("logs", endpoint_url=stack.env.endpoint)
    groups = client.describe_log_groups()["logGroups"]
    lines = {group["logGroupName"]: list(_messages(client, group)) for group in groups}
    for output in ("FunctionLogGroup", "AccessLogGroup"):
        name = stack.deployment.outputs[output]
        assert lines[name], f"{name} is empty, so searching it shows nothing"
    for name, messages in lines.items():
        text = "\n".join(messages).encode()
        assert not _found([*canary.needles, *canary.settings], text), name


def _messages(client: Any, group: Any) -> Iterator[str]:
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
    return (event["message"] for page in pages for event in page["events"])


def test_no_file_of_the_stack_holds_a_key(stack: Stack, canary: Canary) -> None:
    stack.local.stop()  # which writes the emulator's memory to disk
    try:
        files = [path for path in stack.local.state_dir.rglob("*") if path.is_file()]
        # What was deployed lies there several times, as it was sent and for each function.
        names: dict[bytes, str] = {path.read_bytes(): path.name for path in files}
        holding = {
            name for content, name in names.items() if _found(canary.needles, _readable(content))
        }
        assert holding == {"stack.env"}
    finally:
        stack.local.start(stack.port, ALLOWED_ORIGIN)


def _readable(content: bytes) -> bytes:
    """With what is packed inside: zip archives as files."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    except zipfile.BadZipFile:
        return content + _decoded(content)


def _decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        return b""
