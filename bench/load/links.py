"""What a worker does with links, and what it knows of them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    import httpx

    from bench.load.caller import Caller

SHORT_URLS = "/api/v1/short-urls"
BULK_ROWS = 3
VISITED = 5
"""Links that are followed, and stay: what is on its way to be counted is not, once its link is
deleted."""
FEW = 20
"""Links that an account holds before it deletes some."""
REMEMBERED = 5.0
"""Seconds for which redirects may go on as if a link had not changed (docs/architecture.md)."""
ATTEMPTS = 4
"""At a link's password; the sixth within a quarter of an hour is rejected."""
EXPIRES_IN = 3
"""Seconds."""


@dataclass
class Link:
    id: str
    code: str
    url: str
    version: int = 1
    clicks: int = 0
    before: list[tuple[str, float]] = field(default_factory=list)
    """Where it led before it was changed, and until when."""
    expires_at: float = 0
    password: str = ""
    attempts: int = 0


@dataclass
class Known:
    links: dict[str, Link] = field(default_factory=dict)
    """By id; all that there should be."""
    visited: list[Link] = field(default_factory=list)
    closed: list[Link] = field(default_factory=list)
    """Those with a password."""
    expiring: list[Link] = field(default_factory=list)
    removed: list[tuple[str, float]] = field(default_factory=list)
    """Codes, and when."""
    counted: int = 0
    """Clicks that the account was told of last."""

    @property
    def clicks(self) -> int:
        return sum(link.clicks for link in self.links.values())


class LinkActions:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._random = caller.random
        self.known = Known()

    def create(self) -> None:
        link = self._create("create")
        if link and len(self.known.visited) < VISITED:
            self.known.visited.append(link)

    def create_twice(self) -> None:
        """As who got no answer does it: the second finds what the first made."""
        once = {"Idempotency-Key": secrets.token_hex(8)}
        body = {"url": self._url()}
        if link := self._create("create twice", body, once):
            self._again(link, body, once)

    def _again(self, link: Link, body: dict[str, str], once: dict[str, str]) -> None:
        response = self._post("create twice", body, once)
        self._caller.expect("create twice", response, 201, id=link.id, short_code=link.code)

    def create_closed(self) -> None:
        password = secrets.token_urlsafe(8) + "a"
        if link := self._create("create closed", {"url": self._url(), "password": password}):
            link.password = password
            self.known.closed.append(link)

    def create_expiring(self) -> None:
        ends = int(time.time()) + EXPIRES_IN
        body = {"url": self._url(), "expires_at": datetime.fromtimestamp(ends, UTC).isoformat()}
        if link := self._create("create expiring", body):
            link.expires_at = ends
            self.known.expiring.append(link)

    def create_bulk(self) -> None:
        rows = [
            {"original_url": self._url(), "custom_alias": self._code()} for _ in range(BULK_ROWS)
        ]
        response = self._caller.send(
            "create in bulk", "POST", "/api/v1/bulk-urls/create", LimitClass.URL_CREATION,
            cost=BULK_ROWS, json={"validated_urls": rows},
        )  # fmt: skip
        if not self._caller.expect("create in bulk", response, 201):
            return
        created = response.json()["data"]["created"]
        for row, link in zip(rows, created, strict=False):
            if (link["original_url"], link["short_code"]) != tuple(row.values()):
                self._caller.wrong("create in bulk", f"{link}, not {row}")
            self._know(link)
        if len(created) != BULK_ROWS:
            self._caller.wrong("create in bulk", f"{len(created)} links")

    def read(self) -> None:
        link = self._random.choice([*self.known.links.values()])
        name = self._random.choice([link.id, link.code])
        response = self._caller.send("read", "GET", f"{SHORT_URLS}/{name}", LimitClass.URL_READS)
        self._caller.expect(
            "read", response, 200, id=link.id, short_code=link.code, original_url=link.url,
            is_password_protected=bool(link.password),
        )  # fmt: skip
        if response.headers.get("etag") != f'"{link.version}"':
            self._caller.wrong("read", f"etag {response.headers.get('etag')}, not {link.version}")

    def change(self) -> None:
        """On condition that the link is as it was read; one in four is not."""
        link, url = self._random.choice([*self.known.visited, *self._removable()]), self._url()
        is_stale = self._random.random() < 0.25  # noqa: PLR2004
        response = self._caller.send(
            "change", "PATCH", f"{SHORT_URLS}/{link.code}", LimitClass.URL_READS,
            json={"url": url}, headers={"If-Match": f'"{link.version + is_stale}"'},
        )  # fmt: skip
        if is_stale:
            self._caller.expect("change", response, 412)
        elif self._caller.expect("change", response, 200, id=link.id, original_url=url):
            link.before.append((link.url, time.monotonic()))
            link.url, link.version = url, link.version + 1

    def remove(self) -> None:
        link = self._random.choice(self._removable())
        response = self._caller.send(
            "remove", "DELETE", f"{SHORT_URLS}/{link.id}", LimitClass.URL_READS
        )
        if self._caller.expect("remove", response, 200):
            del self.known.links[link.id]
            self.known.removed.append((link.code, time.monotonic()))

    def page(self) -> None:
        response = self._caller.send("list", "GET", f"{SHORT_URLS}?limit=100", LimitClass.URL_READS)
        if self._caller.expect("list", response, 200):
            found = response.json()
            listed = {link["id"] for link in found["data"]["shortUrls"]}
            total, links = found["pagination"]["total"], self.known.links
            if total != len(links) or len(listed) != min(total, 100) or not listed <= set(links):
                self._caller.wrong(
                    "list", f"{total} links, {len(listed)} of them, not {len(links)}"
                )

    def follow(self) -> None:
        """Where it leads now, or where it led five seconds ago."""
        link = self._random.choice(self.known.visited)
        response = self._caller.send("follow", "GET", f"/{link.code}", key=None)
        if self._caller.expect("follow", response, 301):
            link.clicks += 1
            since = time.monotonic() - REMEMBERED
            allowed = {link.url, *(url for url, until in link.before if until > since)}
            if response.headers["location"] not in allowed:
                self._caller.wrong("follow", f"{response.headers['location']}, not {allowed}")

    def follow_closed(self) -> None:
        """A link requires its password, rejects a wrong one, and opens with the right one."""
        link = next((link for link in self.known.closed if link.attempts < ATTEMPTS), None)
        if link is None:
            return self.create_closed()
        kind = "follow closed"
        self._caller.expect(kind, self._caller.send(kind, "GET", f"/{link.code}", key=None), 401)
        for said, status in (("wrong", 401), (link.password, 303)):
            link.attempts += 1
            response = self._caller.send(
                kind, "POST", f"/{link.code}", key=None, data={"password": said}
            )
            if self._caller.expect(kind, response, status) and status == 303:  # noqa: PLR2004
                link.clicks += 1
                self._led_to(kind, response, link.url)
        return None

    def follow_expired(self) -> None:
        ended = time.time() - 1
        link = next((link for link in self.known.expiring if link.expires_at < ended), None)
        if link is None:
            return self.create_expiring()
        response = self._caller.send("follow expired", "GET", f"/{link.code}", key=None)
        self._caller.expect("follow expired", response, 410)
        return None

    def follow_removed(self) -> None:
        since = time.monotonic() - REMEMBERED
        codes = [code for code, removed_at in self.known.removed if removed_at < since]
        if not codes:
            return self.page()
        response = self._caller.send(
            "follow removed", "GET", f"/{self._random.choice(codes)}", key=None
        )
        self._caller.expect("follow removed", response, 404)
        return None

    def analyze(self) -> None:
        """Clicks are counted some seconds after they happen, and never more than there were."""
        kind, path = "analyze", "/api/v1/analytics/overview"
        response = self._caller.send(kind, "GET", path, LimitClass.ANALYTICS)
        if self._caller.expect(kind, response, 200):
            total = response.json()["data"]["total_clicks"]
            if not self.known.counted <= total <= self.known.clicks:
                self._caller.wrong(
                    kind, f"{total} clicks, not {self.known.counted} to {self.known.clicks}"
                )
            self.known.counted = total

    def deny_another_accounts_link(self) -> None:
        kind = "deny another account's link"
        response = self._caller.send(kind, "GET", f"{SHORT_URLS}/hello", LimitClass.URL_READS)
        self._caller.expect(kind, response, 404)

    @property
    def can_remove(self) -> bool:
        return len(self._removable()) >= FEW

    def _removable(self) -> list[Link]:
        retained = {link.id for link in self.known.visited}
        return [
            link
            for link in self.known.links.values()
            if link.id not in retained and not link.password and not link.expires_at
        ]

    def _create(
        self, kind: str, body: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> Link | None:
        body = body or {"url": self._url(), "custom_alias": self._code()}
        response = self._post(kind, body, headers)
        said = {"original_url": body["url"]}
        if "custom_alias" in body:
            said["custom_alias"] = body["custom_alias"]
        return (
            self._know(response.json()["data"])
            if self._caller.expect(kind, response, 201, **said)
            else None
        )

    def _post(
        self, kind: str, body: dict[str, str], headers: dict[str, str] | None
    ) -> httpx.Response:
        return self._caller.send(
            kind, "POST", SHORT_URLS, LimitClass.URL_CREATION, json=body, headers=headers
        )

    def _know(self, created: dict[str, str]) -> Link:
        link = Link(created["id"], created["short_code"], created["original_url"])
        self.known.links[link.id] = link
        return link

    def _led_to(self, kind: str, response: httpx.Response, url: str) -> None:
        if response.headers["location"] != url:
            self._caller.wrong(kind, f"{response.headers['location']}, not {url}")

    def _code(self) -> str:
        return f"w{self._caller.number}-{self._random.randrange(10**12)}"

    def _url(self) -> str:
        return f"https://example.com/{self._random.randrange(10**9)}"
