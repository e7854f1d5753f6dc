"""Lists of clicks, the only answers that are not read from counters. They go as far back as clicks
are kept; older ones that DynamoDB has not deleted yet are left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from jmpy.analytics import range as ranges
from jmpy.analytics.errors import OffsetTooDeep
from jmpy.clicks.item import account_subject, link_subject, moment
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmpy.analytics.range import Days
    from jmpy.analytics.service import AnalyticsService
    from jmpy.clicks.model import StoredClick
    from jmpy.clicks.reader import ClickReader
    from jmpy.clock import Clock
    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore

MAX_OFFSET = 10_000
"""An offset is a position, which only reading up to it can find."""

MAX_EXPORTED = 10_000


@dataclass(frozen=True, slots=True)
class ListedClick:
    click: StoredClick
    link: Link | None
    """None when it has been deleted since."""


@dataclass(frozen=True, slots=True)
class ClickPage:
    clicks: list[ListedClick]
    total: int


class ClickList:
    """Of an account, or of one of its links where one is given."""

    def __init__(
        self,
        reader: ClickReader,
        counters: AnalyticsService,
        links: LinkStore,
        kept_days: int,
        now: Clock = system_clock,
    ) -> None:
        """`kept_days`: UTC days for which clicks are listed, today among them."""
        self._reader = reader
        self._counters = counters
        self._links = links
        self._kept_days = kept_days
        self._now = now

    def page(self, account_id: str, link: Link | None, limit: int, offset: int) -> ClickPage:
        """The latest minute first. Raises OffsetTooDeep."""
        if offset > MAX_OFFSET:
            raise OffsetTooDeep(MAX_OFFSET)
        kept = self._kept()
        subject = link_subject(link.id) if link else account_subject(account_id)
        clicks = islice(self._newest(account_id, link, kept), offset, offset + limit)
        total = self._counters.counts(subject, kept).total.clicks
        return ClickPage(list(self._with_links(account_id, list(clicks))), total)

    def newest(self, account_id: str, link: Link | None) -> Iterator[ListedClick]:
        """Up to one more than `MAX_EXPORTED`, so that it can be told whether there are more."""
        clicks = islice(self._newest(account_id, link, self._kept()), MAX_EXPORTED + 1)
        return self._with_links(account_id, list(clicks))

    def _kept(self) -> Days:
        return ranges.last_days(self._kept_days, self._now())

    def _newest(self, account_id: str, link: Link | None, kept: Days) -> Iterator[StoredClick]:
        clicks: Iterable[StoredClick] = (
            self._reader.clicks_of_link(link.id)
            if link
            else self._reader.clicks_of_account(account_id)
        )
        return takewhile(lambda click: moment(click.at).date() >= kept.first, clicks)

    def _with_links(self, account_id: str, clicks: list[StoredClick]) -> Iterator[ListedClick]:
        links = self._links.find_all(account_id, {click.link_id for click in clicks})
        for click in clicks:
            yield ListedClick(click, links.get(click.link_id))
