"""Responses as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response

from jmpy.formats import formulas

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Row = Iterable[object]

MEDIA_TYPE = "text/csv"
HEADERS = ("Content-Disposition", "X-Truncated")

MAX_ROWS = 10_000

MAX_SIZE = 4 * 1024 * 1024
"""Bytes of a file; Lambda's responses have at most 6 MB, in which the text is JSON."""


class CsvFile(NamedTuple):
    text: str
    is_complete: bool
    """Whether the file has all rows."""


def written(header: Sequence[str], rows: Iterable[Row]) -> CsvFile:
    """Up to `MAX_ROWS` and `MAX_SIZE`."""
    file, _ = part(header, (("", row) for row in rows))
    return file


def part(
    header: Sequence[str], rows: Iterable[tuple[str, Row | None]]
) -> tuple[CsvFile, str | None]:
    """As many rows as fit into one file, each with the cursor to continue behind it, and the cursor
    of the next part, if there is one. In place of a row that a filter leaves out is None: a part
    examines `MAX_ROWS`, however few of them match."""
    text, size, last = [line(header)], 0, None
    for number, (cursor, row) in enumerate(rows):
        if number == MAX_ROWS:
            return CsvFile("".join(text), is_complete=False), last
        if row is not None:
            written_row = line(row)
            # The maximum number of bytes that the text takes once Lambda has encoded it as JSON.
            size += len(json.dumps(written_row))
            if size > MAX_SIZE:
                return CsvFile("".join(text), is_complete=False), last
            text.append(written_row)
        last = cursor
    return CsvFile("".join(text), is_complete=True), None


def response(
    file: CsvFile, name: str, following: str | None = None, query: Mapping[str, str] | None = None
) -> Response[str]:
    """As a file to download; `X-Truncated` says that there was more, and `Link` where, if the next
    part has the cursor `following`, and the parameters of `query` as this one had."""
    headers: dict[str, str | list[str]] = {
        "Content-Disposition": f'attachment; filename="{name}.csv"'
    }
    if not file.is_complete:
        headers["X-Truncated"] = "true"
    if following:
        # A reference that holds wherever the API is deployed (RFC 8288, RFC 3986 section 5.2).
        next_part = urlencode({**(query or {}), "cursor": following})
        headers["Link"] = f'<?{next_part}>; rel="next"'
    return Response(200, f"{MEDIA_TYPE}; charset=utf-8", file.text, headers)


def line(cells: Iterable[object]) -> str:
    """Escapes text that a spreadsheet would run as a formula; numbers stay numbers."""
    text = io.StringIO()
    csv.writer(text).writerow(map(_cell, cells))
    return text.getvalue()


def _cell(cell: object) -> object:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return formulas.defused(cell) if isinstance(cell, str) else cell
