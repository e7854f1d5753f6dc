"""Links with a password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from jmpy.links import password
from jmpy.links.attempts import NETWORK
from jmpy.links.errors import InvalidPassword
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.web import visitor_pages
from project import functions
from project.tables import LINKS
from tests.integration.test_redirect import BROWSER, URL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SECRET = "correct h\u00f6rse"


@pytest.fixture
def app(dynamodb: DynamoDBClient) -> Any:
    service = LinkService(LinkStore(dynamodb, LINKS))
    service.create("a", NewLink(URL, custom_alias="locked", password=SECRET))
    return functions.load("redirect")


def send(
    app: Any,
    body: str | None = None,
    accept: str | None = None,
    address: str = "192.0.2.1",
    **headers: str,
) -> Any:
    """POST of a form, GET without one."""
    sent = functions.event(
        "GET" if body is None else "POST",
        "/locked",
        parameters={"proxy": "locked"},
        body=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"}
        | ({"Accept": accept} if accept else {})
        | headers,
    )
    sent["requestContext"]["identity"]["sourceIp"] = address
    return functions.call(app.handler, sent)


def form(text: str) -> str:
    return urlencode({"password": text})


def test_a_person_gets_a_form_for_the_password(app: Any) -> None:
    response = send(app, accept=BROWSER)
    assert response.status == 200
    assert '<form method="post">' in response.text
    assert 'type="password"' in response.text
    assert response.headers["referrer-policy"] == "no-referrer"
    assert URL not in response.text
    assert "location" not in response.headers


def test_a_program_gets_an_error_that_names_the_password(app: Any) -> None:
    response = send(app)
    assert (response.status, response.code) == (401, "PASSWORD_REQUIRED")
    assert URL not in response.text


@pytest.mark.parametrize("text", [SECRET, "correct ho\u0308rse"], ids=["composed", "decomposed"])
@pytest.mark.parametrize("accept", [None, BROWSER])
def test_the_right_password_leads_on(app: Any, text: str, accept: str | None) -> None:
    response = send(app, form(text), accept)
    assert (response.status, response.headers["location"]) == (303, URL)


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
    response = send(app, body)
    assert (response.status, response.code) == (401, "INVALID_PASSWORD")
    page = send(app, body, BROWSER)
    assert page.status == 401
    assert 'role="alert"' in page.text


def test_after_five_wrong_passwords_a_network_has_to_wait_and_the_page_says_how_long(
    app: Any,
) -> None:
    for _ in range(NETWORK.free):
        assert send(app, form("wrong horse")).status == 401
    response = send(app, form(SECRET))
    assert (response.status, response.code) == (429, "RATE_LIMIT_EXCEEDED")
    assert 1 <= int(response.headers["retry-after"]) <= NETWORK.first_wait
    page = send(app, form(SECRET), BROWSER)
    assert (page.status, page.headers["retry-after"]) == (429, response.headers["retry-after"])
    assert re.search(r"Try again in \d+ seconds\.", page.text)
    assert 'type="password"' in page.text  # to try again with, where one is
    # Another address is not the first one's trouble.
    assert send(app, form(SECRET), address="192.0.2.2").status == 303


def test_a_form_of_another_site_uses_up_nothing(app: Any) -> None:
    for _ in range(3 * NETWORK.free):
        response = send(app, form("wrong horse"), **{"Sec-Fetch-Site": "cross-site"})
        assert (response.status, response.code) == (401, "PASSWORD_REQUIRED")
    response = send(app, form(SECRET), **{"Sec-Fetch-Site": "same-origin"})
    assert response.status == 303


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "a second"), (30, "30 seconds"), (119, "119 seconds"), (120, "2 minutes"),
        (121, "3 minutes"), (3600, "60 minutes"), (14400, "240 minutes"),
    ],
)  # fmt: skip
def test_a_wait_is_stated_in_words(seconds: int, words: str) -> None:
    assert visitor_pages.too_many_attempts(seconds).endswith(f"Try again in {words}.")


def test_only_a_hash_is_stored(app: Any, dynamodb: DynamoDBClient) -> None:
    stored = str(dynamodb.scan(TableName=LINKS)["Items"])
    assert "$argon2id$" in stored
    assert SECRET not in stored


@pytest.mark.parametrize("text", ["short1a", "x" * 65, "12345678", "        ", "\ud800aaaaaaaa"])
def test_a_password_has_rules(text: str) -> None:
    with pytest.raises(InvalidPassword):
        password.hashed(text)


@pytest.mark.parametrize("text", ["abcdefg1", "x" * 64, "\u00fcberall und nirgends"])
def test_a_valid_password_is_hashed_and_verified(text: str) -> None:
    assert password.matches(text, password.hashed(text))
    assert password.hashed(text) != password.hashed(text)
