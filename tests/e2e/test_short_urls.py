"""A link's life, through the gateway."""

from __future__ import annotations

import httpx

from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack
from tests.e2e.conftest import await_redirect


def test_a_link_is_made_followed_changed_and_deleted(http: httpx.Client, everything: str) -> None:
    auth = bearer(everything)
    created = http.post(
        SHORT_URLS, json={"url": "https://example.com/a?b=c", "custom_alias": "e2e"}, headers=auth
    )
    assert created.status_code == 201
    link = created.json()["data"]

    # The short URL works as it is, from any client.
    followed = httpx.get(link["short_url"], trust_env=False)
    assert (followed.status_code, followed.headers["location"]) == (301, link["original_url"])

    changed = http.put(f"{SHORT_URLS}/e2e", json={"url": "https://example.com/new"}, headers=auth)
    assert changed.json()["data"]["original_url"] == "https://example.com/new"
    await_redirect(http, "/e2e", 301, "https://example.com/new")

    listed = http.get(SHORT_URLS, headers=auth, params={"limit": 1}).json()["data"]["shortUrls"]
    assert [item["id"] for item in listed] == [link["id"]]

    assert http.delete(f"{SHORT_URLS}/{link['id']}", headers=auth).status_code == 200
    await_redirect(http, "/e2e", 404)


def test_accounts_do_not_see_each_other(http: httpx.Client, stack: Stack, everything: str) -> None:
    other = bearer(stack.key("read", "write", "delete", account="other")[0])
    link = http.post(
        SHORT_URLS, json={"url": "https://example.com/"}, headers=bearer(everything)
    ).json()["data"]
    for reference in (link["id"], link["short_code"]):
        assert http.get(f"{SHORT_URLS}/{reference}", headers=other).status_code == 404
        assert http.delete(f"{SHORT_URLS}/{reference}", headers=other).status_code == 404


def test_malformed_input_is_the_clients_error(http: httpx.Client, everything: str) -> None:
    auth = bearer(everything)
    for content, status in ((b"{", 400), (b"\xff\xfe", 400), (b"[]", 422), (b"", 400)):
        response = http.post(SHORT_URLS, content=content, headers=auth)
        assert response.status_code == status
        assert response.json()["success"] is False
    for reference in ("%00", "%F0%9F%94%91", "a" * 3000, "%2e%2e"):
        assert http.get(f"{SHORT_URLS}/{reference}", headers=auth).status_code in (400, 404)
