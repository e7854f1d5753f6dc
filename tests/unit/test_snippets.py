"""The first request that is shown with a key; tests/integration/test_snippets.py sends it."""

from __future__ import annotations

import pytest

from jmpy.access.operations import BY_ROUTE
from jmpy.access.permission import Permission
from jmpy.dashboard.snippets import first_request, request_for
from project.template import PROJECT
from tests.unit.test_docs import blocks

SECRET = "jmpy_" + "EXAMPLE" * 5


@pytest.mark.parametrize(
    ("permissions", "route"),
    [
        ({Permission.WRITE}, "POST /api/v1/short-urls"),
        (set(Permission), "POST /api/v1/short-urls"),
        ({Permission.READ}, "GET /api/v1/short-urls"),
        ({Permission.READ, Permission.ANALYTICS, Permission.DELETE}, "GET /api/v1/short-urls"),
        ({Permission.ANALYTICS, Permission.DELETE}, "GET /api/v1/analytics/overview"),
    ],
)
def test_the_request_is_one_that_the_key_may_send(permissions: set[Permission], route: str) -> None:
    request = request_for(permissions)
    method = "GET" if request.body is None else "POST"
    assert f"{method} {request.path.partition('?')[0]}" == route
    assert BY_ROUTE[route].permission in permissions


def test_a_key_that_can_only_delete_starts_with_nothing_that_cannot_be_undone() -> None:
    request = request_for({Permission.DELETE})
    assert (request.path, request.body) == ("/api/v1/api-keys/current", None)
    assert "can only delete" in request.purpose


def test_a_key_is_in_every_snippet_and_in_no_representation_of_one() -> None:
    shown = first_request("https://go.example.com/live", {Permission.WRITE}, SECRET)
    for snippet in shown.snippets:
        assert SECRET in snippet.code
        assert "https://go.example.com/live" in snippet.code
    assert SECRET not in repr(shown)


def test_no_key_is_part_of_an_address() -> None:
    for permission in Permission:
        for snippet in first_request("https://go.example.com", {permission}, SECRET).snippets:
            (line,) = [line for line in snippet.code.splitlines() if SECRET in line]
            assert "?" not in line
            assert "https://" not in line


def test_the_documentation_shows_the_snippets_that_the_dashboard_shows() -> None:
    document = (PROJECT / "docs" / "api.md").read_text()
    section = document.partition("## Send a first request\n")[2].partition("\n## ")[0]
    shown = first_request("https://go.example.com", {Permission.WRITE}).snippets
    assert [tuple(block) for block in blocks(section)] == [
        (snippet.language, snippet.code + "\n") for snippet in shown
    ]
    for snippet in shown:
        assert f"{snippet.name}:\n" in section
        assert snippet.note in section.replace("\n", " ").replace("`", "")
