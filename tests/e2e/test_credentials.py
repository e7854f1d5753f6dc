"""Every way to present a key, through the gateway."""

from __future__ import annotations

import random

import httpx
import pytest

from jmpy.authorizer.hints import Hint
from jmpy.keys import token
from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack
from tests.e2e.conftest import INVALID_API_KEY, UNAUTHORIZED, assert_response


@pytest.fixture(scope="module")
def secret(stack: Stack) -> str:
    return stack.key("read")[0]


@pytest.mark.parametrize(
    ("header", "prefix"),
    [
        ("Authorization", "Bearer "),
        ("authorization", "bearer "),
        ("AUTHORIZATION", "BEARER "),
        ("X-API-Key", ""),
        ("x-api-key", ""),
    ],
)
def test_a_key_in_a_header(http: httpx.Client, secret: str, header: str, prefix: str) -> None:
    response = http.get(SHORT_URLS, headers={header: prefix + secret})
    assert response.status_code == 200
    assert response.json()["success"] is True
    assert "deprecation" not in response.headers


def test_a_key_in_the_query_is_deprecated(http: httpx.Client, secret: str) -> None:
    response = http.get(SHORT_URLS, params={"api_key": secret})
    assert response.status_code == 200
    assert response.headers["deprecation"].startswith("@")


def test_bearer_wins_over_the_others(http: httpx.Client, secret: str) -> None:
    response = http.get(
        SHORT_URLS,
        params={"api_key": secret},
        headers={"Authorization": "Bearer wrong", "X-API-Key": secret},
    )
    assert_response(response, 401, INVALID_API_KEY)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"X-API-Key": ""},
    ],
    ids=str,
)
def test_no_key_is_unauthorized(http: httpx.Client, headers: dict[str, str]) -> None:
    response = http.get(SHORT_URLS, headers=headers)
    assert_response(response, 401, UNAUTHORIZED)
    assert response.headers["www-authenticate"].startswith('Bearer realm="Jmpy"')


def _changed(secret: str) -> str:
    return secret[:-1] + ("a" if secret[-1] != "a" else "b")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_changed, id="one character changed"),
        pytest.param(lambda key: key[:-1], id="truncated"),
        pytest.param(lambda key: key + "a", id="extended"),
        pytest.param(lambda key: key.upper(), id="upper case"),
        pytest.param(lambda key: key.removeprefix("jmpy_"), id="without prefix"),
        pytest.param(lambda key: f"{key} {key}", id="twice in one header"),
        pytest.param(lambda _key: "wrong", id="wrong"),
        pytest.param(lambda _key: token.generate(), id="well-formed but unknown"),
        pytest.param(
            lambda _key: "".join(random.Random(1).choices("abc.-_~+/=", k=10_000)), id="10 kB noise"
        ),
    ],
)
def test_a_wrong_key_is_invalid(http: httpx.Client, secret: str, spoil: object) -> None:
    assert callable(spoil)
    wrong = spoil(secret)
    for response in (
        http.get(SHORT_URLS, headers=bearer(wrong)),
        http.get(SHORT_URLS, headers={"X-API-Key": wrong}),
        http.get(SHORT_URLS, params={"api_key": wrong}),
    ):
        assert_response(response, 401, INVALID_API_KEY)
        assert response.headers["www-authenticate"] == 'Bearer realm="Jmpy", error="invalid_token"'


@pytest.mark.parametrize(
    ("value", "code", "hint"),
    [
        ("{key}", "UNAUTHORIZED", Hint.BARE),
        ("Basic dXNlcjpwYXNz", "UNAUTHORIZED", Hint.BASIC),
        ("Bearer $JMPY_API_KEY", "INVALID_API_KEY", Hint.PLACEHOLDER),
        ("Bearer jmpy_****abcd", "INVALID_API_KEY", Hint.MASKED),
        ("Bearer Bearer {key}", "INVALID_API_KEY", Hint.SCHEME_IN_KEY),
    ],
)
def test_what_is_wrong_with_the_form_of_a_key_is_said_without_the_key(
    http: httpx.Client, secret: str, value: str, code: str, hint: Hint
) -> None:
    response = http.get(SHORT_URLS, headers={"Authorization": value.replace("{key}", secret)})
    assert (response.status_code, response.json()["error"]["code"]) == (401, code)
    assert response.json()["error"]["details"] == {"hint": hint}
    assert secret not in response.text


def test_without_a_try_or_with_a_key_of_the_right_form_there_is_no_hint(http: httpx.Client) -> None:
    assert http.get(SHORT_URLS).json() == UNAUTHORIZED
    assert http.get(SHORT_URLS, headers=bearer(token.generate())).json() == INVALID_API_KEY


def test_two_headers_are_invalid(http: httpx.Client, secret: str) -> None:
    headers = [("Authorization", f"Bearer {secret}"), ("Authorization", f"Bearer {secret}")]
    assert_response(http.get(SHORT_URLS, headers=headers), 401, INVALID_API_KEY)


def test_two_query_parameters_are_invalid(http: httpx.Client, secret: str) -> None:
    response = http.get(SHORT_URLS, params=[("api_key", secret), ("api_key", secret)])
    assert_response(response, 401, INVALID_API_KEY)


@pytest.mark.parametrize("value", [b"Bearer \xff\xfe", b"Bearer caf\xc3\xa9", b"\x80"])
def test_bytes_that_are_no_text_are_refused(http: httpx.Client, value: bytes) -> None:
    response = http.get(SHORT_URLS, headers={b"Authorization": value})
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/nope"),
        ("GET", "/api"),
        ("GET", "/api/v1"),
        ("GET", "/api/v1/nope"),
        ("GET", "/api/v1/short-urls/a/b"),
        ("POST", "/nope"),
    ],
)
@pytest.mark.parametrize("with_key", [True, False], ids=["with a key", "without a key"])
def test_an_unknown_route_is_not_found(
    http: httpx.Client, secret: str, method: str, path: str, with_key: bool
) -> None:
    response = http.request(method, path, headers=bearer(secret) if with_key else {})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "NOT_FOUND"
    assert response.headers["x-request-id"]
