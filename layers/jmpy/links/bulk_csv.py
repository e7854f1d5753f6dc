"""The text of a CSV file as rows, in the shape of the items of a JSON upload.

Whatever the text holds, it ends as rows, as failures of single rows, or as `InvalidUpload`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.links import csv_text, tags, utm
from jmpy.links.bulk import Failure
from jmpy.links.bulk_errors import InvalidField, InvalidUpload, UploadTooLarge
from jmpy.links.fields import names_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 5 * 1024 * 1024

COLUMNS = ("url", "custom_alias", "name", "domain", "tags", "campaign_id", *utm.NAMES)

_ELSEWHERE = names_elsewhere()
_COMMAS = f"Separate the columns by commas; their names are {', '.join(COLUMNS)}"


def rows(text: str) -> Iterator[dict[str, Any] | Failure]:
    """One item for each row under the header; lines without content are no rows.

    Raises UploadTooLarge, InvalidUpload; the latter also midway, since nothing behind a broken
    quote can be trusted.
    """
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise UploadTooLarge(f"A CSV file has at most {MAX_BYTES // 1024**2} MB; split it")
    records = (
        [cell.strip() for cell in cells] for cells in csv_text.records(csv_text.checked(text))
    )
    header = _header(next(records, []))
    for number, record in enumerate(records, 1):
        cells = dict(zip(header, record, strict=False))
        if len(record) == len(header):
            yield _item(number, cells)
        else:
            reason = f"The row has {len(record)} columns, but the header has {len(header)}"
            yield Failure(number, cells.get("url"), (InvalidField("row", reason),))


def _header(cells: list[str]) -> list[str]:
    header = [cell.lower() for cell in cells]
    if not header:
        raise InvalidUpload(f"The CSV is empty. {_COMMAS}")
    if unknown := [cell for cell in header if cell not in COLUMNS]:
        meant = _ELSEWHERE.get(unknown[0].replace(" ", "_"))
        hint = f"; did you mean {meant!r}?" if meant in COLUMNS else "."
        raise InvalidUpload(f"Unknown column {unknown[0][:50]!r} in the CSV{hint} {_COMMAS}")
    if len(set(header)) < len(header):
        raise InvalidUpload("The CSV's header contains a column twice")
    if "url" not in header:
        raise InvalidUpload(f"The CSV has no column 'url'. {_COMMAS}")
    return header


def _item(number: int, cells: dict[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {name: cell for name, cell in cells.items() if cell}
    item |= {"row": number, "original_url": item.pop("url", "")}
    if "tags" in item:
        item["tags"] = tags.split(item["tags"])
    return item
