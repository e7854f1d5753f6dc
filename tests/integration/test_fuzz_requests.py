"""Whatever reaches a function ends as an answer of its own: never 5xx, never an exception."""

from __future__ import annotations

import gc
import json
import os
import random
import secrets
import tracemalloc
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.authorizer.service import Unauthorized
from jmpy.aws.client import SignedClient
from jmpy.keys import token
from project import functions, template
from project.functions import LambdaContext, event
from project.hostile import EVIL, bodies, cases, fields, fuzz, growth, texts, values, watched
from project.log_batches import packed
from project.origins import SOMEBODY
from project.tables import ALERT_TOPIC_NAME
from tests.integration import over_http
from tests.integration.conftest import create_alerts_queue
from tests.integration.hosts import BRANDED, Hosts
from tests.integration.short_urls import Client
from tests.integration.test_leaked_keys import KEY_ID, PATH, Scanner
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPMessage

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from tests.integration.browser import Browser

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
HEADERS = (
    "Content-Type", "If-Match", "Idempotency-Key", "Accept", "Cookie", "Origin", "Host",
    "User-Agent", "Referer", "X-Forwarded-For", "CloudFront-Viewer-Address",
)  # fmt: skip
QUERY = (
    "page", "limit", "cursor", "sort_by", "sort_order", "search", "status", "alias", "url",
    "start_date", "end_date", "timezone", "group_by", "offset", "key_id", "report", "days", "code",
    "state", "return_to", "error",
)  # fmt: skip
BODY = (
    "url", "custom_alias", "name", "password", "expires_at", "tags", "status", "is_dynamic",
    "csv_content", "validated_urls", "urls", "permissions", "environment", "grace_period",
    "header_only", "allowed_ips", "limits", "campaign_id",
)  # fmt: skip
FOLDERS = sorted(functions.FOLDERS.values())

requests = st.fixed_dictionaries(
    {
        "method": st.sampled_from(METHODS),
        "headers": fields(*HEADERS),
        "query": st.none() | fields(*QUERY),
        "body": bodies(*BODY),
        "is_base64": st.booleans(),
        "id": texts,
    }
)


def answered(response: Any) -> int:
    """The status, of an answer as API Gateway takes it."""
    status, body = response["statusCode"], response["body"]
    assert isinstance(body, str)
    response["body"].encode()  # no half of a surrogate pair
    fields_ = dict(response.get("headers") or {})
    fields_ |= {k: ", ".join(map(str, v)) for k, v in response.get("multiValueHeaders", {}).items()}
    names = {name.lower(): str(value) for name, value in fields_.items()}
    assert names["x-request-id"]
    assert not any(set("\r\n") & set(value) for value in names.values())
    assert status < 500, response
    if status >= 400 and names["content-type"].startswith("application/json"):
        error = json.loads(body)
        assert error["success"] is False
        assert error["error"]["code"]
        assert error["error"]["message"]
    return int(status)


def sent(request: dict[str, Any], path: str, **more: Any) -> dict[str, Any]:
    """The event of API Gateway."""
    made = event(request["method"], path, body=request["body"], query=request["query"], **more)
    headers = {**made["headers"], **request["headers"]}
    return made | {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "isBase64Encoded": request["is_base64"],
    }


@pytest.fixture
def handlers(dynamodb: DynamoDBClient, accounts: AccountService) -> dict[str, Any]:
    accounts.ensure("a", by=SOMEBODY)
    return {folder: functions.load(folder).handler for folder in FOLDERS}


@fuzz(2)
@given(st.sampled_from(list(template.api_events())), requests, st.sampled_from(["key", "session"]))
@watched
def one_operation(
    handlers: dict[str, Any], route: template.Event, request: dict[str, Any], caller: str
) -> None:
    folder = functions.FOLDERS.get(route.function)
    if folder is None:
        return
    context = functions.session_context() if caller == "session" else (
        functions.authorizer_context("read write delete analytics")
    )  # fmt: skip
    path, parameters = functions.at(route.path, request["id"])
    made = sent(
        request, path, resource=route.path,
        parameters=parameters, authorizer=context,
    )  # fmt: skip
    answered(handlers[folder](made, LambdaContext()))


def test_every_operation(handlers: dict[str, Any]) -> None:
    one_operation(handlers)


@fuzz(2)
@given(
    requests,
    st.sampled_from(["open", "closed", "other"]),
    st.sampled_from([functions.API_HOST, BRANDED]) | texts,
)
@watched
def one_visit(
    handler: Any, codes: dict[str, str], request: dict[str, Any], which: str, host: str
) -> None:
    code = codes.get(which, request["id"])
    parameters = {"proxy": code} if code else None
    made = sent(request, f"/{code}", resource="/{proxy+}", parameters=parameters, domain_name=host)
    answered(handler(made, LambdaContext()))


def test_every_short_link(client: Client, dynamodb: DynamoDBClient) -> None:
    Hosts(dynamodb).put(BRANDED, root_url="https://acme.com/", not_found_url="https://acme.com/")
    codes = {
        "open": client.create()["short_code"],
        "closed": client.create(password="open sesame")["short_code"],
    }
    one_visit(functions.load("redirect").handler, codes)


PAGES = (
    "", "/links", "/links/new", "/links/{}", "/links/{}/delete", "/api-keys", "/api-keys/new",
    "/api-keys/{}", "/api-keys/{}/rotate", "/api-keys/{}/revoke",
    "/api-keys/{}/allowed-ips/preview", "/analytics", "/analytics/{}",
    "/activity", "/activity/export", "/alerts", "/alerts/{}/dismiss", "/alerts/settings",
    "/audit-log", "/plan", "/usage", "/{}",
)  # fmt: skip
FORM = (
    "url", "custom_alias", "name", "expires_at", "tags", "status", "version",
    "permissions", "environment", "expiry", "expires_on", "grace_days", "password",
)  # fmt: skip


@fuzz(2)
@given(st.sampled_from(PAGES), requests, st.none() | fields(*FORM))
@watched
def one_page(
    person: Browser,
    csrf_token: str,
    page: str,
    request: dict[str, Any],
    form: dict[str, str] | None,
) -> None:
    """With the session of somebody who signed in, and mostly with a form that could be theirs."""
    made = sent(request, f"/dashboard{page.format(request['id'])}", resource="/dashboard/{proxy+}")
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    headers = {**made["headers"], "Cookie": cookie}
    if form is not None:
        tokens = {"csrf_token": csrf_token, "form_token": secrets.token_hex(16)}
        body = urlencode({**form, **tokens}, errors="replace")
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        made |= {"body": body, "isBase64Encoded": False}
        headers.pop("Origin", None)
    made |= {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
    }
    answered(person.app.handler(made, LambdaContext()))


def test_every_page(person: Browser) -> None:
    one_page(person, person.csrf_token())


@fuzz()
@given(st.sampled_from(["/login", "/login/callback", "/logout", "/dashboard"]), requests)
@watched
def one_sign_in(browser: Browser, path: str, request: dict[str, Any]) -> None:
    answered(browser.app.handler(sent(request, path), LambdaContext()))


def test_every_way_in(browser: Browser) -> None:
    one_sign_in(browser)


@fuzz()
@given(st.dictionaries(texts, st.lists(texts, max_size=3), max_size=3), requests)
@watched
def one_caller(handler: Any, more: dict[str, list[str]], request: dict[str, Any]) -> None:
    headers = {name: [value] for name, value in request["headers"].items()} | more
    query = {name: [value] for name, value in (request["query"] or {}).items()}
    asked = {
        "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/x",
        "requestContext": functions.AUTHORIZER_CONTEXT,
        "multiValueHeaders": headers,
        "multiValueQueryStringParameters": query | {"api_key": [request["id"]]},
    }
    try:
        response = handler(asked, LambdaContext())
    except Unauthorized:
        return
    assert response["policyDocument"]["Statement"][0]["Effect"] == "Deny"


@pytest.mark.usefixtures("dynamodb")
def test_every_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    with over_http.lambda_of(functions.load("id_token").handler) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", endpoint)
        one_caller(functions.load("authorizer").handler)


@fuzz()
@given(bodies("token", "type", "url"), fields("Content-Type", "Github-Public-Key-Identifier"))
@watched
def one_report(scanner: Scanner, body: str | None, headers: dict[str, str]) -> None:
    said = (body or "").encode("utf-8", "replace").decode()
    signed = {
        "Github-Public-Key-Identifier": KEY_ID,
        "Github-Public-Key-Signature": scanner.signature(said),
    }
    for sent_headers in (headers, {**headers, **signed}):
        made = event("POST", PATH, body=said, headers=sent_headers)
        answered(scanner.app.handler(made, LambdaContext()))


def test_every_report(dynamodb: DynamoDBClient) -> None:
    create_alerts_queue()
    boto3.client("sns").create_topic(Name=ALERT_TOPIC_NAME)
    one_report(Scanner())


@fuzz()
@given(st.lists(texts, max_size=3), texts, st.booleans())
@watched
def one_batch(handler: Any, noise: list[str], said: str, is_escaped: bool) -> None:
    spoken = line(userAgent=said) if is_escaped else line().replace("curl/8", said)
    lines = [*noise, spoken, line(requestId="witness", time="1800000000456")]
    handler(packed(lines), LambdaContext())


def test_every_line_of_the_access_log(dynamodb: DynamoDBClient) -> None:
    create_alerts_queue()
    boto3.client("sns").create_topic(Name=ALERT_TOPIC_NAME)
    one_batch(functions.load("activity").handler)


@fuzz()
@given(st.lists(bodies("id", "at", "link_id", "user_agent", "utm") | values.map(str), min_size=1))
@watched
def one_delivery(handler: Any, messages: list[str | None]) -> None:
    records = [
        {"messageId": str(number), "body": body or "", "eventSource": "aws:sqs"}
        for number, body in enumerate(messages)
    ]
    failed = handler({"Records": records}, LambdaContext())["batchItemFailures"]
    assert len(failed) == len(records)  # none of them is a click


def test_every_message(dynamodb: DynamoDBClient) -> None:
    one_delivery(functions.load("clicks").handler)


@pytest.mark.skipif("JMPY_FUZZ" not in os.environ, reason="make fuzz measures the memory")
def test_memory_does_not_grow_with_what_nobody_knows(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What our own code keeps after twice as many visits and callers, beyond what it remembers on
    purpose; moto and hypothesis keep things, too. AWS answers as it did the first time: moto takes
    some fifty milliseconds a round when memory is traced."""
    redirect, authorizer = functions.load("redirect").handler, functions.load("authorizer").handler
    draw = random.Random(1)
    code = client.create()["short_code"]
    exchange, responses = SignedClient._exchange, {}

    def answer_again(
        to: SignedClient, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, HTTPMessage, bytes]:
        asked = (headers["X-Amz-Target"], code.encode() in body)
        if asked not in responses:
            responses[asked] = exchange(to, path, headers, body)
        return responses[asked]

    monkeypatch.setattr(SignedClient, "_exchange", answer_again)

    def one() -> None:
        said = draw.choice(EVIL) + str(draw.random())
        headers = {"User-Agent": said, "Referer": said, "Accept": said}
        for path in (code, said):
            made = event("GET", f"/{path}", parameters={"proxy": path}, headers=headers)
            redirect(made, LambdaContext())
        caller = {
            "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/x",
            "requestContext": functions.AUTHORIZER_CONTEXT,
            "multiValueHeaders": {"Authorization": [f"Bearer {token.generate(draw.choice)}"]},
        }
        with suppress(Unauthorized):
            authorizer(caller, LambdaContext())

    kept = []
    tracemalloc.start()
    for _ in range(3):
        for _ in range(1500):  # more than any memory of ours holds
            one()
        gc.collect()
        ours = [tracemalloc.Filter(True, f"*/{folder}/*") for folder in ("jmpy", "functions")]
        kept.append(sum(t.size for t in tracemalloc.take_snapshot().filter_traces(ours).traces))
    tracemalloc.stop()
    cases["test_memory_does_not_grow_with_what_nobody_knows"] += 4500
    growth["bytes_kept_after_1500_3000_4500_rounds"] = kept
    assert kept[2] - kept[1] < 50_000, kept
