"""The function that CloudFront runs on every request (deploy/edge.yaml)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from project import template
from project.template import PROJECT

PUBLIC = "go.example.com"


def event(
    query: dict[str, str] | None = None, host: str = PUBLIC, **headers: Any
) -> dict[str, Any]:
    """As CloudFront passes it on (CloudFront Functions event structure)."""
    return {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "192.0.2.1"},
        "request": {
            "method": "GET",
            "uri": "/api/v1/short-urls",
            "querystring": {name: {"value": value} for name, value in (query or {}).items()},
            "headers": {"host": {"value": host}, "authorization": {"value": "Bearer k"}, **headers},
            "cookies": {},
        },
    }


def run(page: Page, sent: dict[str, Any], query_key: str = "pass") -> Any:
    """What CloudFront sends on."""
    edge = template.read(PROJECT / "deploy" / "edge.yaml")
    code = edge["Resources"]["ViewerRequest"]["Properties"]["FunctionCode"]["Sub"]
    code = code.replace("${QueryKey}", query_key)
    assert "${" not in code
    return page.evaluate(f"event => {{ {code}; return handler(event); }}", sent)


def stated(host: str) -> dict[str, Any]:
    return {"x-jmpy-host": {"value": host}}


@pytest.mark.parametrize(
    ("query", "passed"),
    [
        ({}, {}),
        ({"api_key": "k"}, {}),
        ({"limit": "5", "api_key": "k", "page": "2"}, {"limit": "5", "page": "2"}),
        ({"api%5Fkey": "k", "%61pi_key": "k"}, {}),
        ({"api_key_id": "1", "API_KEY": "k", "q": "api_key"}, None),
        ({"%zz": "1"}, None),
    ],
    ids=str,
)
def test_a_key_in_the_query_goes_and_all_else_stays(
    page: Page, query: dict[str, str], passed: dict[str, str] | None
) -> None:
    expected = event(query if passed is None else passed, **stated(PUBLIC))["request"]
    assert run(page, event(query), "remove") == expected
    assert run(page, event(query)) == event(query, **stated(PUBLIC))["request"]


@pytest.mark.parametrize("query_key", ["pass", "remove"])
def test_the_api_gets_the_host_of_the_viewer_whatever_the_viewer_states(
    page: Page, query_key: str
) -> None:
    forged: Any = {"value": "victim.example", "multiValue": [{"value": "a"}, {"value": "b"}]}
    for sent in (event(host="promo.go.example.com", **{"x-jmpy-host": forged}),
                 event(host="promo.go.example.com")):  # fmt: skip
        passed = run(page, sent, query_key)
        assert passed["headers"]["x-jmpy-host"] == {"value": "promo.go.example.com"}
        # CloudFront fails a request whose Host a function changes.
        assert passed["headers"]["host"] == {"value": "promo.go.example.com"}
