"""Lists of an account's links.

The default list (by time of creation, no filter) reads one page of the table and the account's
count. Every other sort or filter reads the account's newest `SEARCHED` links and works in memory:
its cost is bounded by that number, not by the size of the account (docs/listing.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jmpy.links.errors import InvalidCursor, PageTooDeep

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from jmpy.links.model import Link, LinkStatus
    from jmpy.links.safety import SafetyStatus
    from jmpy.links.store import LinkStore

SEARCHED = 10_000
"""Links that a sort or a filter looks at, the newest first."""


class Sort(StrEnum):
    CREATED_AT = "created_at"
    CLICKS = "clicks"
    NAME = "name"
    SHORT_CODE = "short_code"


_SORT_KEYS: dict[Sort, Callable[[Link], Any]] = {
    Sort.CREATED_AT: lambda link: link.id,
    Sort.CLICKS: lambda link: (link.click_count, link.id),
    Sort.NAME: lambda link: ((link.name or "").casefold(), link.id),
    Sort.SHORT_CODE: lambda link: link.short_code,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a link has to match; None matches all. Times are seconds since the epoch."""

    search: str | None = None
    status: LinkStatus | None = None
    safety: Collection[SafetyStatus] | None = None
    campaign_id: str | None = None
    source: str | None = None
    created_from: int | None = None
    created_until: int | None = None

    def matches(self, link: Link, now: float) -> bool:
        wanted = (self.search or "").casefold()
        texts = (link.name or "", link.short_code, link.url)
        return (
            (not wanted or any(wanted in text.casefold() for text in texts))
            and (self.status is None or link.status(now) is self.status)
            and (self.safety is None or link.safety_status in self.safety)
            and (self.campaign_id is None or link.campaign_id == self.campaign_id)
            and (self.source is None or link.source.casefold() == self.source.casefold())
            and (self.created_from is None or link.created_at >= self.created_from)
            and (self.created_until is None or link.created_at <= self.created_until)
        )


@dataclass(frozen=True, slots=True)
class Request:
    """Which page. With a cursor, `page` only numbers the answer."""

    page: int = 1
    limit: int = 20
    sort: Sort = Sort.CREATED_AT
    descending: bool = True
    filter: Filter = Filter()
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    links: list[Link]
    total: int
    next_cursor: str | None = None
    """Where to go on; None on the last page, and for sorts and filters that have no cursor."""


def read(
    store: LinkStore,
    account_id: str,
    request: Request,
    now: float,
    marked: Callable[[Link], Link] = lambda link: link,
) -> Page:
    """`marked` is what is made of a stored link for its owner to see. Raises InvalidCursor,
    PageTooDeep."""
    if request.sort is Sort.CREATED_AT and request.filter == Filter():
        page = _by_creation(store, account_id, request)
        return replace(page, links=[*map(marked, page.links)])
    if request.cursor is not None:
        raise InvalidCursor
    newest = map(marked, store.newest(account_id, SEARCHED))
    links = [link for link in newest if request.filter.matches(link, now)]
    links.sort(key=_SORT_KEYS[request.sort], reverse=request.descending)
    start = (request.page - 1) * request.limit
    return Page(links[start : start + request.limit], len(links))


def _by_creation(store: LinkStore, account_id: str, request: Request) -> Page:
    total = store.count(account_id)
    after = request.cursor
    skip = 0 if after else (request.page - 1) * request.limit
    if skip > SEARCHED:
        raise PageTooDeep(SEARCHED)
    if skip >= max(total, 1):
        return Page([], total)
    while skip > 0:
        # A page number is a position, which only reading up to it can find; a cursor is a place.
        skipped, after = store.page(account_id, skip, after, newest_first=request.descending)
        skip -= len(skipped)
        if after is None:
            return Page([], total)
    links, next_cursor = store.page(
        account_id, request.limit, after, newest_first=request.descending
    )
    return Page(links, total, next_cursor)
