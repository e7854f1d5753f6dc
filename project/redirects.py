"""Real redirects of all kinds, and the expected counts."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import httpx

from jmpy.clicks.counts import Counts
from jmpy.clicks.model import UNKNOWN, Dimension
from project.clicks import AGENTS, COUNTRIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.clicks.reader import ClickReader

REFERRERS = {
    "": ("direct", "direct"),
    "https://t.co/x": ("t.co", "social"),
    "https://www.google.de/": ("google.de", "search"),
    "https://blog.example.org/post": ("blog.example.org", "referral"),
}
"""The referrer that is sent, and the referrer and source that it is counted as."""

BROWSERS = {
    AGENTS[0]: ("desktop", "human"),
    AGENTS[1]: ("mobile", "human"),
    AGENTS[2]: ("bot", "bot"),
}


class Kind(NamedTuple):
    link: int
    agent: str
    country: str
    referrer: str
    campaign: str


@dataclass(frozen=True)
class Burst:
    """Redirects that go through links in turn, with every kind of header in every combination."""

    codes: tuple[str, ...]
    ids: tuple[str, ...]
    count: int

    @property
    def kinds(self) -> list[Kind]:
        combinations = itertools.product(
            range(len(self.codes)), BROWSERS, COUNTRIES, REFERRERS, ("spring", "autumn")
        )
        every = [Kind(*combination) for combination in combinations]
        return list(itertools.islice(itertools.cycle(every), self.count))

    def send(self, base_url: str, workers: int, progress: Callable[[int], None]) -> Counter[int]:
        """Returns the statuses; `progress` gets the number of responses."""
        done = itertools.count(1)
        with httpx.Client(trust_env=False, timeout=60) as client:

            def follow(kind: Kind) -> int:
                headers = {"User-Agent": kind.agent, "CF-IPCountry": kind.country}
                if kind.referrer:
                    headers["Referer"] = kind.referrer
                url = f"{base_url}/{self.codes[kind.link]}"
                response = client.get(url, params={"utm_campaign": kind.campaign}, headers=headers)
                progress(next(done))
                return response.status_code

            with ThreadPoolExecutor(workers) as pool:
                return Counter(pool.map(follow, self.kinds))

    def expected(self) -> dict[Dimension, Counter[str]]:
        kinds = self.kinds
        return {
            Dimension.LINK: Counter(self.ids[kind.link] for kind in kinds),
            # Without the proof of a CDN, its headers are not trusted.
            Dimension.COUNTRY: Counter({UNKNOWN: len(kinds)}),
            Dimension.REFERRER: Counter(REFERRERS[kind.referrer][0] for kind in kinds),
            Dimension.SOURCE: Counter(REFERRERS[kind.referrer][1] for kind in kinds),
            Dimension.DEVICE: Counter(BROWSERS[kind.agent][0] for kind in kinds),
            Dimension.AGENT: Counter(BROWSERS[kind.agent][1] for kind in kinds),
            Dimension.UTM_CAMPAIGN: Counter(kind.campaign for kind in kinds),
        }

    def visitors(self) -> int:
        """From one address, a visitor is a browser; each counts on each link."""
        return len({(kind.link, kind.agent) for kind in self.kinds})


def counted(reader: ClickReader, subject: str) -> Counts:
    """Today, and yesterday in case it was just midnight."""
    today = datetime.now(UTC).date()
    total = Counts()
    for counts in reader.days(subject, today - timedelta(days=1), today).values():
        total.merge(counts)
    return total


def await_clicks(reader: ClickReader, subject: str, clicks: int, *, seconds: float = 90) -> Counts:
    deadline = time.monotonic() + seconds
    while (found := counted(reader, subject)).total.clicks < clicks:
        assert time.monotonic() < deadline, f"{found.total.clicks} of {clicks} were counted"
        time.sleep(0.2)
    return found
