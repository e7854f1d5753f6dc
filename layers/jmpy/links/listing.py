"""Lists of an account's links.

The default list (by time of creation, no filter) reads one page of the table and the account's
count. Every other sort or filter reads the account's newest `SEARCHED` links and works in memory:
its cost is bounded by that number, not by the size of the account (docs/listing.md).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from jmpy.clicks.model import Bots
from jmpy.domains.choice import url_type
from jmpy.formats.caseless import folded
from jmpy.formats.time_range import check_range
from jmpy.links import codes, destination, tags
from jmpy.links.errors import InvalidCursor, PageTooDeep

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from jmpy.domains.choice import UrlType
    from jmpy.links.model import Link, LinkStatus
    from jmpy.links.safety import SafetyStatus
    from jmpy.links.store import LinkStore

Entry = TypeVar("Entry")

SEARCHED = 10_000
"""Links that a sort or a filter looks at, the newest first."""


class Sort(StrEnum):
    CREATED_AT = "created_at"
    CLICKS = "clicks"
    NAME = "name"
    SHORT_CODE = "short_code"


_SORT_VALUES: dict[Sort, Callable[[Link], int | str]] = {
    Sort.CREATED_AT: lambda link: link.id,
    Sort.CLICKS: lambda link: link.click_count,
    Sort.NAME: lambda link: (link.name or "").casefold(),
    Sort.SHORT_CODE: lambda link: link.short_code,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a link has to match; None matches all. Times are seconds since the epoch."""

    search: str | None = None
    status: LinkStatus | None = None
    safety: Collection[SafetyStatus] | None = None
    campaign_id: str | None = None
    host: str | None = None
    """Of the domain that it is on; empty: the default domain."""
    tags: frozenset[str] = frozenset()
    """As `tags.wanted` returns them; a link has to have one of them."""
    source: str | None = None
    url_type: UrlType | None = None
    created_from: int | None = None
    created_until: int | None = None

    def __post_init__(self) -> None:
        """Raises ReversedRange."""
        check_range(self.created_from, self.created_until)

    def matches(self, link: Link, now: float) -> bool:
        return (
            (not self.search or _has(link, folded(self.search)))
            and (self.status is None or link.status(now) is self.status)
            and (self.safety is None or link.safety_status in self.safety)
            and (self.campaign_id is None or link.campaign_id == self.campaign_id)
            and (self.host is None or link.host == self.host)
            and (not self.tags or tags.has_any(link.tags, self.tags))
            and (self.source is None or link.source.casefold() == self.source.casefold())
            and (self.url_type is None or url_type(link.domain) is self.url_type)
            and (self.created_from is None or link.created_at >= self.created_from)
            and (self.created_until is None or link.created_at <= self.created_until)
        )


def _has(link: Link, wanted: str) -> bool:
    """In a name, a tag, a code, or a destination, as it is stored or as people read it."""
    texts = (link.name or "", *link.tags, link.short_code, link.url)
    return any(wanted in folded(text) for text in texts) or (
        ("%" in link.url or "xn--" in link.url) and wanted in folded(destination.readable(link.url))
    )


@dataclass(frozen=True, slots=True)
class Request:
    """Which page. With a cursor, `page` only numbers the response."""

    page: int = 1
    limit: int = 20
    sort: Sort = Sort.CREATED_AT
    descending: bool = True
    filter: Filter = Filter()
    cursor: str | None = None
    bots: Bots = Bots.INCLUDE
    """Which clicks the links have, to be shown and sorted by."""


@dataclass(frozen=True, slots=True)
class Page:
    links: list[Link]
    total: int
    next_cursor: str | None = None
    """Where to go on; None on the last page."""


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
        return replace(page, links=[marked(link).counting(request.bots) for link in page.links])
    place = None if request.cursor is None else _place(request.cursor, request.sort)
    newest = map(marked, store.newest(account_id, SEARCHED))
    links = [link.counting(request.bots) for link in newest if request.filter.matches(link, now)]
    key = partial(_sort_key, request.sort)
    links.sort(key=key, reverse=request.descending)
    if place is None:
        start = (request.page - 1) * request.limit
    elif request.descending:
        start = next((n for n, link in enumerate(links) if key(link) < place), len(links))
    else:
        start = bisect_right(links, place, key=key)
    end = start + request.limit
    following = _cursor(request.sort, links[end - 1]) if end < len(links) else None
    return Page(links[start:end], len(links), following)


def _sort_key(sort: Sort, link: Link) -> tuple[int | str, str]:
    return _SORT_VALUES[sort](link), link.id


def _cursor(sort: Sort, link: Link) -> str:
    """The place behind a link, which need not be there any more when the next page is read. In
    the order of creation it is the link's id, as without a filter."""
    if sort is Sort.CREATED_AT:
        return link.id
    text = json.dumps([sort.value, *_sort_key(sort, link)], ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str, sort: Sort) -> tuple[int | str, str]:
    """Raises InvalidCursor: it is none, or that of a list in another order."""
    if sort is Sort.CREATED_AT:
        if not codes.is_link_id(cursor):
            raise InvalidCursor
        return cursor, cursor
    try:
        named, value, link_id = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise InvalidCursor from None
    kind = int if sort is Sort.CLICKS else str
    if named != sort.value or type(value) is not kind or not isinstance(link_id, str):
        raise InvalidCursor
    return value, link_id


def _by_creation(store: LinkStore, account_id: str, request: Request) -> Page:
    links, total, following = positioned(
        partial(store.count, account_id),
        partial(store.page, account_id, newest_first=request.descending),
        request,
    )
    return Page(links, total, following)


def of_group(
    store: LinkStore,
    account_id: str,
    count: Callable[[], int],
    read_ids: Callable[[int, str | None], tuple[list[str], str | None]],
    request: Request,
) -> Page:
    """The links in a campaign, or on a domain, in order of creation: reads the page, never the
    account. Raises InvalidCursor, PageTooDeep."""
    ids, total, following = positioned(count, read_ids, request)
    found = store.find_all(account_id, ids, consistent=True)
    links = [found[link_id].counting(request.bots) for link_id in ids if link_id in found]
    return Page(links, total, following)


def positioned(
    count: Callable[[], int],
    read_page: Callable[[int, str | None], tuple[list[Entry], str | None]],
    request: Request,
) -> tuple[list[Entry], int, str | None]:
    """The requested page of entries that are stored in its order, how many there are, and the
    cursor of the next page. `read_page` returns up to as many entries as its first argument says,
    from behind the link id that is the second, and the id to go on from.

    Raises InvalidCursor, PageTooDeep.
    """
    after = request.cursor
    if after is not None and not codes.is_link_id(after):
        raise InvalidCursor
    total = count()
    skip = 0 if after else (request.page - 1) * request.limit
    if skip > SEARCHED:
        raise PageTooDeep(SEARCHED)
    if skip >= max(total, 1):
        return [], total, None
    while skip > 0:
        # A page number is a position, which only reading up to it can find; a cursor is a place.
        skipped, after = read_page(skip, after)
        skip -= len(skipped)
        if after is None:
            return [], total, None
    entries, following = read_page(request.limit, after)
    return entries, total, following
