"""Where the operator requires the edge: what every function that clients meet does without its
proof. What the authorizer does is in tests/unit/test_behind_edge.py."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from jmpy.aws.client import SignedClient
from project import functions, template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

SECRET = "what-the-edge-proves-itself-with-0123456789"
PAGE = "text/html"
FOLDERS = sorted({functions.folder(event.function) for event in template.api_events()})
PAGES = ("dashboard", "docs", "redirect")
PATHS = {"dashboard": "/dashboard", "docs": "/docs", "redirect": "/nope"}


@pytest.fixture(autouse=True)
def _required(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_SECRET_HASHES", sha256(SECRET.encode()).hexdigest())
    monkeypatch.setenv("REQUIRE_EDGE", "true")
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")


def ask(folder: str, secret: str, accept: str = "application/json") -> Response:
    path = PATHS.get(folder, "/api/v1/x")
    sent = functions.event(
        "GET",
        path,
        headers={"x-jmpy-edge": secret, "Accept": accept},
        parameters={"proxy": path[1:]},
        authorizer={"reason": "edge", "viewer": "192.0.2.1"},
    )
    return functions.call(functions.load(folder).handler, sent)


@pytest.mark.parametrize("folder", FOLDERS)
def test_past_the_edge_every_function_says_403_and_where_to_go_and_touches_nothing(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SignedClient, "post", lambda *_: pytest.fail("asked AWS"))
    response = ask(folder, SECRET[:-1])
    assert (response.status, response.code) == (403, "FORBIDDEN")
    message = "Requests to this address are rejected; use https://go.example.com"
    assert response.body["error"]["message"] == message
    assert response.headers["x-request-id"] == "request-1"


@pytest.mark.parametrize("folder", PAGES)
def test_a_browser_past_the_edge_gets_a_page(folder: str) -> None:
    response = ask(folder, "", PAGE)
    assert response.status == 403
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Wrong address</h1>" in response.text
    assert "use https://go.example.com" in response.text


@pytest.mark.parametrize("folder", FOLDERS)
def test_through_the_edge_every_function_is_what_it_was(folder: str) -> None:
    public = {
        "dashboard": 302, "docs": 200, "redirect": 404, "qr_images": 404, "leaked_keys": 405,
    }  # fmt: skip
    assert ask(folder, SECRET).status == public.get(folder, 401)
