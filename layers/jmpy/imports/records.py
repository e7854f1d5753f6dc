"""What another service exported, as records of its own fields: CSV with a header, or JSON.

Names are made alike, so that `Long URL`, `longUrl` and `long_url` are one field.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from jmpy.links import csv_text
from jmpy.links.bulk_errors import InvalidUpload

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]

_DELIMITERS = ",;\t"

# Where the answers of other services' APIs keep their links.
_CONTAINERS = ("links", "data", "short_urls")

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def read(text: str) -> list[Record]:
    """Raises InvalidUpload."""
    text = csv_text.checked(text)
    if not text.strip():
        raise InvalidUpload("The file is empty")
    found = _json(text) if text.lstrip()[0] in "[{" else list(_csv(text))
    if not found:
        raise InvalidUpload("The file has no links")
    return found


def name(field: str) -> str:
    """`shortCode` and `Short code` are `short_code`."""
    return _NOT_WORD.sub("_", _CAMEL.sub("_", field.strip()).lower()).strip("_")


def _csv(text: str) -> Iterator[Record]:
    first_line = text.lstrip().partition("\n")[0]
    rows = csv_text.records(text, max(_DELIMITERS, key=first_line.count))
    header = [name(cell) for cell in next(rows, [])]
    for row in rows:
        # What a row lacks is absent; what it has beyond the header belongs to no field.
        yield {field: cell for field, cell in zip(header, row, strict=False) if cell}


def _json(text: str) -> list[Record]:
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidUpload(f"The JSON cannot be read: {error}") from None
    return [_named(entry) for entry in _entries(sent)]


def _entries(sent: Any) -> list[Any]:
    if isinstance(sent, dict):
        sent = {name(field): value for field, value in sent.items()}
        for container in _CONTAINERS:
            if container in sent:
                return _entries(sent[container])
        # YOURLS numbers its links: {"link_1": {...}, "link_2": {...}}.
        sent = list(sent.values())
    if not isinstance(sent, list) or not all(isinstance(entry, dict) for entry in sent):
        raise InvalidUpload("The JSON is no list of links, and has none as 'links' or 'data'")
    return sent


def _named(entry: Record) -> Record:
    """Without what is empty; Shlink's `meta` is laid open."""
    fields = {name(field): value for field, value in entry.items()}
    meta = fields.pop("meta", None)
    if isinstance(meta, dict):
        fields = _named(meta) | fields
    return {field: value for field, value in fields.items() if value not in (None, "", [])}
