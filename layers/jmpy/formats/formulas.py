"""Cells of CSV files that no spreadsheet takes for a formula.

A spreadsheet runs what begins with `=`, `+`, `-` or `@` (OWASP, CSV injection), and it may find a
beginning in the middle of a cell: where lists are separated by semicolons, as in much of Europe, or
whoever opens the file says so, it splits lines at semicolons, tabs, bars or spaces, and then the
quotes that protect a comma or a line break protect nothing. So an apostrophe goes before every
such character that could come to stand first, which makes it text, and one more where there are
some. That can be undone exactly, whatever the cell holds. A comma needs none: wherever it separates
cells, the quotes hold.
"""

from __future__ import annotations

import re

_FIRST = "=@\uff1d\uff20"
_SIGNS = "+\\-\uff0b\uff0d"
"""Full-width ones are the same to spreadsheets of East Asia."""

_SEPARATORS = ";|\t\n\v\f\r\\x1c-\\x1f\x85\u2028\u2029"
_BLANK = ' "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff'
"""What is left out at the beginning of a cell, or is a quote that opens one."""

_PLACE = (
    # At the beginning; OWASP counts a tab and a line break among what does harm there.
    rf"\A[{_BLANK}]*(?='*[{_FIRST}{_SIGNS}\t\r\n])"
    # Behind a separator.
    rf"|[{_SEPARATORS}][{_BLANK}]*(?='*[{_FIRST}{_SIGNS}])"
    # Behind a space; but a dash between spaces would be a cell of its own, and harms nobody.
    rf"|[ ]\"*(?='*(?:[{_FIRST}]|[{_SIGNS}]\S))"
)
_EXPOSED = re.compile(rf"({_PLACE})('*)")
_DEFUSED = re.compile(rf"({_PLACE})'('*)")


def defused(cell: str) -> str:
    return _EXPOSED.sub(r"\1'\2", cell)


def restored(cell: str) -> str:
    """What was defused."""
    return _DEFUSED.sub(r"\1\2", cell)
