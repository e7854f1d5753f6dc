"""Series and lists of clicks as CSV, for spreadsheets."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.analytics.click_schema import ClickBody
from jmpy.analytics.errors import NoRangeOfClicks
from jmpy.formats import csv_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from jmpy.analytics.click_list import ListedClick
    from jmpy.analytics.series import Point, Series
    from jmpy.formats.csv_file import CsvFile

SERIES = ("start", "clicks", "unique_clicks", "human_clicks", "bot_clicks")
"""Columns of a series."""

_NOT_EXPORTED = {"ip_address", "city"}


class Report(StrEnum):
    TIMESERIES = "timeseries"
    CLICKS = "clicks"


def reject_dates(start: date | None, end: date | None) -> None:
    """Raises NoRangeOfClicks where a list of clicks is requested by date."""
    for name, moment in (("start_date", start), ("end_date", end)):
        if moment is not None:
            raise NoRangeOfClicks(name)


def series_file(series: Series) -> CsvFile:
    rows = (_row(point) for point in series.points)
    return csv_file.written(SERIES, rows)


def _row(point: Point) -> tuple[object, ...]:
    tally = point.tally
    return (
        point.start.isoformat(),
        tally.clicks,
        tally.unique,
        tally.human_clicks,
        tally.bot_clicks,
    )


def clicks_file(
    clicks: Iterable[ListedClick], base_url: str, *, is_complete: bool = True
) -> CsvFile:
    """`is_complete`: whether no other clicks match."""
    header = [name for name in ClickBody.model_fields if name not in _NOT_EXPORTED]
    rows = (
        ClickBody.from_click(click, base_url).model_dump(exclude=_NOT_EXPORTED).values()
        for click in clicks
    )
    file = csv_file.written(header, rows)
    return file._replace(is_complete=file.is_complete and is_complete)
