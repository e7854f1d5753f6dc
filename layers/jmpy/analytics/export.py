"""Answers as CSV, for spreadsheets."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.analytics.click_schema import ClickBody
from jmpy.analytics.errors import NoRangeOfClicks
from jmpy.http import csv_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from jmpy.analytics.click_list import ListedClick
    from jmpy.analytics.series import Series
    from jmpy.http.csv_file import CsvFile

_NOT_EXPORTED = {"ip_address", "city"}


class Report(StrEnum):
    TIMESERIES = "timeseries"
    CLICKS = "clicks"


def refuse_dates(start: date | None, end: date | None) -> None:
    """Raises NoRangeOfClicks where a list of clicks is asked for by date."""
    for name, moment in (("start_date", start), ("end_date", end)):
        if moment is not None:
            raise NoRangeOfClicks(name)


def of_series(series: Series) -> CsvFile:
    rows = ((p.start.isoformat(), p.tally.clicks, p.tally.unique) for p in series.points)
    return csv_file.written(("start", "clicks", "unique_clicks"), rows)


def of_clicks(clicks: Iterable[ListedClick]) -> CsvFile:
    header = [name for name in ClickBody.model_fields if name not in _NOT_EXPORTED]
    rows = (ClickBody.of(click).model_dump(exclude=_NOT_EXPORTED).values() for click in clicks)
    return csv_file.written(header, rows)
