"""Divides clicks into chunks, each of which is counted in one transaction."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from jmpy.clicks.counting import counters_of, page_of, recorded, visitors_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmpy.clicks.model import Click

MAX_ITEMS = 80
"""Items that the clicks of a chunk touch, of the 100 that DynamoDB writes in one transaction; the
others are for pages that overflow."""

MAX_CLICKS = 1000
"""They fill six pages at most."""


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
    return {page_of(click), visitors_of(click), *recorded(click), *counters_of(click, shard=0)}
