"""docs/security.md: every threat has a defence and what shows it. That the tests which it names
exist is checked for all documents (test_docs.py)."""

import re

import pytest

from project.template import PROJECT

PAGE = (PROJECT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| ([STRIDE]) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
_SHOWN_BY = re.compile(r"`tests/(unit|integration|e2e|browser|emulator)/test_\w+\.py(::test_\w+)?`")


def test_every_boundary_has_threats_and_every_letter_of_stride_occurs() -> None:
    sections = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
    assert len(sections) == 6
    assert all(re.search(r"^\| [STRIDE] \|", section, re.MULTILINE) for section in sections)
    assert {letter for letter, *_ in ROWS} == set("STRIDE")
    assert len(ROWS) > 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_threat_has_a_defence_and_a_test(row: tuple[str, str, str, str]) -> None:
    _letter, threat, defence, shown_by = row
    assert threat != defence
    assert _SHOWN_BY.search(shown_by), threat


def test_no_row_was_passed_over() -> None:
    tables = [line for line in PAGE.splitlines() if re.match(r"\| [A-Z] \|", line)]
    assert len(tables) == len(ROWS)
