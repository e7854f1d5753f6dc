"""Another service's export as records of its own fields: CSV, JSON, or JSON Lines.

Names are normalized, so that `Long URL`, `longUrl` and `long_url` are one field. No part of a row
is dropped silently: a row that does not fit its header fails.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from jmpy.formats import formulas
from jmpy.formats.json_text import unique_names
from jmpy.links import csv_text, export
from jmpy.links.bulk import Failure
from jmpy.links.bulk_errors import InvalidField, InvalidUpload
from jmpy.qr import export as qr_export

if TYPE_CHECKING:
    from collections.abc import Callable

Record = dict[str, Any]

_DELIMITERS = ",;\t"

_JSON = json.JSONDecoder(object_pairs_hook=unique_names)

# The first line that spreadsheets write to declare the delimiter.
_SEPARATOR = re.compile(r"\s*\"?sep=([,;\t|])\"?\r?\n", re.IGNORECASE)

# Where the links are in responses and exports of other services' APIs.
_CONTAINERS = ("links", "data", "short_urls", "short_links", "urls", "items", "results", "qr_codes")

# YOURLS numbers its links: {"link_1": {...}, "link_2": {...}}.
_NUMBERED = re.compile(r"link_\d+")

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_URL = re.compile(r"https?://", re.IGNORECASE)

# This spelling makes spreadsheets treat a cell as text: ="00123".
_TEXT_CELL = re.compile(r'="(.*)"', re.DOTALL)

# An apostrophe before a value that looks like a formula, which exports for spreadsheets contain.
_DEFUSED = re.compile(r"'(?=[=+\-@])")

# Recognized by their first bytes.
_NOT_TEXT = {
    b"PK\x03\x04": "a workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"\x1f\x8b": "compressed by gzip",
    b"%PDF": "a PDF document",
}
_TEXT_ADVICE = "import a CSV or JSON file (from a spreadsheet, save it as CSV UTF-8)"

_HEADER_ADVICE = "Add a first line with the names of the columns, such as short_code,original_url"


@dataclass(frozen=True, slots=True)
class File:
    fields: dict[str, str]
    """The names of all fields, each with its spelling in the file."""
    records: list[Record | Failure]
    """One for each row: its fields that are not empty, or why it is unreadable."""


def decoded(raw: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark, as spreadsheets save it.

    Raises InvalidUpload, which names the first line in neither encoding.
    """
    for magic, kind in _NOT_TEXT.items():
        if raw.startswith(magic):
            raise InvalidUpload(f"The file is {kind}; {_TEXT_ADVICE}")
    utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InvalidUpload(
            f"Line {line} is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)"
        ) from None


def read(text: str) -> File:
    """`text` is the result of `decoded`. Raises InvalidUpload."""
    text = csv_text.checked(text, strictly_decoded=True)
    if not text.strip():
        raise InvalidUpload("The file is empty")
    file = _json(text) if text.lstrip()[0] in "[{" else _csv(text)
    if not file.records:
        raise InvalidUpload("The file has no links")
    return file


def name(field: str) -> str:
    """`shortCode` and `Short code` become `short_code`."""
    return _NOT_WORD.sub("_", _CAMEL.sub("_", field.strip()).lower()).strip("_")


def _csv(text: str) -> File:
    if separator := _SEPARATOR.match(text):
        text, delimiter = text[separator.end() :], separator[1]
    else:
        first_line = text.lstrip().partition("\n")[0]
        delimiter = max(_DELIMITERS, key=first_line.count)
    rows = csv_text.records(text, delimiter)
    first = [cell.strip() for cell in next(rows, [])]
    if any(_URL.match(cell) for cell in first):
        header, rows = _header_of(first), chain([first], rows)
    else:
        header = first
    fields = _names(header)
    is_ours = export.is_ours(fields) or qr_export.is_ours(fields)
    restored = _of_ours if is_ours else _of_spreadsheet
    records = [_record(number, list(fields), row, restored) for number, row in enumerate(rows, 1)]
    return File(fields, records)


def _of_ours(field: str, cell: str) -> str:
    """The value as it was exported: names and what QR codes contain may have spaces around them,
    other fields of ours have none."""
    return formulas.restored(cell if field in {"name", "content"} else cell.strip())


def _of_spreadsheet(_field: str, cell: str) -> str:
    """The value without spaces around it, and without the marks that make it text.

    Raises InvalidField if characters were lost before; our own exports write them on purpose.
    """
    if "\ufffd" in cell:
        raise InvalidField(
            "row",
            "The row has U+FFFD, which stands for a character that was lost when the file was "
            "saved; export it again as UTF-8",
        )
    text = _TEXT_CELL.sub(r"\1", cell.strip())
    return text[1:] if _DEFUSED.match(text) else text


def _header_of(first: list[str]) -> list[str]:
    """For a file of codes and destinations without a header. Raises InvalidUpload."""
    urls = [bool(_URL.match(cell)) for cell in first]
    match urls:
        case [True]:
            return ["original_url"]
        case [True, False]:
            return ["original_url", "short_code"]
        case [False, True]:
            return ["short_code", "original_url"]
    raise InvalidUpload(f"The file has no header. {_HEADER_ADVICE}")


def _names(header: list[str]) -> dict[str, str]:
    """Raises InvalidUpload."""
    fields: dict[str, str] = {}
    for number, cell in enumerate(header, 1):
        field = name(cell) or f"column_{number}"
        if field in fields:
            raise InvalidUpload(
                f"The columns {fields[field]!r} and {cell!r} have the same name; rename one"
            )
        fields[field] = cell or f"column {number}"
    return fields


def _record(
    number: int, fields: list[str], row: list[str], restored: Callable[[str, str], str]
) -> Record | Failure:
    """Cells missing at the end of a row are absent. Cells beyond the header may belong to a value
    that contains the delimiter, and then all cells after that value are in wrong columns."""
    if len(row) > len(fields):
        reason = (
            f"The row has {len(row)} cells and the header {len(fields)}; put a value that holds "
            "the separator into double quotes"
        )
        url = next((cell for cell in row if _URL.match(cell)), None)
        return Failure(number, url, (InvalidField("row", reason),))
    try:
        cells = {field: restored(field, cell) for field, cell in zip(fields, row, strict=False)}
    except InvalidField as error:
        return Failure(number, None, (error,))
    return {field: cell for field, cell in cells.items() if cell}


def _json(text: str) -> File:
    fields: dict[str, str] = {}
    records = [
        _named(number, entry, fields) for number, entry in enumerate(_entries(_parsed(text)), 1)
    ]
    return File(fields, records)


def _parsed(text: str) -> Any:
    """A JSON text, or one on each line. Raises InvalidUpload."""
    text = text.strip()
    try:
        value, end = _JSON.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise InvalidUpload(f"The JSON cannot be read: {error}") from None
    if end == len(text):
        return value
    lines = enumerate(text.splitlines(), 1)
    return [_parsed_line(number, line) for number, line in lines if line.strip()]


def _parsed_line(number: int, line: str) -> Any:
    try:
        return _JSON.decode(line)
    except (ValueError, RecursionError) as error:
        raise InvalidUpload(f"Line {number} is not JSON that can be read: {error}") from None


def _entries(sent: Any) -> list[Record]:
    if isinstance(sent, dict):
        by_name = {name(field): value for field, value in sent.items()}
        for container in _CONTAINERS:
            if isinstance(by_name.get(container), dict | list):
                return _entries(by_name[container])
        sent = [_of_code(code, value) for code, value in sent.items()]
    if not isinstance(sent, list) or not all(isinstance(entry, dict) for entry in sent):
        raise InvalidUpload("The JSON is no list of links, and has none as 'links' or 'data'")
    return sent


def _of_code(code: str, value: Any) -> Any:
    """An entry of an object whose keys are codes, such as `{"promo": "https://..."}`."""
    if isinstance(value, str) and _URL.match(value):
        return {"short_code": code.strip("/"), "original_url": value}
    if isinstance(value, dict) and not _NUMBERED.fullmatch(code):
        return {"key": code.strip("/"), **value}
    return value


def _named(number: int, entry: Record, spellings: dict[str, str]) -> Record | Failure:
    """Without empty values; Shlink's `meta` is flattened."""
    fields: Record = {}
    meta = entry.get("meta")
    laid_open = {**meta, **entry, "meta": None} if isinstance(meta, dict) else entry
    for spelling, value in laid_open.items():
        if value in (None, "", [], {}):
            continue
        field = name(spelling)
        if fields.setdefault(field, value) != value:
            reason = f"The link has two values for {spellings[field]!r} and {spelling!r}"
            return Failure(number, None, (InvalidField("row", reason),))
        spellings.setdefault(field, spelling)
    return fields
