"""Counts an account's tags, renames one, and removes one.

A tag is no record: it is in the links that have it, whatever the case of its letters. So all of
this reads the account's newest `SEARCHED` links, as filters do, and a change is one of each link,
with its own entry in the audit log. One call changes as many links as fit into a request; the
caller repeats it until none remains.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.formats.caseless import folded
from jmpy.links.changes import store_change
from jmpy.links.listing import SEARCHED
from jmpy.links.tags import has_any, unique
from jmpy.links.writes import StaleLink
from jmpy.tags.errors import TagNotFound

if TYPE_CHECKING:
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore

CHANGED_AT_ONCE = 100
"""Links that one call changes, at most: seconds of work, within API Gateway's 29."""


@dataclass(frozen=True, slots=True)
class TagCount:
    name: str
    """As most links have it; of equally many, as the newest has it."""
    links: int


@dataclass(frozen=True, slots=True)
class TagCounts:
    tags: list[TagCount]
    """The most frequent first."""
    is_complete: bool
    """Whether all of the account's links were counted."""

    def find(self, tag: str) -> TagCount | None:
        """Whatever the case of its letters."""
        return next((one for one in self.tags if folded(one.name) == folded(tag)), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """Of renaming or removing a tag."""

    changed: int
    """Links that this call changed."""
    remaining: int
    """Links that still have to be changed, of those that were searched."""


class Tags:
    def __init__(self, links: LinkStore, audit: AuditLog, now: Clock = system_clock) -> None:
        self._links = links
        self._audit = audit
        self._now = now

    def counted(self, account_id: str) -> TagCounts:
        """Reads up to `SEARCHED` links and one more."""
        links = self._links.newest(account_id, SEARCHED + 1)
        spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for link in islice(links, SEARCHED):
            for tag in link.tags:
                spellings[folded(tag)][tag] += 1
        tags = [
            TagCount(counts.most_common(1)[0][0], counts.total()) for counts in spellings.values()
        ]
        tags.sort(key=lambda tag: (-tag.links, folded(tag.name)))
        return TagCounts(tags, is_complete=next(links, None) is None)

    def count(self, account_id: str, tag: str) -> TagCount:
        """Raises TagNotFound."""
        if found := self.counted(account_id).find(tag):
            return found
        raise TagNotFound

    def replace(self, account_id: str, tag: str, new: str | None, *, by: Origin) -> Progress:
        """Gives the links that have the tag the `new` one in its place, as `tags.normalized`
        returns it, or none for None. Those that have both then have it once. A link that others
        change at the same time remains for the next call. Raises TagNotFound."""
        old = folded(tag)
        links = self._links.newest(account_id, SEARCHED)
        found = [link for link in links if has_any(link.tags, frozenset({old}))]
        if not found:
            raise TagNotFound
        replaced = [(link, _replaced(link, old, new)) for link in found]
        pending = [(link, tags) for link, tags in replaced if tags != link.tags]
        changed = sum(self._change(link, tags, by) for link, tags in pending[:CHANGED_AT_ONCE])
        return Progress(changed, len(pending) - changed)

    def _change(self, link: Link, tags: tuple[str, ...], by: Origin) -> bool:
        """Whether the link still was as it was read."""
        try:
            store_change(self._links, self._audit, link, {"tags": tags}, by=by, now=self._now())
        except StaleLink:
            return False
        return True


def _replaced(link: Link, old: str, new: str | None) -> tuple[str, ...]:
    """The link's tags with the `new` one where the old was, which is given folded."""
    tags = (new if folded(one) == old else one for one in link.tags)
    return unique(one for one in tags if one is not None)
