"""Counts clicks, without a table: what some clicks of one account change in counters, pages of
clicks and pages of visitors.

A ledger is loaded from the table, clicks are added, and it is saved as a whole or not at all; a
click that was added before is recognized by its id (docs/adr/0012).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.item import (
    account_subject,
    campaign_subject,
    day_name,
    hour_name,
    link_subject,
    moment,
    qr_subject,
)
from jmpy.clicks.model import Dimension, StoredClick, is_bot

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from datetime import date

    from jmpy.clicks.model import Click

CLICKS_PER_PAGE = 200
"""A page is written again for every batch that adds to it, hence small: some 10 KB."""

VISITORS_PER_PAGE = 4000
"""32 KB of hashes."""

MAX_ITEMS = 80
"""Items that the clicks of a chunk touch, of the 100 that DynamoDB writes in one transaction; the
others are for pages that overflow."""

MAX_CLICKS = 1000
"""They fill six pages at most."""

T = TypeVar("T")


class Key(NamedTuple):
    pk: str
    sk: str

    @property
    def ranks_links(self) -> bool:
        """Whether it is a counter that counts by `Dimension.LINK`."""
        return self.sk.startswith("day#") and self.pk.startswith(("account#", "campaign#"))


@dataclass(slots=True)
class Record(Generic[T]):
    """An item of the table."""

    key: Key
    value: T
    day: date
    """Which its expiry is reckoned from."""
    version: int = 0
    """As read; 0 when the table does not have the item yet."""
    is_changed: bool = False


class Chain(Generic[T]):
    """Entries that are only ever added, in numbered pages of bounded size."""

    def __init__(
        self, first: Key, day: date, capacity: int, identity: Callable[[T], Hashable]
    ) -> None:
        self._first = first
        self._day = day
        self._capacity = capacity
        self._identity = identity
        self._known: set[Hashable] = set()
        self.pages: list[Record[list[T]]] = []

    @property
    def next_key(self) -> Key | None:
        """Of the page to read next; None when the last one has room, so that none follows."""
        if self.pages and len(self.pages[-1].value) < self._capacity:
            return None
        return self._key(len(self.pages))

    def extend(self, page: list[T], version: int) -> None:
        """Adds the page of `next_key` as the table has it."""
        self.pages.append(Record(self._key(len(self.pages)), page, self._day, version))
        self._known |= {self._identity(entry) for entry in page}

    def add(self, entry: T) -> bool:
        """False when it is there already."""
        identity = self._identity(entry)
        if identity in self._known:
            return False
        self._known.add(identity)
        if (key := self.next_key) is not None:
            self.pages.append(Record(key, [], self._day))
        self.pages[-1].value.append(entry)
        self.pages[-1].is_changed = True
        return True

    def holds(self, identity: Hashable) -> bool:
        return identity in self._known

    def _key(self, number: int) -> Key:
        return Key(self._first.pk, f"{self._first.sk}#{number:03d}")


@dataclass(slots=True)
class Clicked:
    """What is added to the record of a link, or of the scans of a QR code."""

    clicks: int = 0
    unique: int = 0
    bots: int = 0
    """Of the clicks."""
    last_at: int = 0
    """Seconds since the Unix epoch."""

    def add(self, at: int, *, is_unique: bool, is_bot: bool) -> None:
        """`at`: milliseconds since the Unix epoch."""
        self.clicks += 1
        self.unique += is_unique
        self.bots += is_bot
        self.last_at = max(self.last_at, at // 1000)


@dataclass(slots=True)
class Ledger:
    account_id: str
    shard: int
    """Of the account's counters, and of those of its campaigns."""
    counters: dict[Key, Record[Counts]] = field(default_factory=dict)
    clicks: dict[Key, Chain[StoredClick]] = field(default_factory=dict)
    visitors: dict[Key, Chain[bytes]] = field(default_factory=dict)
    links: dict[str, Clicked] = field(default_factory=dict)
    """By id, of the links that exist."""
    qr_codes: dict[str, Clicked] = field(default_factory=dict)
    """By id, of the QR codes that exist."""

    @classmethod
    def for_clicks(cls, account_id: str, shard: int, clicks: Iterable[Click]) -> Ledger:
        """With everything that the clicks touch, and nothing in it."""
        ledger = cls(account_id, shard)
        for click in clicks:
            day = moment(click.at).date()
            for key in (*counters_of(click, shard), *counters_of_scan(click)):
                ledger.counters[key] = Record(key, Counts(), day)
            page, visitors = page_of(click), visitors_of(click)
            ledger.clicks[page] = Chain(page, day, CLICKS_PER_PAGE, lambda entry: entry.id)
            ledger.visitors[visitors] = Chain(visitors, day, VISITORS_PER_PAGE, lambda entry: entry)
            ledger.links[click.link_id] = Clicked()
            if click.qr_id is not None:
                ledger.qr_codes[click.qr_id] = Clicked()
        return ledger

    def next_pages(self) -> Iterator[Key]:
        """Pages that the table may have beyond those that are here."""
        clicks = (pages.next_key for pages in self.clicks.values())
        visitors = (pages.next_key for pages in self.visitors.values())
        yield from (key for key in (*clicks, *visitors) if key is not None)

    def add(self, click: Click, values: Mapping[Dimension, str]) -> None:
        """Counts the click, unless it was counted before, or its link is no more."""
        page, visitor = self.clicks[page_of(click)], bytes.fromhex(click.visitor)
        if click.link_id not in self.links or page.holds(click.id):
            return
        is_unique = self.visitors[visitors_of(click)].add(visitor)
        is_unique_scan = self._count_scan(click, values)
        page.add(
            StoredClick(
                id=click.id,
                at=click.at,
                link_id=click.link_id,
                short_code=click.short_code,
                is_unique=is_unique,
                user_agent=click.user_agent,
                values=values,
                qr_id=click.qr_id,
                is_unique_scan=is_unique_scan,
            )
        )
        tally = Tally(1, int(is_unique))
        own = frozenset(map(Dimension, click.own))
        by_link = {**values, Dimension.LINK: click.link_id}
        for key in counters_of(click, self.shard):
            self._count(key, by_link if key.ranks_links else values, tally, own)
        self.links[click.link_id].add(click.at, is_unique=is_unique, is_bot=is_bot(values))

    def _count_scan(self, click: Click, values: Mapping[Dimension, str]) -> bool:
        """Counts a scan for its QR code, if it is one and that exists. Whether it is the visitor's
        first of the day."""
        if click.qr_id not in self.qr_codes:
            return False
        is_unique = self.visitors[visitors_of(click)].add(_scanner(click))
        for key in counters_of_scan(click):
            self._count(key, values, Tally(1, int(is_unique)), frozenset(map(Dimension, click.own)))
        self.qr_codes[click.qr_id].add(click.at, is_unique=is_unique, is_bot=is_bot(values))
        return is_unique

    def _count(
        self, key: Key, values: Mapping[Dimension, str], tally: Tally, own: frozenset[Dimension]
    ) -> None:
        counter = self.counters[key]
        counter.value.add(values, tally, own)
        counter.is_changed = True


def page_of(click: Click) -> Key:
    return Key(f"clicks#{click.link_id}", f"{moment(click.at):%Y-%m-%dT%H:%M}")


def visitors_of(click: Click) -> Key:
    return Key(f"visitors#{click.link_id}", moment(click.at).date().isoformat())


def counters_of(click: Click, shard: int) -> tuple[Key, ...]:
    """The days and hours of the link, the account, and the campaign if the link was in one."""
    keys: tuple[Key, ...] = (
        *_day_and_hour(link_subject(click.link_id), click),
        *_day_and_hour(account_subject(click.account_id), click, shard),
    )
    if click.campaign_id is not None:
        keys += _day_and_hour(campaign_subject(click.campaign_id), click, shard)
    return keys


def counters_of_scan(click: Click) -> tuple[Key, ...]:
    """The QR code's day and hour; none of a click that is no scan."""
    return () if click.qr_id is None else _day_and_hour(qr_subject(click.qr_id), click)


def _day_and_hour(subject: str, click: Click, shard: int = 0) -> tuple[Key, Key]:
    at = moment(click.at)
    return (
        Key(subject, f"{day_name(at.date())}#{shard:02d}"),
        Key(subject, f"{hour_name(at)}#{shard:02d}"),
    )


def _scanner(click: Click) -> bytes:
    """The visitor as the one who scans, among the visitors of the link: somebody who first clicks
    and then scans is one visitor of the link, and one of its QR code."""
    return bytes(byte ^ 0xFF for byte in bytes.fromhex(click.visitor))


def chunks(clicks: Iterable[Click]) -> Iterator[list[Click]]:
    """Each of one account, so that no account's trouble keeps another from being counted, those
    with few clicks first; by link and time, so that few touch the same item."""
    clicks = list(clicks)
    number = Counter(click.account_id for click in clicks)
    ordered = sorted(
        clicks,
        key=lambda click: (number[click.account_id], click.account_id, click.link_id, click.at),
    )
    for _, group in groupby(ordered, key=lambda click: click.account_id):
        yield from _of_account(list(group))


def _of_account(clicks: list[Click]) -> Iterator[list[Click]]:
    chunk: list[Click] = []
    touched: set[object] = set()
    for click in clicks:
        more = touched | _touched_by(click)
        if chunk and (len(more) > MAX_ITEMS or len(chunk) >= MAX_CLICKS):
            yield chunk
            chunk, more = [], _touched_by(click)
        chunk.append(click)
        touched = more
    if chunk:
        yield chunk


def _touched_by(click: Click) -> set[object]:
    return {
        click.link_id,
        page_of(click),
        visitors_of(click),
        *counters_of(click, shard=0),
        *counters_of_scan(click),
        *(() if click.qr_id is None else (qr_subject(click.qr_id),)),
    }
