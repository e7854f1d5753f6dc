"""The tables of docs/architecture.md that state the costs of requests, as data."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from project.meter import Cost
from project.template import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROW = re.compile(r"^\| (.+?) \| (.+?) \| ([\d.]+|-) \| ([\d.]+|-) \|", re.MULTILINE)
_NAME = re.compile(r"`([^`]+)`([^`,]*)")
_CALL = re.compile(r"(\d+) (\w+)")


def read() -> dict[str, Cost]:
    """By name: an operation, such as `GET /api/v1/usage`, with its text outside the code; or a
    failure, which is not set as code."""
    text = (PROJECT / "docs" / "architecture.md").read_text()
    rows: dict[str, Cost] = {}
    for names, calls, reads, writes in _ROW.findall(text):
        cost = Cost(
            Counter({name: int(number) for number, name in _CALL.findall(calls)}),
            *(0.0 if units == "-" else float(units) for units in (reads, writes)),
        )
        for name in _names(names):
            assert name not in rows, f"two rows for {name}"
            rows[name] = cost
    return rows


def _names(cell: str) -> Iterator[str]:
    found = _NAME.findall(cell)
    yield from (code + more.rstrip() for code, more in found) if found else [cell]
