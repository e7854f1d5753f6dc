"""No cell of a file is a formula, however a spreadsheet splits it; and what was written is read."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jmpy.formats import csv_file, formulas
from jmpy.imports import records
from jmpy.links import csv_text, export

HOSTILE = (
    "=1+1",
    "@SUM(1)",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "a;=cmd|' /C calc'!A0",
    'a;"=cmd()"',
    'a;""=cmd()',
    "a\t=cmd()",
    "a\n=cmd()",
    "a\r\n=cmd()",
    "a|=cmd()",
    "a; \t =cmd()",
    "a\u2028=cmd()",
    "a\x85=cmd()",
    "a =cmd()",
    "a -cmd()",
    "  =cmd()",
    "\u00a0=cmd()",
    "\ufeff=cmd()",
    "\uff1dcmd()",
    "a;\uff0bcmd()",
    "a;\uff0dcmd()",
    "\uff20cmd()",
    "\t=cmd()",
    "\r=cmd()",
    "'=cmd()",
    ";';=cmd()",
)
SEPARATORS = [",", ";", "\t", "|", " "]

# What a spreadsheet runs, once it has left out what it leaves out.
_FORMULA = re.compile(r'[\s\u200b\ufeff"]*(?:[=@\uff1d\uff20]|[+\-\uff0b\uff0d]\S)')

PIECES = (*"=+-@;|,\t\n\r '\"ab", "\uff1d", "\uff0d", "\u00a0", "\x85", "cmd")
hostile_text = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def split_at(text: str, separator: str) -> list[str]:
    """All cells of a file as a spreadsheet reads it that splits there."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [cell for cells in lines for cell in cells]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_is_a_formula_wherever_a_spreadsheet_splits(
    cell: str, place: int, separator: str
) -> None:
    cells = ["first", "second", "third"]
    cells[place] = cell
    for found in split_at(csv_file.line(cells), separator):
        assert not _FORMULA.match(found)


@settings(deadline=None, max_examples=300)
@given(st.lists(hostile_text, min_size=1, max_size=4), st.sampled_from(SEPARATORS[:4]))
def test_no_mixture_is_a_formula_wherever_a_spreadsheet_splits(
    cells: list[str], separator: str
) -> None:
    for found in split_at(csv_file.line(cells), separator):
        assert not _FORMULA.match(found)


@settings(deadline=None, max_examples=500)
@given(st.text() | hostile_text)
@example("'=")
@example("''=;'-x '@")
def test_what_was_defused_is_restored(cell: str) -> None:
    assert formulas.restored(formulas.defused(cell)) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "", "Sale - 50 %", "https://example.com/?ll=52.1,-0.12&q=a=b", "a,b", "it's", "C++",
        "2027-01-15T08:00:00Z", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    ],
)  # fmt: skip
def test_what_nobody_takes_for_a_formula_stays_as_it_is(cell: str) -> None:
    assert formulas.defused(cell) == cell


def test_numbers_stay_numbers() -> None:
    assert csv_file.line([-1, 2.5, None]) == "-1,2.5,\r\n"


@settings(deadline=None)
@given(hostile_text.map(str.strip), hostile_text.map(str.strip))
def test_our_own_files_are_read_as_they_were_written(name: str, url: str) -> None:
    cells = dict.fromkeys(export.HEADER, "x") | {"name": name, "original_url": url}
    text = csv_file.line(cells) + csv_file.line(cells.values())
    (record,) = records.read(csv_text.checked(text)).records
    assert isinstance(record, dict)
    assert (record.get("name", ""), record.get("original_url", "")) == (name, url)


def test_a_file_of_another_service_keeps_what_is_no_mark_of_a_spreadsheet() -> None:
    (record,) = records.read("short_code,original_url,name\nx,https://a.example/,a;'=b\n").records
    assert isinstance(record, dict)
    assert record["name"] == "a;'=b"
