"""The text of a CSV file as records of cells, whatever the text holds."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from jmpy.links.bulk_errors import InvalidUpload

if TYPE_CHECKING:
    from collections.abc import Iterator

# Read as UTF-8, UTF-16 leaves NULs and other encodings leave U+FFFD. A lone surrogate, which JSON
# can spell, is no character.
_LOST = "\ufffd"
_NOT_UTF8 = re.compile("[\0\ud800-\udfff]")


def checked(text: str, *, strictly_decoded: bool = False) -> str:
    """Without the mark that some programs set before UTF-8. U+FFFD is a character as others in text
    that was `strictly_decoded`, so that nothing can have been lost on the way. Raises
    InvalidUpload."""
    if _NOT_UTF8.search(text) or (_LOST in text and not strictly_decoded):
        raise InvalidUpload(
            "The file is not UTF-8 text; save it as UTF-8 (in a spreadsheet: CSV UTF-8)"
        )
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def records(text: str, delimiter: str = ",") -> Iterator[list[str]]:
    """Those with content, their cells as they are.

    Raises InvalidUpload; also midway, since nothing behind a broken quote can be trusted.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    while True:
        line = lines.line_num + 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidUpload(
                f"The CSV cannot be read from line {line} on; check that quotes are closed, and "
                f"doubled within a quoted value ({error})"
            ) from None
        if any(cell.strip() for cell in cells):
            yield cells
