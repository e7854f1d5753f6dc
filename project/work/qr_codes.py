"""Work of the functions that create, change and draw QR codes."""

from __future__ import annotations

import secrets

from jmpy.limits.plan import LimitClass
from project.work.clicks import clicked
from project.work.context import URL, Work

QR_CODES = "/api/v1/qr-codes"
QR_ANALYTICS = "/api/v1/qranalytics"
STATIC = {"content_type": "url", "content_data": URL}
DYNAMIC = {**STATIC, "is_dynamic": True, "tracking_enabled": True}


def qr_codes(work: Work) -> None:
    auth = work.key()
    once = {"headers": {"Idempotency-Key": secrets.token_hex(8)}}
    first = work.request("POST", f"{QR_CODES}/generate", auth, 201, json=DYNAMIC, **once)
    again = work.request("POST", f"{QR_CODES}/generate", auth, 201, json=DYNAMIC, **once)
    assert again == first
    one = f"{QR_CODES}/{first['data']['id']}"
    assert work.request("GET", QR_CODES, auth)["data"]["qrCodes"]
    changed = {"content_data": {"url": "https://example.com/changed"}, "name": "Renamed"}
    work.request("PUT", one, auth, json=changed)
    assert work.request("GET", one, auth)["data"]["qrCode"]["name"] == "Renamed"
    work.request("DELETE", one, auth)
    throttled = work.exhausted(LimitClass.QR_GENERATION)
    work.request("POST", f"{QR_CODES}/generate", throttled, 429, json=STATIC)


def images(work: Work) -> None:
    created = work.request("POST", f"{QR_CODES}/generate", work.key(), 201, json=STATIC)["data"]
    response = work.http.get(f"/_/qr/{created['id']}.svg")
    assert (response.status_code, response.text[:4]) == (200, "<svg")


def qr_analytics(work: Work) -> None:
    auth = work.key(account="scanned")
    created = work.request("POST", f"{QR_CODES}/generate", auth, 201, json=DYNAMIC)["data"]
    clicked(work, created["short_url_id"], "scanned", qr_id=created["id"])
    (scan,) = work.request("GET", f"{QR_ANALYTICS}/recent", auth)["data"]
    assert scan["qr_code_id"] == created["id"]
    assert work.request("GET", f"{QR_ANALYTICS}/{created['id']}", auth)["data"]["scans"] == 1
    throttled = work.exhausted(LimitClass.ANALYTICS)
    work.request("GET", f"{QR_ANALYTICS}/recent", throttled, 429)


WORK = {
    "QrCodesFunction": qr_codes,
    "QrImagesFunction": images,
    "QrAnalyticsFunction": qr_analytics,
}
