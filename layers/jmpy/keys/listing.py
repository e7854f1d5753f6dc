"""Lists of an account's keys: searched, filtered, sorted, by page.

The default list, and the same oldest first, reads one page of keys. Every other list reads the
first `SEARCHED` keys of the account and works in memory, so that its cost is bounded by that number
and not by the account (docs/listing.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from jmpy.formats.caseless import folded
from jmpy.formats.time_range import check_range
from jmpy.keys import token
from jmpy.keys.issuing import DISPLAY_PREFIX_LENGTH
from jmpy.keys.model import KeyState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jmpy.access.permission import Permission
    from jmpy.keys.model import ApiKey, Environment
    from jmpy.keys.store import KeyStore

SEARCHED = 2_000
"""Keys that a search, a filter or another sort looks at: the newest, or, sorted by the time of
creation, oldest first, the oldest. At most `working_limit.MAX_WORKING` keys of an account work; the
rest have ended."""

LONGEST_SEARCH = 200
"""Characters."""

LastUsed = Callable[[Collection[str]], Mapping[str, int]]
"""When keys were last used, by key id; without those that never were."""

_INFINITY = float("inf")


class _Searched(NamedTuple):
    texts: Callable[[ApiKey], Iterable[str]]
    shortest: int = 1
    """Characters of a word that is looked for in them: a digit is in the id of every key."""


_SEARCHED = (
    _Searched(lambda key: (key.name, key.description or "", *key.labels)),
    _Searched(lambda key: (f"{key.display_prefix}…{key.last_four}",), shortest=4),
    _Searched(lambda key: (key.id,), shortest=8),
)


class Sort(StrEnum):
    CREATED_AT = "created_at"
    NAME = "name"
    EXPIRES_AT = "expires_at"
    """Keys that never expire come after all dates."""
    LAST_USED_AT = "last_used_at"
    """Keys that were never used come before all dates."""


_PLACES: dict[Sort, Callable[[ApiKey, Mapping[str, int]], float | str]] = {
    Sort.CREATED_AT: lambda key, _: key.created_at,
    Sort.NAME: lambda key, _: folded(key.name),
    Sort.EXPIRES_AT: lambda key, _: _INFINITY if key.expires_at is None else key.expires_at,
    Sort.LAST_USED_AT: lambda key, uses: uses.get(key.id, -_INFINITY),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a key has to match; None matches all, and all have to match. Times are seconds since
    the Unix epoch, UTC."""

    search: str | None = None
    """Words, all of which the key's name, description, labels, its first and last characters (for
    words from four characters on) or its id (from eight on) contain, regardless of case; or a whole
    key, which matches itself."""
    states: Collection[KeyState] | None = None
    permission: Permission | None = None
    environment: Environment | None = None
    label: str | None = None
    """One of its labels, regardless of case."""
    expires: bool | None = None
    """Whether the key has an expiry."""
    expires_after: int | None = None
    """At this time or later; without keys that never expire, as in the next one."""
    expires_before: int | None = None
    """At this time or earlier."""

    def __post_init__(self) -> None:
        """Raises ReversedRange."""
        check_range(self.expires_after, self.expires_before, "expires_after")

    def matches(self, key: ApiKey, now: float) -> bool:
        return (
            (self.states is None or key.state(now) in self.states)
            and (self.permission is None or self.permission in key.permissions)
            and (self.environment is None or key.environment is self.environment)
            and (self.label is None or folded(self.label) in map(folded, key.labels))
            and (self.expires is None or self.expires is (key.expires_at is not None))
            and self._has_expiry(key.expires_at)
            and (not self.search or _has(key, self.search))
        )

    def _has_expiry(self, expires_at: int | None) -> bool:
        after, before = self.expires_after, self.expires_before
        if expires_at is None:
            return after is None and before is None
        return (after is None or expires_at >= after) and (before is None or expires_at <= before)


@dataclass(frozen=True, slots=True)
class Request:
    page: int = 1
    limit: int = 20
    sort: Sort = Sort.CREATED_AT
    descending: bool = True
    filter: Filter = Filter()
    groups_rotations: bool = False
    """Whether a key that is being replaced follows its successor, on the same page; the limit then
    counts the two as one."""

    @property
    def is_plain(self) -> bool:
        is_by_creation = self.sort is Sort.CREATED_AT and self.filter == Filter()
        return is_by_creation and not self.groups_rotations


@dataclass(frozen=True, slots=True)
class Page:
    keys: list[ApiKey]
    total: int
    """Keys on all pages."""
    total_pages: int
    searched: int
    """Keys that were looked at."""
    is_complete: bool = True
    """Whether these are all keys of the account."""


def read(
    store: KeyStore,
    account_id: str,
    request: Request,
    now: float,
    last_used: LastUsed | None = None,
) -> Page:
    """`last_used` is needed to sort by it alone."""
    skip = (request.page - 1) * request.limit
    oldest_first = request.sort is Sort.CREATED_AT and not request.descending
    if request.is_plain:
        keys, total = store.page(account_id, request.limit, skip, newest_first=not oldest_first)
        return Page(keys, total, _pages(total, request.limit), total)
    found, is_complete = store.first(account_id, SEARCHED, newest_first=not oldest_first)
    keys = ordered(found, request, now, last_used)
    groups = grouped(keys, now) if request.groups_rotations else [[key] for key in keys]
    page = [key for group in groups[skip : skip + request.limit] for key in group]
    pages = _pages(len(groups), request.limit)
    return Page(page, len(keys), pages, len(found), is_complete)


def ordered(
    keys: Iterable[ApiKey], request: Request, now: float, last_used: LastUsed | None = None
) -> list[ApiKey]:
    """The keys that match, in the order of the request; equal ones by id, in the same direction."""
    found = [key for key in keys if request.filter.matches(key, now)]
    uses: Mapping[str, int] = {}
    if request.sort is Sort.LAST_USED_AT and last_used is not None:
        uses = last_used([key.id for key in found])
    place = _PLACES[request.sort]
    return sorted(found, key=lambda key: (place(key, uses), key.id), reverse=request.descending)


def grouped(keys: Sequence[ApiKey], now: float) -> list[list[ApiKey]]:
    """Each key, followed by those that it is replacing, if both are among `keys`."""
    listed = {key.id for key in keys}
    replaced: dict[str, list[ApiKey]] = {}
    leading = []
    for key in keys:
        if key.state(now) is KeyState.ROTATING and key.replaced_by in listed:
            replaced.setdefault(str(key.replaced_by), []).append(key)
        else:
            leading.append(key)
    return [_line(key, replaced) for key in leading]


def without_secret(search: str) -> str:
    """The search, with the first and last characters of a whole key in its place: a page must not
    show a key, nor an address contain it."""
    return " ".join(map(_shortened, search.split()))


def _line(key: ApiKey, replaced: Mapping[str, list[ApiKey]]) -> list[ApiKey]:
    older = replaced.get(key.id, [])
    return [key, *(found for one in older for found in _line(one, replaced))]


def _shortened(word: str) -> str:
    if not token.is_valid(word):
        return word
    return f"{word[:DISPLAY_PREFIX_LENGTH]}…{word[-4:]}"


def _has(key: ApiKey, search: str) -> bool:
    return all(
        key.digest == token.digest(word) if token.is_valid(word) else _contains(key, folded(word))
        for word in search.split()
    )


def _contains(key: ApiKey, word: str) -> bool:
    return any(
        word in folded(text)
        for one in _SEARCHED
        if len(word) >= one.shortest
        for text in one.texts(key)
    )


def _pages(total: int, limit: int) -> int:
    return -(-total // limit)
