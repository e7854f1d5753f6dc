"""Five minutes with the API, in Python with httpx. See examples/README.md."""

import os
import sys
import time
import uuid
from typing import Any

import httpx

MAX_WAIT = 60
"""Seconds that the program waits for a limit or a fault to pass."""


class Jmpy:
    def __init__(self, base_url: str, token: str) -> None:
        self.http = httpx.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    def call(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """Retries after 429 and 503, as `Retry-After` says; exits on any other error."""
        for _ in range(5):
            try:
                response = self.http.request(method, path, **sent)
            except httpx.HTTPError as error:
                sys.exit(f"{method} {path} got no response: {error}")
            if response.is_success:
                return response
            wait = int(response.headers.get("Retry-After", 1))
            if response.status_code not in (429, 503) or wait > MAX_WAIT:
                break
            print(f"Waiting {wait} s", file=sys.stderr)
            time.sleep(wait)
        sys.exit(f"{method} {path} returned {response.status_code}: {message(response)}")


def message(response: httpx.Response) -> str:
    """The error's message; otherwise, as from a proxy, the beginning of the body."""
    try:
        return str(response.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return response.text[:200]


def main() -> None:
    base_url = os.environ["JMPY_BASE_URL"]
    jmpy = Jmpy(base_url, os.environ["JMPY_API_KEY"])

    # 1. Create a link. With the Idempotency-Key it is one, however often the request is sent.
    link = jmpy.call(
        "POST",
        "/api/v1/short-urls",
        json={"url": "https://example.com/", "name": "Five minutes"},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    ).json()["data"]
    print(f"Created {link['short_url']}")

    # 2. Follow it, without a key.
    followed = httpx.get(f"{base_url}/{link['short_code']}", timeout=30)
    print(f"It leads to {followed.headers['Location']}")

    # 3. Read its analytics. Clicks are counted some seconds after they happen.
    for _ in range(12):
        overview = jmpy.call("GET", f"/api/v1/analytics/overview/{link['id']}").json()["data"]
        if overview["total_clicks"]:
            break
        time.sleep(5)
    print(f"Clicks: {overview['total_clicks']}")

    # 4. Send many requests; `call` waits when a limit is exceeded.
    for _ in range(int(os.environ.get("JMPY_REQUESTS", "20"))):
        response = jmpy.call("GET", "/api/v1/short-urls", params={"limit": 1})
    print(f"Requests left today: {response.headers['X-RateLimit-Remaining']}")

    # 5. Replace the key.
    key_id = jmpy.call("GET", "/api/v1/api-keys/current").json()["data"]["id"]
    token = os.environ.get("JMPY_SESSION_TOKEN")
    if not token:
        print(f"Replace the key at {base_url}/dashboard/api-keys/{key_id}")
        return
    owner = Jmpy(base_url, token)
    rotated = owner.call("POST", f"/api/v1/api-keys/{key_id}/rotate", json={"grace_period": 3600})
    Jmpy(base_url, rotated.json()["data"]["key"]).call("GET", "/api/v1/api-keys/current")
    print("Replaced the key; the old one works for another hour")


if __name__ == "__main__":
    main()
