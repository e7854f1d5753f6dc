"""Clicks, and the expected counts."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from jmpy.clicks.classify import values_of
from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.item import (
    account_subject,
    campaign_subject,
    link_subject,
    moment,
    qr_subject,
)
from jmpy.clicks.model import Click, Dimension

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

AT = 1_800_000_000_000
"""15 January 2027, 08:00 UTC, in milliseconds."""

AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "",
)
REFERRERS = ("", "example.org", "google.com", "t.co", "mail.google.com")
COUNTRIES = ("DE", "US", "unknown")
_SCANS = 0.5
CAMPAIGNS: tuple[dict[str, str], ...] = ({}, {"utm_source": "news", "utm_campaign": "autumn"})


def click(number: int = 0, *, link: str = "link-1", account: str = "a", at: int = AT) -> Click:
    return Click(
        id=f"request-{number}",
        at=at,
        link_id=link,
        account_id=account,
        short_code=f"code-{link}",
        visitor=f"{number:016x}",
    )


def traffic(
    count: int,
    links: Sequence[str],
    *,
    account: str = "a",
    seconds: int = 7200,
    seed: int = 1,
    qr_codes: Mapping[str, str] = MappingProxyType({}),
    campaigns: Sequence[str | None] = (None,),
) -> list[Click]:
    """Clicks of all kinds, over some hours, by a third as many visitors. `qr_codes`: ids by link;
    about half of the clicks on those links are scans. `campaigns`: ids that the links are in, one
    after the other."""
    draw = random.Random(seed)
    chosen = [(draw.choice(links), draw.random() < _SCANS) for _ in range(count)]
    return [
        replace(
            click(number, link=link, account=account),
            qr_id=qr_codes.get(link) if is_scan else None,
            at=AT + draw.randrange(seconds * 1000),
            visitor=f"{draw.randrange(max(1, count // 3)):016x}",
            user_agent=draw.choice(AGENTS),
            referrer=draw.choice(REFERRERS),
            country=draw.choice(COUNTRIES),
            utm=draw.choice(CAMPAIGNS),
            campaign_id=campaigns[number % len(campaigns)],
        )
        for number, (link, is_scan) in enumerate(chosen)
    ]


Totals = dict[tuple[str, "date | datetime"], Counts]


def expected(clicks: Iterable[Click]) -> Totals:
    """The expected counts, by subject and day or hour, computed in the simplest way. Which of a
    visitor's clicks is the unique one depends on their order: `without_unique` leaves it out."""
    totals: Totals = defaultdict(Counts)
    for entry in clicks:
        at = moment(entry.at)
        hour = at.replace(minute=0, second=0, microsecond=0)
        values = values_of(entry)
        for when in (at.date(), hour):
            totals[link_subject(entry.link_id), when].add(values, Tally(1, 0))
            by_link = values | ({Dimension.LINK: entry.link_id} if when == at.date() else {})
            totals[account_subject(entry.account_id), when].add(by_link, Tally(1, 0))
            if entry.campaign_id is not None:
                totals[campaign_subject(entry.campaign_id), when].add(by_link, Tally(1, 0))
            if entry.qr_id is not None:
                totals[qr_subject(entry.qr_id), when].add(values, Tally(1, 0))
    return totals


def visitors(clicks: Iterable[Click]) -> int:
    """How many are unique: a visitor counts once per link and UTC day."""
    return len({(entry.link_id, moment(entry.at).date(), entry.visitor) for entry in clicks})


def without_unique(counts: Counts) -> Counts:
    by = {
        dimension: {value: _without_unique(tally) for value, tally in tallies.items()}
        for dimension, tallies in counts.by.items()
    }
    return Counts(_without_unique(counts.total), by)


def _without_unique(tally: Tally) -> Tally:
    return Tally(tally.clicks, 0, tally.bot_clicks, 0)
