"""The function that CloudFront runs on every request, where deploy/edge.yaml has it remove keys."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from project import template
from project.template import PROJECT


def event(query: dict[str, str]) -> dict[str, Any]:
    """As CloudFront hands it over (CloudFront Functions event structure)."""
    return {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "192.0.2.1"},
        "request": {
            "method": "GET",
            "uri": "/api/v1/short-urls",
            "querystring": {name: {"value": value} for name, value in query.items()},
            "headers": {"authorization": {"value": "Bearer k"}},
            "cookies": {},
        },
    }


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
    edge = template.read(PROJECT / "deploy" / "edge.yaml")
    code = edge["Resources"]["RemoveQueryKey"]["Properties"]["FunctionCode"]
    asked = event(query)
    response = page.evaluate(f"event => {{ {code}; return handler(event); }}", asked)
    assert response == event(query if passed is None else passed)["request"]
