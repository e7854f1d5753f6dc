"""Text that is one line, such as a name: without control characters and line breaks."""

import re

PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
"""Not `str.isprintable`: it rejects the joiners within emoji, and letters newer than Python."""


def is_one_line(text: str) -> bool:
    return re.fullmatch(PATTERN, text) is not None
