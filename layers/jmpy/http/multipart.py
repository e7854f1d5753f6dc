"""Forms with files (`multipart/form-data`, RFC 7578), whose parts are text.

The standard library parses such a body only as an e-mail, parts within parts included, so that a
client could nest them deeper than the stack; a form is flat.
"""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value

from jmpy.http.body import MalformedBody

MEDIA_TYPE = "multipart/form-data"

MAX_PARTS = 10

MAX_HEADERS = 4096
"""Characters of a part's headers, and of the Content-Type of all; the library's time for them grows
with their square."""

_END_OF_HEADERS = re.compile(r"(?:\A|\r?\n)\r?\n")


def fields(content_type: str, body: str) -> dict[str, str]:
    """The content of each part by its name. Raises MalformedBody."""
    found: dict[str, str] = {}
    for part in _parts(_boundary(content_type), body):
        name, content = _field(part)
        if name in found:
            raise MalformedBody(f"The form contains the part {name[:50]!r} twice")
        found[name] = content
    return found


def _boundary(content_type: str) -> str:
    header = Message()
    header["Content-Type"] = content_type[:MAX_HEADERS]
    try:
        boundary = header.get_boundary()
    except UnicodeError:  # The library takes no lone surrogate.
        boundary = None
    if not boundary:
        raise MalformedBody("The Content-Type of the form has no boundary")
    return boundary


def _parts(boundary: str, body: str) -> Iterator[str]:
    """What stands between the delimiter lines. These end with CRLF; a bare LF, as scripts write
    it, is taken as well."""
    delimiter = re.compile(rf"(?:\A|\r?\n)--{re.escape(boundary)}(--)?[ \t]*(?=\r?\n|\Z)")
    start: int | None = None
    for number, line in enumerate(delimiter.finditer(body)):
        if start is not None:
            yield body[start : line.start()]
        if line[1]:
            return
        if number == MAX_PARTS:
            raise MalformedBody(f"The form has more than {MAX_PARTS} parts")
        start = line.end()
    raise MalformedBody("The form does not end with its boundary; it may be cut off")


def _field(part: str) -> tuple[str, str]:
    """Name and content of a part, which begins with the line break of its delimiter."""
    _, _, lines = part.partition("\n")
    end = _END_OF_HEADERS.search(lines, 0, MAX_HEADERS)
    headers = HeaderParser().parsestr(lines[: end.start()] if end else "")
    name = headers.get_param("name", header="Content-Disposition")
    if end is None or name is None or headers.get_content_disposition() != "form-data":
        raise MalformedBody("A part of the form lacks its header: Content-Disposition: form-data")
    if headers.get("Content-Transfer-Encoding", "8bit").lower() not in ("7bit", "8bit", "binary"):
        raise MalformedBody("Send the parts of the form without a transfer encoding")
    return collapse_rfc2231_value(name), lines[end.end() :]
