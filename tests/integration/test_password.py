"""Links with a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from jmpy.links import attempts as limits
from jmpy.links import password
from jmpy.links.attempts import Attempts
from jmpy.links.errors import InvalidPassword, TooManyAttempts
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from tests.integration import functions
from tests.integration.conftest import LINKS, Clock
from tests.integration.test_redirect import BROWSER, URL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SECRET = "correct h\u00f6rse"


@pytest.fixture
def app(dynamodb: DynamoDBClient) -> Any:
    service = LinkService(LinkStore(dynamodb, LINKS))
    service.create("a", url=URL, custom_alias="locked", password=SECRET)
    return functions.load("redirect")


def send(
    app: Any, body: str | None = None, accept: str | None = None, address: str = "192.0.2.1"
) -> Any:
    """POST of a form, GET without one."""
    sent = functions.event(
        "GET" if body is None else "POST",
        "/locked",
        parameters={"proxy": "locked"},
        body=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"}
        | ({"Accept": accept} if accept else {}),
    )
    sent["requestContext"]["identity"]["sourceIp"] = address
    return functions.call(app.handler, sent)


def form(text: str) -> str:
    return urlencode({"password": text})


def test_a_person_is_asked_for_the_password(app: Any) -> None:
    answer = send(app, accept=BROWSER)
    assert answer.status == 200
    assert '<form method="post">' in answer.text
    assert 'type="password"' in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert URL not in answer.text
    assert "location" not in answer.headers


def test_a_program_is_told_what_is_missing(app: Any) -> None:
    answer = send(app)
    assert (answer.status, answer.code) == (401, "PASSWORD_REQUIRED")
    assert URL not in answer.text


@pytest.mark.parametrize("text", [SECRET, "correct ho\u0308rse"], ids=["composed", "decomposed"])
@pytest.mark.parametrize("accept", [None, BROWSER])
def test_the_right_password_leads_on(app: Any, text: str, accept: str | None) -> None:
    answer = send(app, form(text), accept)
    assert (answer.status, answer.headers["location"]) == (303, URL)


@pytest.mark.parametrize(
    "body",
    [
        form("wrong horse"),
        form(SECRET.upper()),
        form(""),
        form("x" * 5000),
        "",
        "password",
        "pass=word",
        "&".join(["a=b"] * 100),
        "%ff%fe",
        "\0",
        '{"password": "x"}',
        "password=\ud800aaaaaaaa",
    ],
)
def test_whatever_else_is_sent_is_a_wrong_password(app: Any, body: str) -> None:
    answer = send(app, body)
    assert (answer.status, answer.code) == (401, "INVALID_PASSWORD")
    page = send(app, body, BROWSER)
    assert page.status == 401
    assert 'role="alert"' in page.text


def test_after_five_attempts_an_address_has_to_wait(app: Any) -> None:
    for _ in range(limits.PER_ADDRESS):
        assert send(app, form("wrong horse")).status == 401
    answer = send(app, form(SECRET))
    assert (answer.status, answer.code) == (429, "RATE_LIMIT_EXCEEDED")
    assert 1 <= int(answer.headers["retry-after"]) <= limits.WINDOW
    page = send(app, form(SECRET), BROWSER)
    assert page.status == 429
    assert "Too many attempts" in page.text
    # Another address is not the first one's trouble.
    assert send(app, form(SECRET), address="192.0.2.2").status == 303


def test_a_link_has_a_limit_for_all_addresses_and_a_new_window(
    dynamodb: DynamoDBClient, clock: Clock
) -> None:
    counted = Attempts(dynamodb, LINKS, clock)
    for number in range(limits.PER_LINK):
        counted.count("abc", f"address {number}")
    with pytest.raises(TooManyAttempts) as refused:
        counted.count("abc", "yet another")
    counted.count("other", "yet another")
    clock.time += refused.value.retry_after
    counted.count("abc", "yet another")


def test_the_counters_name_no_address_and_forget_themselves(
    dynamodb: DynamoDBClient, clock: Clock
) -> None:
    Attempts(dynamodb, LINKS, clock).count("abc", "192.0.2.1")
    items = dynamodb.scan(TableName=LINKS)["Items"]
    assert "192.0.2.1" not in str(items)
    ends = [int(item[limits.TTL_ATTRIBUTE]["N"]) for item in items]
    assert all(clock.time < end <= clock.time + limits.WINDOW for end in ends)


def test_only_a_hash_is_stored(app: Any, dynamodb: DynamoDBClient) -> None:
    stored = str(dynamodb.scan(TableName=LINKS)["Items"])
    assert "$argon2id$" in stored
    assert SECRET not in stored


@pytest.mark.parametrize("text", ["short1a", "x" * 65, "12345678", "        ", "\ud800aaaaaaaa"])
def test_a_password_has_rules(text: str) -> None:
    with pytest.raises(InvalidPassword):
        password.hashed(text)


@pytest.mark.parametrize("text", ["abcdefg1", "x" * 64, "\u00fcberall und nirgends"])
def test_what_keeps_the_rules_is_hashed_and_found_again(text: str) -> None:
    assert password.matches(text, password.hashed(text))
    assert password.hashed(text) != password.hashed(text)
