"""Which of an account's links were clicked most."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from jmpy.analytics.breakdown import top
from jmpy.clicks.model import Dimension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.analytics.breakdown import Share
    from jmpy.clicks.counts import Counts
    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore

_CANDIDATES = 1000
"""Links that are looked up at most: an account that deleted more of its most clicked ones gets a
shorter list instead of a slow one."""

_TOGETHER = 100
"""Links that are read at a time."""


class RankedLink(NamedTuple):
    link: Link
    share: Share


class LinkRanking:
    def __init__(self, links: LinkStore) -> None:
        self._links = links

    def top(self, account_id: str, counts: Counts, number: int) -> list[RankedLink]:
        """The links with the most clicks among an account's `counts`, without those that have
        been deleted. One batch read as a rule."""
        return list(islice(self._existing(account_id, counts), number))

    def _existing(self, account_id: str, counts: Counts) -> Iterator[RankedLink]:
        candidates = top(counts, Dimension.LINK, _CANDIDATES)
        for start in range(0, len(candidates), _TOGETHER):
            batch = candidates[start : start + _TOGETHER]
            links = self._links.find_all(account_id, [share.value for share in batch])
            for share in batch:
                if share.value in links:
                    yield RankedLink(links[share.value], share)
