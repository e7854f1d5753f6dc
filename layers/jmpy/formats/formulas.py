"""Escapes cells of CSV files so that no spreadsheet runs them as a formula.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` (OWASP, CSV injection), and a cell
may begin in the middle of one of ours: where lists are separated by semicolons, as in much of
Europe, or a person opens the file that way, lines are split at semicolons, tabs, bars or spaces,
and then the quotes around a comma or a line break protect nothing. So an apostrophe, which marks
text, is put before every such character that could become the first, and one more where there are
some. That can be undone exactly, whatever the cell contains. A comma needs none: where it separates
cells, the quotes work.
"""

from __future__ import annotations

import re

_FIRST = "=@\uff1d\uff20"
_SIGNS = "+\\-\uff0b\uff0d"
"""Spreadsheets of East Asia treat full-width ones alike."""

_SEPARATORS = ";|\t\n\v\f\r\\x1c-\\x1f\x85\u2028\u2029"
_BLANK = ' "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff'
"""Skipped at the beginning of a cell, or a quote that opens one."""

_PLACE = (
    # At the beginning, where OWASP also lists a tab and a line break as dangerous.
    rf"\A[{_BLANK}]*(?='*[{_FIRST}{_SIGNS}\t\r\n])"
    # After a separator.
    rf"|[{_SEPARATORS}][{_BLANK}]*(?='*[{_FIRST}{_SIGNS}])"
    # After a space; but a dash between spaces would be a cell of its own, and is harmless.
    rf"|[ ]\"*(?='*(?:[{_FIRST}]|[{_SIGNS}]\S))"
)
_EXPOSED = re.compile(rf"({_PLACE})('*)")
_DEFUSED = re.compile(rf"({_PLACE})'('*)")


def defused(cell: str) -> str:
    return _EXPOSED.sub(r"\1'\2", cell)


def restored(cell: str) -> str:
    """Reverses the escaping."""
    return _DEFUSED.sub(r"\1\2", cell)
