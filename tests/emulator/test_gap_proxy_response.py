"""MiniStack accepts whatever a function returns: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.emulator.gap_stack import Response, Stack

MALFORMED = [
    {"statusCode": 200, "unknown": "value"},
    {"statusCode": "not a status"},
    {"statusCode": 200, "body": {"not": "text"}},
    {"statusCode": 200, "headers": {"x-list": ["value"]}},
    {"statusCode": 200, "headers": {"x-number": 1}},
    {"statusCode": 200, "multiValueHeaders": {"x-text": "value"}},
    "just text",
    None,
]
BOTH = {"statusCode": 200, "headers": {"x-both": "1"}, "multiValueHeaders": {"X-Both": ["2", "3"]}}
CHALLENGE = {"statusCode": 401, "headers": {"WWW-Authenticate": "Bearer"}}


def returning(stack: Stack, response: Any) -> Response:
    return stack.get("/scripted", query=f"?{urlencode({'response': json.dumps(response)})}")


@pytest.mark.parametrize("response", [MALFORMED[0], MALFORMED[3], MALFORMED[4], "just text"])
def test_a_malformed_response_bare_emulator_lacks_it(bare: Stack, response: Any) -> None:
    assert returning(bare, response).status == HTTPStatus.OK


@pytest.mark.parametrize("response", MALFORMED)
def test_a_malformed_response_adapted(adapted: Stack, response: Any) -> None:
    received = returning(adapted, response)
    assert received.status == HTTPStatus.BAD_GATEWAY
    assert received.json == {"fault": "Internal server error"}
    assert adapted.logged(received)["error"] == "INTEGRATION_FAILURE"


@pytest.mark.parametrize(
    ("response", "status"),
    [({}, 200), ({"headers": None}, 200), ({"statusCode": "201"}, 201), ({"body": None}, 200)],
)
def test_what_may_be_missing_adapted(adapted: Stack, response: Any, status: int) -> None:
    received = returning(adapted, response)
    assert (received.status, received.text) == (status, "")
    assert received.headers["content-type"] == "application/json"


def test_a_name_in_both_maps_bare_emulator_lacks_it(bare: Stack) -> None:
    assert returning(bare, BOTH).headers.getlist("x-both") == ["2", "3"]


def test_a_name_in_both_maps_adapted(adapted: Stack) -> None:
    assert returning(adapted, BOTH).headers.getlist("x-both") == ["2", "3", "1"]


def test_a_boolean_header_adapted(adapted: Stack) -> None:
    assert returning(adapted, {"headers": {"x-bool": True}}).headers["x-bool"] == "true"


def test_a_challenge_bare_emulator_lacks_it(bare: Stack) -> None:
    assert returning(bare, CHALLENGE).headers["www-authenticate"] == "Bearer"


def test_a_challenge_adapted(adapted: Stack) -> None:
    headers = returning(adapted, CHALLENGE).headers
    assert headers["x-amzn-remapped-www-authenticate"] == "Bearer"
    assert "www-authenticate" not in headers
