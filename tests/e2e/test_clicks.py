"""Clicks, from the browser's request to the counters."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from jmpy.clicks.counts import Counts
from jmpy.clicks.item import account_subject, link_subject
from jmpy.clicks.model import Dimension
from jmpy.clicks.reader import ClickReader
from tests.clicks import AGENTS, COUNTRIES
from tests.e2e.conftest import SHORT_URLS, Stack, bearer

SENT = 252
ACCOUNT = "clicked"


@pytest.fixture(scope="module")
def reader(stack: Stack) -> ClickReader:
    client = stack.deployment.session.client("dynamodb", endpoint_url=stack.env.endpoint)
    return ClickReader(client, stack.deployment.outputs["ClicksTable"])


@pytest.fixture(scope="module")
def key(stack: Stack) -> str:
    return stack.key("read", "write", "delete", account=ACCOUNT)[0]


@pytest.fixture(scope="module")
def links(http: httpx.Client, key: str) -> list[dict[str, Any]]:
    made = []
    for number in range(4):
        body = {"url": f"https://example.com/{number}?utm_source=page-{number}"}
        made.append(http.post(SHORT_URLS, headers=bearer(key), json=body).json()["data"])
    return made


def counted(reader: ClickReader, subject: str) -> Counts:
    today = datetime.now(UTC).date()
    total = Counts()
    for counts in reader.days(subject, today - timedelta(days=1), today).values():
        total.merge(counts)
    return total


def await_clicks(reader: ClickReader, subject: str, clicks: int) -> Counts:
    deadline = time.monotonic() + 90
    while (found := counted(reader, subject)).total.clicks < clicks:
        assert time.monotonic() < deadline, f"{found.total.clicks} of {clicks} were counted"
        time.sleep(0.2)
    return found


def test_every_redirect_is_counted_once_by_every_dimension(
    stack: Stack, http: httpx.Client, reader: ClickReader, links: list[dict[str, Any]]
) -> None:
    kinds = itertools.cycle(itertools.product(range(len(links)), AGENTS[:3], COUNTRIES))
    sent = [next(kinds) for _ in range(SENT)]

    def follow(kind: tuple[int, str, str]) -> int:
        link, agent, country = kind
        headers = {"User-Agent": agent, "CF-IPCountry": country, "Referer": "https://t.co/x"}
        path = f"{stack.env.base_url}/{links[link]['short_code']}"
        return httpx.get(path, headers=headers, trust_env=False, timeout=60).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(follow, sent)) == {301}
    found = await_clicks(reader, account_subject(ACCOUNT), SENT)
    assert found.total.clicks == SENT
    assert found.total.unique == len(links) * 3  # one address, three browsers
    expected = {
        Dimension.COUNTRY: [
            (country, sum(kind[2] == country for kind in sent)) for country in COUNTRIES
        ],
        Dimension.DEVICE: [("bot", SENT // 3), ("desktop", SENT // 3), ("mobile", SENT // 3)],
        Dimension.AGENT: [("bot", SENT // 3), ("human", 2 * SENT // 3)],
        Dimension.REFERRER: [("t.co", SENT)],
        Dimension.SOURCE: [("social", SENT)],
        Dimension.LINK: [
            (link["id"], sum(kind[0] == number for kind in sent))
            for number, link in enumerate(links)
        ],
        Dimension.UTM_SOURCE: [
            (f"page-{number}", sum(kind[0] == number for kind in sent))
            for number in range(len(links))
        ],
    }
    for dimension, values in expected.items():
        tallies = {name: tally.clicks for name, tally in found.by[dimension].items()}
        assert tallies == dict(values)


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
