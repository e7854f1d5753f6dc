"""Text that is one line, such as a name: without control characters and line breaks."""

import re

_BREAKS = r"[\u0000-\u001f\u007f-\u009f\u2028\u2029]"
_DIRECTIONS = r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""Characters that reverse what stands after them."""

PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
"""Not `str.isprintable`: it rejects the joiners within emoji, and letters newer than Python."""


def one_line(text: str) -> str:
    """`text` on one line, with what could break it or reverse the rest of it as spaces."""
    return " ".join(re.sub(f"{_BREAKS}|{_DIRECTIONS}", " ", text).split())


def is_one_line(text: str) -> bool:
    return re.fullmatch(PATTERN, text) is not None


def checked(text: str) -> str:
    """Raises ValueError."""
    if not is_one_line(text):
        raise ValueError("Must not contain control characters or line breaks")
    return text
