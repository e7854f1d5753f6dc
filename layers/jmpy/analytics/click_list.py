"""Lists of clicks, the only part of the analytics that is not read from counters. They go as far
back as clicks are retained; older ones that DynamoDB has not deleted yet are left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from jmpy.analytics import date_range as ranges
from jmpy.analytics.errors import OffsetTooDeep
from jmpy.clicks.item import account_subject, campaign_subject, link_subject, moment
from jmpy.clicks.model import Bots, Dimension, Via

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmpy.analytics.date_range import Days
    from jmpy.analytics.service import AnalyticsService
    from jmpy.clicks.counts import Tally
    from jmpy.clicks.model import StoredClick
    from jmpy.clicks.reader import ClickReader
    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore

MAX_OFFSET = 10_000
"""An offset is a position, which only reading up to it can find."""

MAX_EXPORTED = 10_000

SEARCHED = MAX_OFFSET + 1_000
"""Clicks, the newest, that are looked through for those that a filter selects: as many as the last
page of the list without a filter reads."""


GLANCED_AT = 1_000
"""The same for the few that the page of a QR code shows."""


@dataclass(frozen=True, slots=True)
class ListedClick:
    click: StoredClick
    link: Link | None
    """None when it has been deleted since."""
    campaign_name: str | None = None
    """As it is now, of the campaign that the link was in then; None when that has been deleted."""


@dataclass(frozen=True, slots=True)
class ClickPage:
    clicks: list[ListedClick]
    total: Tally
    is_complete: bool
    """False where there may be more that match, behind those that were searched."""


class ClickList:
    """Of an account, or of one of its links where one is given."""

    def __init__(
        self,
        reader: ClickReader,
        counters: AnalyticsService,
        links: LinkStore,
        retention_days: int,
    ) -> None:
        """`retention_days`: UTC days for which clicks are listed, today among them."""
        self._reader = reader
        self._counters = counters
        self._links = links
        self._campaigns = links.campaigns
        self._retention_days = retention_days

    def page(
        self,
        account_id: str,
        link: Link | None,
        limit: int,
        offset: int,
        *,
        now: float,
        bots: Bots = Bots.INCLUDE,
        selected: tuple[str, ...] | None = None,
    ) -> ClickPage:
        """The latest minute first. `selected`: subjects, one of which a click has to be of. Raises
        OffsetTooDeep."""
        if offset > MAX_OFFSET:
            raise OffsetTooDeep(MAX_OFFSET)
        retained = self._retained(now)
        subject = link_subject(link.id) if link else account_subject(account_id)
        total = self._counters.counts(
            subject if selected is None else selected, retained, bots
        ).total
        end = offset + limit
        if bots is not Bots.INCLUDE or selected is not None:
            end = min(end, total.clicks)  # nothing more is to be found
        newest = self._newest(account_id, link, retained)
        clicks, is_complete = _find(newest, bots, selected, end)
        return ClickPage(list(self._with_links(account_id, clicks[offset:])), total, is_complete)

    def newest(
        self,
        account_id: str,
        link: Link | None,
        *,
        now: float,
        bots: Bots = Bots.INCLUDE,
        selected: tuple[str, ...] | None = None,
    ) -> tuple[list[ListedClick], bool]:
        """Up to one more than `MAX_EXPORTED`, which shows whether there are more; and False where
        those were not searched."""
        newest = self._newest(account_id, link, self._retained(now))
        found, is_complete = _find(newest, bots, selected, MAX_EXPORTED + 1)
        return list(self._with_links(account_id, found)), is_complete

    def scans(
        self,
        account_id: str,
        *,
        now: float,
        bots: Bots = Bots.INCLUDE,
        selected: tuple[str, ...] | None = None,
    ) -> Iterator[StoredClick]:
        """Of all QR codes, the latest minute first, among the newest `SEARCHED` clicks. `selected`:
        subjects, one of which a scan has to be of. Where there are no scans, no click is read."""
        retained = self._retained(now)
        subject = account_subject(account_id) if selected is None else selected
        counts = self._counters.counts(subject, retained, bots)
        scans = (
            click
            for click in islice(self._newest(account_id, None, retained), SEARCHED)
            if click.qr_id is not None
            and bots.counts(is_bot=click.is_bot)
            and (selected is None or _is_of(click, selected))
        )
        return islice(scans, counts.tally(Dimension.VIA, Via.QR_CODE).clicks)

    def scans_of(self, link_id: str, qr_id: str, limit: int, *, now: float) -> list[StoredClick]:
        """Of one QR code, the latest minute first, among the newest `GLANCED_AT` clicks of its
        link."""
        clicks = _since(self._retained(now), self._reader.clicks_of_link(link_id))
        glanced_at = islice(clicks, GLANCED_AT)
        return list(islice((click for click in glanced_at if click.qr_id == qr_id), limit))

    def _retained(self, now: float) -> Days:
        return ranges.last_days(self._retention_days, now)

    def _newest(self, account_id: str, link: Link | None, retained: Days) -> Iterator[StoredClick]:
        clicks: Iterable[StoredClick] = (
            self._reader.clicks_of_link(link.id)
            if link
            else self._reader.clicks_of_account(account_id)
        )
        return _since(retained, clicks)

    def _with_links(self, account_id: str, clicks: list[StoredClick]) -> Iterator[ListedClick]:
        links = self._links.find_all(account_id, {click.link_id for click in clicks})
        ids = {click.campaign_id for click in clicks if click.campaign_id is not None}
        names = {one.id: one.name for one in self._campaigns.with_ids(account_id, ids).values()}
        for click in clicks:
            name = names.get(click.campaign_id or "")
            yield ListedClick(click, links.get(click.link_id), name)


def _since(retained: Days, clicks: Iterable[StoredClick]) -> Iterator[StoredClick]:
    return takewhile(lambda click: moment(click.at).date() >= retained.first, clicks)


def _find(
    newest: Iterator[StoredClick], bots: Bots, selected: tuple[str, ...] | None, end: int
) -> tuple[list[StoredClick], bool]:
    """The first `end` that match, and whether they are among the `SEARCHED`."""
    if end <= 0:
        return [], True
    found: list[StoredClick] = []
    for number, click in enumerate(newest):
        if (bots is not Bots.INCLUDE or selected is not None) and number == SEARCHED:
            return found, False
        if bots.counts(is_bot=click.is_bot) and (selected is None or _is_of(click, selected)):
            found.append(click)
        if len(found) == end:
            break
    return found, True


def _is_of(click: StoredClick, subjects: tuple[str, ...]) -> bool:
    """Whether it counts for one of the links and campaigns."""
    return link_subject(click.link_id) in subjects or (
        click.campaign_id is not None and campaign_subject(click.campaign_id) in subjects
    )
