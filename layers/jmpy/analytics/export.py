"""Answers as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from jmpy.analytics.click_schema import ClickBody
from jmpy.analytics.errors import NoRangeOfClicks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from jmpy.analytics.click_list import ListedClick
    from jmpy.analytics.series import Series

MEDIA_TYPE = "text/csv"

MAX_ROWS = 10_000

MAX_SIZE = 4 * 1024 * 1024
"""Bytes of a file; Lambda answers with at most 6 MB, in which the text is JSON."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of one (OWASP, CSV injection)."""

_NOT_EXPORTED = {"ip_address", "city"}


class Report(StrEnum):
    TIMESERIES = "timeseries"
    CLICKS = "clicks"


class Export(NamedTuple):
    text: str
    is_complete: bool
    """Whether all rows had room."""


def refuse_dates(start: date | None, end: date | None) -> None:
    """Raises NoRangeOfClicks where a list of clicks is asked for by date."""
    for name, moment in (("start_date", start), ("end_date", end)):
        if moment is not None:
            raise NoRangeOfClicks(name)


def of_series(series: Series) -> Export:
    rows = ((p.start.isoformat(), p.tally.clicks, p.tally.unique) for p in series.points)
    return _export(("start", "clicks", "unique_clicks"), rows)


def of_clicks(clicks: Iterable[ListedClick]) -> Export:
    header = [name for name in ClickBody.model_fields if name not in _NOT_EXPORTED]
    rows = (ClickBody.of(click).model_dump(exclude=_NOT_EXPORTED).values() for click in clicks)
    return _export(header, rows)


def _export(header: Sequence[str], rows: Iterable[Iterable[object]]) -> Export:
    text, size = [_line(header)], 0
    for row in rows:
        line = _line(row)
        # As many bytes as it has at most when Lambda writes it as JSON.
        size += len(json.dumps(line))
        if len(text) > MAX_ROWS or size > MAX_SIZE:
            return Export("".join(text), is_complete=False)
        text.append(line)
    return Export("".join(text), is_complete=True)


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(_defused(cells))
    return line.getvalue()


def _defused(cells: Iterable[object]) -> Iterator[object]:
    for cell in cells:
        yield f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
