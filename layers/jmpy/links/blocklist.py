"""Hosts and domains that no link may lead to: the operator's list, cached for seconds.

It is checked where a link is created or changed, and where one is followed, so that an entry is
about all links, whenever they were created. A fault while reading it is no decision: it passes
through, and nobody gets by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.cache import Cache
from jmpy.clock import system_clock
from jmpy.links import hosts
from jmpy.links.errors import InvalidDestination
from jmpy.links.safety import Cause, Takedown, TakedownReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.clock import Clock
    from jmpy.links.model import Link

CACHED = 30.0
"""Seconds: within a minute an entry is effective everywhere."""

Hosts = frozenset[str]


class Blocklist:
    def __init__(self, load: Callable[[], Hosts], now: Clock = system_clock) -> None:
        self._load = load
        self._hosts: Cache[None, Hosts] = Cache(CACHED, capacity=1, now=now)

    def match(self, url: str) -> str | None:
        """The entry that a stored destination falls under."""
        return match(self._hosts.get(None, lambda _: self._load()), url)

    def admitted(self, url: str) -> str:
        """The stored destination itself. Raises InvalidDestination."""
        if entry := self.match(url):
            raise InvalidDestination(
                f"Links to {entry} are blocked by the operator of this service"
            )
        return url

    def marked(self, link: Link) -> Link:
        """As its owner sees it. Not to be written: what is held against it here is no takedown."""
        if (entry := self.match(link.url)) is None:
            return link
        note = f"links to {entry} are blocked"
        held = Takedown(Cause.BLOCKLIST, TakedownReason.BLOCKED, note, since=0, subject=entry)
        return replace(link, takedowns=(*link.takedowns, held))


def match(listed: Hosts, url: str) -> str | None:
    """The entry of the list that a stored destination falls under."""
    if not listed:
        return None
    return next((name for name in hosts.chain(hosts.host_of(url)) if name in listed), None)
