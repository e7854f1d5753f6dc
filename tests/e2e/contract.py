"""What the tests of the contract have in common: a client, the shape of a link and of an error."""

from __future__ import annotations

import time
from typing import Any

import httpx

from jmpy.formats.times import iso
from ops.smoke.assertions import SHORT_URLS, assert_refused, bearer, data

__all__ = ["assert_refused", "data"]

URL = "https://example.com/"
CAMPAIGN = "3f0e0b52-5d0d-4d0e-9d5c-0f6f7b1b6a11"

# Of a link that was made with nothing but a destination; what differs each time is in FRESH.
PLAIN: dict[str, Any] = {
    "original_url": URL,
    "name": None,
    "custom_alias": None,
    "url_type": "standard",
    "subdomain": None,
    "branded_domain": None,
    "campaign_id": None,
    "channel": "api",
    "source": "URL_SHORTENER",
    "tags": [],
    "status": "active",
    "safety_status": "safe",
    "safety_reason": None,
    "is_dynamic": False,
    "is_password_protected": False,
    "clicks": 0,
    "click_count": 0,
    "human_clicks": 0,
    "bot_clicks": 0,
    "tracking_enabled": True,
    "expires_at": None,
}
FRESH = {"id", "short_code", "short_url", "full_url", "created_at", "updated_at"}


class Client:
    """One account's way to one resource."""

    def __init__(self, http: httpx.Client, secret: str, resource: str = SHORT_URLS) -> None:
        self._http = http
        self._secret = secret
        self._resource = resource

    def __call__(
        self, method: str, path: str = "", headers: dict[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        headers = {**bearer(self._secret), **(headers or {})}
        return self._http.request(method, f"{self._resource}{path}", headers=headers, **sent)

    def create(self, **fields: Any) -> dict[str, Any]:
        link: dict[str, Any] = data(self("POST", json={"url": URL, **fields}), 201)
        return link

    def expired(self, **fields: Any) -> dict[str, Any]:
        """A link that has: none can be created so, and none that ends this second."""
        link = self.create(**fields, expires_at=iso(int(time.time()) + 2))
        for _ in range(500):
            found: dict[str, Any] = data(self("GET", f"/{link['id']}"))
            if found["status"] == "expired":
                return found
            time.sleep(0.05)
        raise AssertionError("the link does not expire")

    def names(self, **query: Any) -> list[str]:
        """The names of the links in a list."""
        return [link["name"] for link in data(self("GET", params=query))["shortUrls"]]
