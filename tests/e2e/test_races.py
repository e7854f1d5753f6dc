"""Requests that arrive at once: an alias has one owner, and no change is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from ops.smoke.assertions import SHORT_URLS, assert_error, bearer, data
from project.stack import Stack

URL = "https://example.com/"
WORKERS = 16
"""The emulator starts a process for each request at once."""


class Client:
    """One account's way to its links."""

    def __init__(self, http: httpx.Client, secret: str) -> None:
        self._http = http
        self._auth = bearer(secret)

    def __call__(
        self, method: str, path: str = "", headers: dict[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        headers = {**self._auth, **(headers or {})}
        return self._http.request(method, f"{SHORT_URLS}{path}", headers=headers, **sent)

    def create(self, **fields: Any) -> dict[str, Any]:
        link: dict[str, Any] = data(self("POST", json={"url": URL, **fields}), 201)
        return link


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[Client]:
    limits = httpx.Limits(max_connections=WORKERS)
    with httpx.Client(
        base_url=stack.env.base_url, timeout=120, limits=limits, trust_env=False
    ) as http:
        yield Client(http, stack.key("read", "write", "delete", account="races")[0])


def at_once(work: Callable[[int], Any], count: int, workers: int = WORKERS) -> list[Any]:
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, range(count)))


def test_of_two_hundred_creates_of_one_alias_one_succeeds(api: Client) -> None:
    def create(number: int) -> httpx.Response:
        return api("POST", json={"url": f"{URL}{number}", "custom_alias": "everyones"})

    responses = at_once(create, 200)
    assert Counter(response.status_code for response in responses) == {201: 1, 409: 199}
    for response in responses:
        if response.status_code == 409:
            assert_error(response, 409, "ALIAS_TAKEN", "custom_alias")
    (winner,) = (data(response, 201) for response in responses if response.status_code == 201)
    assert data(api("GET", "/everyones")) == winner
    # The losers left nothing behind, not even in the count.
    listed = api("GET").json()
    assert [link["id"] for link in listed["data"]["shortUrls"]] == [winner["id"]]
    assert listed["pagination"]["total"] == 1


def test_of_changes_to_one_version_one_succeeds(api: Client) -> None:
    one = f"/{api.create()['id']}"
    for _ in range(5):
        tag = api("GET", one).headers["etag"]

        def change(number: int, tag: str = tag) -> httpx.Response:
            # Of a name that the link has already nothing would change, nor its version.
            return api("PUT", one, json={"name": f"{tag} {number}"}, headers={"If-Match": tag})

        responses = at_once(change, 8, workers=8)
        names = [data(response)["name"] for response in responses if response.status_code == 200]
        assert names == [data(api("GET", one))["name"]]
        for response in responses:
            if response.status_code != 200:
                assert_error(response, 412, "PRECONDITION_FAILED")


def test_a_counter_kept_with_if_match_counts_every_increment(api: Client) -> None:
    one = f"/{api.create(name='0')['id']}"

    def increment(_number: int) -> None:
        while True:
            read = api("GET", one)
            changed = api(
                "PUT",
                one,
                json={"name": str(int(data(read)["name"]) + 1)},
                headers={"If-Match": read.headers["etag"]},
            )
            if changed.status_code == 200:
                return
            assert_error(changed, 412, "PRECONDITION_FAILED")

    at_once(increment, 40, workers=4)
    final = api("GET", one)
    assert data(final)["name"] == "40"
    assert final.headers["etag"] == '"41"'


def test_changes_of_different_fields_at_once_all_stay(api: Client) -> None:
    changes = [
        {"url": f"{URL}new"},
        {"name": "new"},
        {"tags": ["new"]},
        {"is_dynamic": True},
    ]
    for _ in range(5):
        one = f"/{api.create()['id']}"

        def change(number: int, one: str = one) -> httpx.Response:
            return api("PATCH", one, json=changes[number])

        responses = at_once(change, len(changes), workers=len(changes))
        assert [response.status_code for response in responses] == [200] * 4
        link = data(api("GET", one))
        assert link["original_url"] == f"{URL}new"
        assert (link["name"], link["tags"], link["is_dynamic"]) == ("new", ["new"], True)
