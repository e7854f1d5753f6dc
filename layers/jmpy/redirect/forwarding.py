"""The visitor's query string, added to the destination of a link with `forward_query`.

Only parameters are added, so that nothing a visitor sends changes scheme, host, path or fragment. A
REST API gives a function decoded parameters by name, and never the text of the query: they are
encoded anew, in the order in which their names arrive (docs/adr/0060-utm-and-query-forwarding.md).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.keys import token
from jmpy.query_text import pair, with_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_LENGTH = 2048
"""Characters of a destination with the visitor's parameters."""

_WITHHELD = frozenset({"api_key", "password", "qr"})
"""In lower case: names under which credentials, or marks for this service alone, are sent to it."""

_KEY = re.compile(rf"({token.PREFIX}|{token.TOKEN_PREFIX})[0-9A-Za-z]{{16}}")
"""Of a key or a token of this service, also of one that is cut off, under whatever name."""


def forwarded(url: str, sent: Mapping[str, Sequence[str]]) -> str:
    """The destination with the visitor's parameters, which replace its own of the same names;
    without any of them if it would be longer than `MAX_LENGTH`."""
    pairs = {
        name: [pair(name, value) for value in values]
        for name, values in sent.items()
        if values and not _is_withheld(name, values)
    }
    added = with_pairs(url, pairs)
    return added if len(added) <= MAX_LENGTH else url


def _is_withheld(name: str, values: Sequence[str]) -> bool:
    return name.strip().lower() in _WITHHELD or any(map(_KEY.search, (name, *values)))
