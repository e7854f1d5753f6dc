"""The one rule for names of campaigns, at every entrance: API, dashboard, references in paths.

A name is one line of 1 to 100 characters in normalization form C, without spaces around it.
"""

from __future__ import annotations

import unicodedata

from jmpy.formats import one_line

MAX_LENGTH = 100


def normalized(name: str) -> str:
    """Raises ValueError, with the reason."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise ValueError("A name must have at least one character")
    if len(name) > MAX_LENGTH:
        raise ValueError(f"A name has at most {MAX_LENGTH} characters; this one has {len(name)}")
    if not one_line.is_one_line(name):
        raise ValueError("Must not contain control characters or line breaks")
    return name
