"""On a host that is not one of the deployment's own names: what every function that clients meet
does there. What the authorizer does is in tests/unit/test_behind_edge.py, short links are in
test_redirect_hosts.py."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.client import SignedClient
from project import functions, template

if TYPE_CHECKING:
    from project.functions import Response

SECRET = "what-the-edge-proves-itself-with-0123456789"
ROUTES = sorted(
    (event.path, event.method, functions.folder(event.function))
    for event in template.api_events()
    if functions.folder(event.function) != "redirect"
)
FOLDERS = sorted({folder for _, _, folder in ROUTES})
PAGES = ("dashboard", "docs")

handlers: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def _reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_SECRET_HASHES", sha256(SECRET.encode()).hexdigest())
    monkeypatch.setattr(SignedClient, "post", lambda *_: pytest.fail("called AWS"))


def send(folder: str, path: str, method: str, accept: str = "application/json") -> Response:
    if folder not in handlers:
        handlers[folder] = functions.declared(folder).handler
    sent = functions.event(
        method,
        path,
        headers={"Accept": accept, "X-Jmpy-Edge": SECRET, "X-Jmpy-Host": "go.acme.com"},
        authorizer={"reason": "host", "viewer": "192.0.2.1"},
    )
    return functions.call(handlers[folder], sent)


@pytest.mark.parametrize(("path", "method", "folder"), ROUTES)
def test_no_route_but_that_of_short_links_is_there(path: str, method: str, folder: str) -> None:
    response = send(folder, path, "GET" if method == "ANY" else method)
    assert (response.status, response.code) == (404, "NOT_FOUND")
    message = "Nothing but short links is served under this host"
    assert response.body["error"]["message"] == message
    assert response.headers["x-request-id"] == "request-1"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_preflight_is_not_answered_there(folder: str) -> None:
    response = send(folder, "/api/v1/x", "OPTIONS")
    assert response.status == 404
    assert "access-control-allow-methods" not in response.headers


@pytest.mark.parametrize("folder", PAGES)
def test_a_browser_gets_a_page_without_a_form(folder: str) -> None:
    response = send(folder, "/login", "GET", accept="text/html")
    assert response.status == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in response.headers
    assert "<form" not in response.text


def test_a_host_that_only_the_client_states_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGE_SECRET_HASHES", sha256(b"another").hexdigest())
    assert send("docs", "/docs", "GET", accept="text/html").status == 200
