"""CSV: what spreadsheets must not take for formulas, and where a file ends."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from jmpy.analytics import export
from jmpy.analytics.click_list import ListedClick
from jmpy.analytics.date_range import Days
from jmpy.analytics.series import Point, Series
from jmpy.clicks.counts import Tally
from jmpy.clicks.model import Dimension, StoredClick
from jmpy.domains.model import DomainKind, DomainName
from jmpy.formats import csv_file
from jmpy.links.model import Link

BASE_URL = "https://go.example.com"
PROMO = DomainName("1", "promo.go.example.com", DomainKind.SUBDOMAIN)
LINK = Link("id", "account", "abc", "https://example.com/", 0, 0, domain=PROMO)
CLICK = StoredClick(
    id="request",
    at=1_795_422_600_123,
    link_id="id",
    short_code="abc",
    is_unique=True,
    user_agent="Agent",
    values={Dimension.COUNTRY: "DE", Dimension.REFERRER: "direct"},
)


def rows(made: csv_file.CsvFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.text, newline="")))


def test_clicks_are_rows_without_what_is_never_known() -> None:
    header, row = rows(export.clicks_file([ListedClick(CLICK, LINK)], BASE_URL))
    assert header == [
        "id", "short_code", "short_url", "original_url", "clicked_at", "user_agent", "referrer",
        "country", "device_type", "browser", "os", "is_bot", "agent_kind", "qr_code_id",
        "campaign_id", "campaign_name",
    ]  # fmt: skip
    assert row == [
        "request", "abc", "https://promo.go.example.com/abc", "https://example.com/",
        "2026-11-23T08:30:00Z", "Agent", "", "Germany", "unknown", "unknown", "unknown",
        "false", "human", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_is_no_formula(first: str) -> None:
    agent = f'{first}HYPERLINK("https://evil.example","x")'
    made = export.clicks_file([ListedClick(replace(CLICK, user_agent=agent), LINK)], BASE_URL)
    assert rows(made)[1][5] == f"'{agent}"


def test_cells_hold_commas_quotes_and_line_ends() -> None:
    agent = 'a, "b"\r\nc'
    made = export.clicks_file([ListedClick(replace(CLICK, user_agent=agent), None)], BASE_URL)
    assert rows(made)[1][5] == agent
    assert rows(made)[1][2:4] == ["", ""]


def test_a_series_has_a_row_for_each_point() -> None:
    days = Days(date(2026, 11, 22), date(2026, 11, 23))
    points = [Point(days.first, Tally(0, 0)), Point(days.last, Tally(12, 3, 4, 1))]
    made = export.series_file(Series(days, points))
    header = "start,clicks,unique_clicks,human_clicks,bot_clicks"
    assert made.text == f"{header}\r\n2026-11-22,0,0,0,0\r\n2026-11-23,12,3,8,4\r\n"
    assert made.is_complete


def test_a_file_ends_at_ten_thousand_rows_and_tells() -> None:
    listed = [ListedClick(CLICK, LINK)] * csv_file.MAX_ROWS
    assert export.clicks_file(listed, BASE_URL).is_complete
    more = export.clicks_file([*listed, *listed[:1]], BASE_URL)
    assert (more.is_complete, len(rows(more))) == (False, 1 + csv_file.MAX_ROWS)


def test_a_file_fits_into_what_lambda_answers_with() -> None:
    # Each quote is doubled in CSV, and each of both escaped in JSON.
    long = ListedClick(replace(CLICK, user_agent='"' * 256), replace(LINK, url="x" * 2048))
    made = export.clicks_file([long] * csv_file.MAX_ROWS, BASE_URL)
    assert not made.is_complete
    assert 0.9 * csv_file.MAX_SIZE < len(json.dumps(made.text)) <= csv_file.MAX_SIZE + 1000
