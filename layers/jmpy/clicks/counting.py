"""Counts clicks, without a table: what some clicks of one account change in counters, pages of
clicks and pages of visitors.

A ledger is loaded from the table, clicks are added, and it is saved as a whole or not at all; a
click that was added before is recognized by its id (docs/adr/0012).
"""

from __future__ import annotations

from dataclasses import dataclass, field
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

_OF_MANY_LINKS = ("account#", "campaign#")
"""How the subjects begin whose counters several chunks are added to at once."""

T = TypeVar("T")


class Key(NamedTuple):
    pk: str
    sk: str

    @property
    def ranks_links(self) -> bool:
        """Whether it is a counter that counts by `Dimension.LINK`."""
        return self.sk.startswith("day#") and self.pk.startswith(_OF_MANY_LINKS)


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
    """What is added to the record of a link, a QR code or a campaign."""

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
    """Of the counters of the account and its campaigns."""
    counters: dict[Key, Record[Counts]] = field(default_factory=dict)
    clicks: dict[Key, Chain[StoredClick]] = field(default_factory=dict)
    visitors: dict[Key, Chain[bytes]] = field(default_factory=dict)
    records: dict[str, Clicked] = field(default_factory=dict)
    """By subject, of the links, QR codes and campaigns that exist."""

    @classmethod
    def for_clicks(cls, account_id: str, shard: int, clicks: Iterable[Click]) -> Ledger:
        """With everything that the clicks touch, and nothing in it."""
        ledger = cls(account_id, shard)
        for click in clicks:
            day = moment(click.at).date()
            for key in counters_of(click, shard):
                ledger.counters[key] = Record(key, Counts(), day)
            page, visitors = page_of(click), visitors_of(click)
            ledger.clicks[page] = Chain(page, day, CLICKS_PER_PAGE, lambda entry: entry.id)
            ledger.visitors[visitors] = Chain(visitors, day, VISITORS_PER_PAGE, lambda entry: entry)
            ledger.records |= {subject: Clicked() for subject in recorded(click)}
        return ledger

    def next_pages(self) -> Iterator[Key]:
        """Pages that the table may have beyond those that are here."""
        clicks = (pages.next_key for pages in self.clicks.values())
        visitors = (pages.next_key for pages in self.visitors.values())
        yield from (key for key in (*clicks, *visitors) if key is not None)

    def add(self, click: Click, values: Mapping[Dimension, str]) -> None:
        """Counts the click, unless it was counted before, or its link is no more."""
        page, visitors = self.clicks[page_of(click)], self.visitors[visitors_of(click)]
        if link_subject(click.link_id) not in self.records or page.holds(click.id):
            return
        scanned = None if click.qr_id is None else qr_subject(click.qr_id)
        is_unique = visitors.add(bytes.fromhex(click.visitor))
        is_unique_scan = scanned in self.records and visitors.add(_scanner(click))
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
        self._count(account_subject(click.account_id), click, values, is_unique=is_unique)
        for subject in self.records.keys() & recorded(click):
            is_first = is_unique_scan if subject == scanned else is_unique
            self._count(subject, click, values, is_unique=is_first)
            self.records[subject].add(click.at, is_unique=is_first, is_bot=is_bot(values))

    def _count(
        self, subject: str, click: Click, values: Mapping[Dimension, str], *, is_unique: bool
    ) -> None:
        tally, own = Tally(1, int(is_unique)), frozenset(map(Dimension, click.own))
        by_link = {**values, Dimension.LINK: click.link_id}
        for key in _day_and_hour(subject, click, self.shard):
            counter = self.counters[key]
            counter.value.add(by_link if key.ranks_links else values, tally, own)
            counter.is_changed = True


def page_of(click: Click) -> Key:
    return Key(f"clicks#{click.link_id}", f"{moment(click.at):%Y-%m-%dT%H:%M}")


def visitors_of(click: Click) -> Key:
    return Key(f"visitors#{click.link_id}", moment(click.at).date().isoformat())


def recorded(click: Click) -> set[str]:
    """The subjects that it is added to the records of."""
    subjects = {link_subject(click.link_id)}
    if click.qr_id is not None:
        subjects.add(qr_subject(click.qr_id))
    if click.campaign_id is not None:
        subjects.add(campaign_subject(click.campaign_id))
    return subjects


def counters_of(click: Click, shard: int) -> set[Key]:
    """Of all its subjects."""
    subjects = {*recorded(click), account_subject(click.account_id)}
    return {key for subject in subjects for key in _day_and_hour(subject, click, shard)}


def _day_and_hour(subject: str, click: Click, shard: int) -> tuple[Key, Key]:
    at = moment(click.at)
    number = shard if subject.startswith(_OF_MANY_LINKS) else 0
    return (
        Key(subject, f"{day_name(at.date())}#{number:02d}"),
        Key(subject, f"{hour_name(at)}#{number:02d}"),
    )


def _scanner(click: Click) -> bytes:
    """The visitor as the one who scans, among the visitors of the link: somebody who first clicks
    and then scans is one visitor of the link, and one of its QR code."""
    return bytes(byte ^ 0xFF for byte in bytes.fromhex(click.visitor))
