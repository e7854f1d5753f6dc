"""Scans and clicks of one link, from the requests to the counters."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from ops.smoke.assertions import SHORT_URLS, bearer, data
from project.stack import Stack

EACH = 100
CLICKING, SCANNING = range(20), range(15, 25)
"""Browsers: a few of those that click also scan."""


@pytest.fixture(scope="module")
def key(stack: Stack) -> str:
    return stack.key("read", "write", "analytics", account="scanned")[0]


def browser(number: int) -> str:
    return (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{100 + number}.0.0.0 Safari/537.36"
    )


def test_a_link_that_is_clicked_and_scanned_in_turns_counts_both_exactly(
    http: httpx.Client, key: str
) -> None:
    def get(path: str, **query: str) -> Any:
        return data(http.get(path, headers=bearer(key), params=query))

    sent = {"url": "https://example.com/", "qrCode": True}
    link = data(http.post(SHORT_URLS, headers=bearer(key), json=sent), 201)
    qr_code = get(f"/api/v1/qr-codes/{link['qr_code_id']}")["qrCode"]
    scanned = urlsplit(qr_code["content"]).path
    assert scanned != f"/{link['short_code']}"

    def visit(number: int) -> int:
        turn, is_scan = divmod(number, 2)
        browsers = SCANNING if is_scan else CLICKING
        # What a sharer may copy from elsewhere makes no scan of a click.
        path = scanned if is_scan else f"/{link['short_code']}?qr=1"
        agent = browser(browsers[turn % len(browsers)])
        return http.get(path, headers={"User-Agent": agent}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(visit, range(2 * EACH))) == {301}

    deadline = time.monotonic() + 60
    while (shown := get(f"{SHORT_URLS}/{link['id']}"))["clicks"] < 2 * EACH:
        assert time.monotonic() < deadline, f"{shown['clicks']} were counted"
        time.sleep(0.2)
    assert (shown["clicks"], shown["human_clicks"]) == (2 * EACH, 2 * EACH)
    overview = get(f"/api/v1/analytics/overview/{link['id']}")
    assert overview["total_clicks"] == 2 * EACH
    assert overview["unique_clicks"] == len({*CLICKING, *SCANNING})

    qr_code = get(f"/api/v1/qr-codes/{link['qr_code_id']}")["qrCode"]
    assert (qr_code["scan_count"], qr_code["human_scans"]) == (EACH, EACH)
    assert qr_code["unique_scan_count"] == len(SCANNING)
    assert qr_code["last_scanned_at"] is not None
    report = get(f"/api/v1/qranalytics/{link['qr_code_id']}")
    assert (report["scans"], report["unique_scans"]) == (EACH, len(SCANNING))
    assert sum(point["scans"] for point in report["series"]) == EACH
