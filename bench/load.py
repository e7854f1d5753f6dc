"""Mixed requests, many at once, through the running local stack (`make start`): every answer is
compared with a plain model, and in the end every record with what should be there.

Each worker has an account of its own, so that its model knows every answer beforehand, limits and
their counts included.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench import figures
from jmpy.accounts.service import AccountService
from jmpy.clicks.item import account_subject
from jmpy.clicks.reader import ClickReader
from jmpy.keys.model import Permission
from jmpy.limits.plan import LimitClass
from local import stack_env
from ops.deployment import Deployment
from tests.origins import SOMEBODY
from tests.redirects import await_clicks

SHORT_URLS = "/api/v1/short-urls"
LIMITS = {LimitClass.URL_CREATION: 1_000_000, LimitClass.URL_READS: 1_000_000}
FEW = 20
"""Links that an account holds before it deletes some."""

NOT_FOLLOWED = "https://example.com/0"


@dataclass
class Tally:
    """Of all workers together."""

    wanted: int
    ends: float
    """When no new request is sent, on the monotonic clock."""
    sent: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, kind: str) -> bool:
        """Whether one more is to be sent."""
        with self._lock:
            done = self.sent.total()
            if done >= self.wanted or time.monotonic() > self.ends:
                return False
            self.sent[kind] += 1
            if done % 50 == 0:
                print(f"\r- {done:,} of {self.wanted:,} requests", end="", flush=True)
            return True


@dataclass
class Known:
    """What the model knows of a link."""

    id: str
    code: str
    url: str
    version: int = 1


class Worker:
    def __init__(self, number: int, target: Deployment, http: httpx.Client, tally: Tally) -> None:
        self.account = f"load-{time.time_ns()}-{number}"
        # Without waiting until its keys are on the plan: it has none yet.
        accounts = AccountService(
            target.account_store,
            target.key_store,
            target.edge_keys,
            target.audit_log,
            pause=lambda _: None,
        )
        accounts.ensure(self.account, by=SOMEBODY)
        accounts.subscribe(self.account, "enterprise", LIMITS, by=SOMEBODY)
        everything = target.keys.create(self.account, "load", list(Permission), by=SOMEBODY)
        reading = target.keys.create(self.account, "read", [Permission.READ], by=SOMEBODY)
        self._keys = {"all": everything.secret, "read": reading.secret, "none": None}
        self._http = http
        self._tally = tally
        self._random = random.Random(number)  # noqa: S311 - chooses, hides nothing
        self._number = number
        self.links: dict[str, Known] = {}
        self.followed = 0
        self._used: Counter[LimitClass] = Counter()
        self._kinds: list[tuple[int, Callable[[], None]]] = [
            (20, self.create),
            (25, self.read),
            (10, self.change),
            (8, self.remove),
            (5, self.list),
            (20, self.follow),
            (4, self.refuse_unknown_key),
            (4, self.refuse_without_permission),
            (4, self.refuse_another_accounts_link),
        ]

    def run(self) -> None:
        weights, kinds = zip(*self._kinds, strict=True)
        while True:
            (kind,) = self._random.choices(kinds, weights)
            if kind in (self.read, self.change, self.remove, self.follow) and not self.links:
                kind = self.create
            if kind == self.remove and len(self.links) < FEW:
                kind = self.read
            if not self._tally.take(kind.__name__):
                return
            try:
                kind()
            except httpx.HTTPError as error:
                self._tally.lost += 1
                self._wrong(kind.__name__, type(error).__name__)

    def create(self) -> None:
        code = f"w{self._number}-{self._random.randrange(10**12)}"
        body = {"url": self._url(), "custom_alias": code}
        answer = self._send("POST", SHORT_URLS, LimitClass.URL_CREATION, json=body)
        if self._expect(answer, 201, custom_alias=code, original_url=body["url"]):
            link_id = answer.json()["data"]["id"]
            self.links[link_id] = Known(link_id, code, body["url"])

    def read(self) -> None:
        link = self._any()
        name = self._random.choice([link.id, link.code])
        answer = self._send("GET", f"{SHORT_URLS}/{name}", LimitClass.URL_READS)
        self._expect(answer, 200, id=link.id, short_code=link.code, original_url=link.url)
        if answer.headers.get("etag") != f'"{link.version}"':
            self._wrong("read", f"etag {answer.headers.get('etag')}, not {link.version}")

    def change(self) -> None:
        link, url = self._any(), self._url()
        answer = self._send(
            "PATCH", f"{SHORT_URLS}/{link.code}", LimitClass.URL_READS, json={"url": url}
        )
        if self._expect(answer, 200, id=link.id, original_url=url):
            link.url, link.version = url, link.version + 1

    def remove(self) -> None:
        link = self._any()
        answer = self._send("DELETE", f"{SHORT_URLS}/{link.id}", LimitClass.URL_READS)
        if self._expect(answer, 200):
            del self.links[link.id]

    def list(self) -> None:
        answer = self._send("GET", f"{SHORT_URLS}?limit=100", LimitClass.URL_READS)
        if self._expect(answer, 200):
            found = answer.json()
            listed = {link["id"] for link in found["data"]["shortUrls"]}
            total = found["pagination"]["total"]
            if total != len(self.links) or not listed <= set(self.links):
                self._wrong("list", f"{total} links, not {len(self.links)}")

    def follow(self) -> None:
        """A changed destination may be four seconds old."""
        link = self._any()
        answer = self._http.get(f"/{link.code}")
        if answer.status_code != 301:  # noqa: PLR2004
            self._wrong("follow", f"{answer.status_code}")
            return
        self.followed += 1
        if link.version == 1 and answer.headers["location"] != link.url:
            self._wrong("follow", f"{answer.headers['location']}, not {link.url}")

    def refuse_unknown_key(self) -> None:
        self._expect(self._send("GET", SHORT_URLS, None, key="none"), 401)

    def refuse_without_permission(self) -> None:
        answer = self._send("POST", SHORT_URLS, None, key="read", json={"url": NOT_FOLLOWED})
        self._expect(answer, 403)

    def refuse_another_accounts_link(self) -> None:
        answer = self._send("GET", f"{SHORT_URLS}/hello", LimitClass.URL_READS)
        self._expect(answer, 404)

    def _send(
        self, method: str, path: str, limit: LimitClass | None, key: str = "all", **sent: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._keys[key]}"} if self._keys[key] else {}
        answer = self._http.request(method, path, headers=headers, **sent)
        if limit is not None:
            self._used[limit] += 1
            left = str(LIMITS[limit] - self._used[limit])
            if answer.headers.get("x-ratelimit-remaining") != left:
                self._wrong(method, f"{answer.headers.get('x-ratelimit-remaining')} left of {left}")
        return answer

    def _expect(self, answer: httpx.Response, status: int, **fields: str) -> bool:
        if answer.status_code != status:
            self._wrong(str(answer.request.url), f"{answer.status_code}: {answer.text[:200]}")
            return False
        data = answer.json().get("data", {})
        if different := {name: data[name] for name in fields if data[name] != fields[name]}:
            self._wrong(str(answer.request.url), f"{different}, not {fields}")
        return True

    def _wrong(self, what: str, how: str) -> None:
        self._tally.wrong.append(f"{what}: {how}")

    def _any(self) -> Known:
        return self._random.choice(list(self.links.values()))

    def _url(self) -> str:
        return f"https://example.com/{self._random.randrange(10**9)}"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--requests", type=int, default=20_000, help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=16, help="default: %(default)s")
    parser.add_argument("--minutes", type=float, default=45, help="at most; default: %(default)s")
    asked = parser.parse_args()
    env = stack_env.read()
    target = env.deployment()
    tally = Tally(asked.requests, time.monotonic() + asked.minutes * 60)
    limits = httpx.Limits(max_connections=asked.workers)
    with httpx.Client(base_url=env.base_url, trust_env=False, timeout=60, limits=limits) as http:
        workers = [Worker(number, target, http, tally) for number in range(asked.workers)]
        started = time.perf_counter()
        with ThreadPoolExecutor(asked.workers) as pool:
            for done in [pool.submit(worker.run) for worker in workers]:
                done.result()
        seconds = time.perf_counter() - started
    print(f"\r- {tally.sent.total():,} requests in {seconds:.0f} s; looking at what is stored")
    written, found = _stored(target, workers)
    clicked, counted = _counted(target, workers)
    total = tally.sent.total()
    figures.write(
        "load",
        "Load",
        f"python -m bench.load --requests {asked.requests} --workers {asked.workers}",
        {
            "requests": total,
            "at once": asked.workers,
            "wrong answers": len(tally.wrong),
            "lost answers": tally.lost,
            "records written": written,
            "records found": found,
            "redirects followed": clicked,
            "clicks counted": counted,
        },
    )
    for kind, count in sorted(tally.sent.items()):
        print(f"{kind.replace('_', ' '):32} {count:,}")
    for line in tally.wrong[:20]:
        print(f"wrong: {line}", file=sys.stderr)
    if total < asked.requests:
        print(f"error: {asked.minutes} minutes were not enough", file=sys.stderr)
    is_right = not tally.wrong and (written, clicked) == (found, counted)
    return 0 if is_right and total == asked.requests else 1


def _stored(target: Deployment, workers: list[Worker]) -> tuple[int, int]:
    """Links that there should be, and those of them that are there as they should be."""
    client = target.session.client("dynamodb", endpoint_url=target.endpoint)
    written = found = 0
    for worker in workers:
        written += len(worker.links)
        for link in worker.links.values():
            key = {"pk": {"S": f"account#{worker.account}"}, "sk": {"S": f"link#{link.id}"}}
            item = client.get_item(
                TableName=target.outputs["LinksTable"], Key=key, ConsistentRead=True
            ).get("Item", {})
            found += item.get("url") == {"S": link.url}
    return written, found


def _counted(target: Deployment, workers: list[Worker]) -> tuple[int, int]:
    """Redirects that were followed, and clicks that were counted."""
    client = target.session.client("dynamodb", endpoint_url=target.endpoint)
    reader = ClickReader(client, target.outputs["ClicksTable"])
    followed = sum(worker.followed for worker in workers)
    counted = sum(
        await_clicks(
            reader, account_subject(worker.account), worker.followed, seconds=300
        ).total.clicks
        for worker in workers
    )
    return followed, counted


if __name__ == "__main__":
    sys.exit(main())
