"""The served reference: the committed document with the address at hand, and a page that loads
nothing from elsewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from project import functions
from project.functions import Response
from project.template import PROJECT

STAGE = "https://api123.execute-api.eu-west-1.amazonaws.com/live"


@pytest.fixture
def app() -> Any:
    return functions.declared("docs")


def get(app: Any, path: str, **headers: str) -> Response:
    return functions.call(app.handler, functions.event("GET", path, headers=headers))


def test_the_document_is_the_committed_one_at_the_address_of_the_request(app: Any) -> None:
    committed = json.loads((PROJECT / "docs" / "openapi.json").read_text())
    response = get(app, "/openapi.json")
    assert (response.status, response.headers["content-type"]) == (200, "application/json")
    assert response.body == committed | {"servers": [{"url": STAGE}]}


def test_behind_a_domain_of_ones_own_it_names_that(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")
    assert get(app, "/openapi.json").body["servers"] == [{"url": "https://go.example.com"}]


def test_behind_a_custom_domain_of_the_gateway_no_stage_is_named(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWN_DOMAINS", "go.example.com")
    sent = functions.event("GET", "/openapi.json")
    sent["requestContext"] |= {"path": "/openapi.json", "domainName": "go.example.com"}
    response = functions.call(app.handler, sent)
    assert response.body["servers"] == [{"url": "https://go.example.com"}]


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_who_has_it_already_gets_no_second_copy(app: Any, path: str) -> None:
    first = get(app, path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["vary"] == "Accept-Encoding"
    for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        response = get(app, path, **{"If-None-Match": sent})
        assert (response.status, response.text, response.headers["etag"]) == (304, "", tag)
    assert get(app, path, **{"If-None-Match": '"other"'}).status == 200


def test_the_page_loads_its_own_files_and_they_are_stored_for_good(app: Any) -> None:
    page = get(app, "/docs").text
    loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+)"', page)
    assert len(loaded) == 5
    for address in loaded:
        assert re.fullmatch(r"docs/assets/[a-z-]+\.[0-9a-f]{12}\.[a-z]+", address)
        response = get(app, f"/{address}")
        assert (response.status, bool(response.text)) == (200, True)
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        again = get(app, f"/{address}", **{"If-None-Match": response.headers["etag"]})
        assert (again.status, again.text) == (304, "")


def test_no_invented_hash_is_a_way_past_a_cdn_to_a_large_file(app: Any) -> None:
    response = get(app, f"/docs/assets/reference.{'0' * 12}.js")
    assert (response.status, response.text) == (302, "")
    assert response.headers["cache-control"] == "no-store"
    assert get(app, response.headers["location"].removeprefix(STAGE)).status == 200


def test_the_policy_allows_no_other_host_and_no_inline_code(app: Any) -> None:
    policy = get(app, "/docs").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert set(re.findall(r"https?://[^ ;]+", policy)) == {STAGE.removesuffix("/live")}


@pytest.mark.parametrize("name", ["app.py", "openapi.json", "../app.py", "", "page.html"])
def test_nothing_else_is_served(app: Any, name: str) -> None:
    assert get(app, f"/docs/assets/{name}").status == 404


def test_another_method_is_rejected(app: Any) -> None:
    response = functions.call(app.handler, functions.event("POST", "/docs"))
    assert (response.status, response.headers["allow"]) == (405, "GET")
