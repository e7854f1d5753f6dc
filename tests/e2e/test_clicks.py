"""Clicks, from the browser's request to the counters."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from jmpy.clicks.item import account_subject, link_subject
from jmpy.clicks.reader import ClickReader
from ops.smoke.assertions import SHORT_URLS, bearer
from project.redirects import Burst, await_clicks, counted
from project.stack import Stack

SENT = 288
"""Every kind once on each of four links."""
ACCOUNT = "clicked"


@pytest.fixture(scope="module")
def reader(stack: Stack) -> ClickReader:
    client = stack.deployment.session.client("dynamodb", endpoint_url=stack.env.endpoint)
    return ClickReader(client, stack.deployment.outputs["ClicksTable"])


@pytest.fixture(scope="module")
def key(stack: Stack) -> str:
    return stack.key("read", "write", "delete", "analytics", account=ACCOUNT)[0]


@pytest.fixture(scope="module")
def links(http: httpx.Client, key: str) -> list[dict[str, Any]]:
    body = {"url": "https://example.com/"}
    sent = (http.post(SHORT_URLS, headers=bearer(key), json=body) for _ in range(4))
    return [response.json()["data"] for response in sent]


def test_every_redirect_is_counted_once_by_every_dimension(
    stack: Stack, reader: ClickReader, links: list[dict[str, Any]]
) -> None:
    codes, ids = zip(*((link["short_code"], link["id"]) for link in links), strict=True)
    burst = Burst(codes, ids, SENT)
    assert burst.send(stack.env.base_url, 8, lambda _: None) == {301: SENT}
    found = await_clicks(reader, account_subject(ACCOUNT), SENT)
    assert (found.total.clicks, found.total.unique) == (SENT, burst.visitors())
    for dimension, values in burst.expected().items():
        assert {name: tally.clicks for name, tally in found.by[dimension].items()} == values


def test_a_key_with_the_permission_reads_what_was_counted(
    stack: Stack, http: httpx.Client, key: str, links: list[dict[str, Any]]
) -> None:
    def ask(path: str, **query: str) -> httpx.Response:
        return http.get(f"/api/v1/analytics/{path}", headers=bearer(key), params=query)

    overview = ask("overview").json()["data"]
    assert overview["total_clicks"] == SENT
    assert {link["clicks"] for link in overview["top_links"]} == {SENT // len(links)}
    series = ask("timeseries", timezone="Asia/Tokyo").json()["data"]
    assert sum(point["clicks"] for point in series["series"]) == SENT
    one = links[1]["short_code"]
    quality = ask(f"traffic-quality/{one}").json()
    assert quality["human_clicks"] + quality["bot_clicks"] == SENT // len(links)
    clicks = ask(f"click-details/{one}", limit="1000").json()
    assert len(clicks["data"]) == clicks["pagination"]["total"] == SENT // len(links)
    assert "127.0.0.1" not in str(clicks).replace(stack.env.base_url, "")
    table = ask("export", report="clicks")
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.splitlines()) == SENT + 1
    other = stack.key("read", "write", "delete", account=ACCOUNT)[0]
    assert http.get("/api/v1/analytics/overview", headers=bearer(other)).status_code == 403


def test_a_link_shows_its_clicks_and_takes_its_analytics_along(
    http: httpx.Client, reader: ClickReader, key: str, links: list[dict[str, Any]]
) -> None:
    link = links[0]
    of_link = f"{SHORT_URLS}/{link['id']}"
    clicks = http.get(of_link, headers=bearer(key)).json()["data"]["clicks"]
    assert http.get(f"/{link['short_code']}").status_code == 301
    subject = link_subject(link["id"])
    await_clicks(reader, subject, clicks + 1)
    assert http.get(of_link, headers=bearer(key)).json()["data"]["clicks"] == clicks + 1
    assert list(reader.clicks_of_link(link["id"]))
    assert http.delete(of_link, headers=bearer(key)).status_code == 200
    awaited(lambda: counted(reader, subject).total.clicks == 0)
    awaited(lambda: not list(reader.clicks_of_link(link["id"])))


def awaited(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)
