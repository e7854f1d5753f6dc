"""Text that other people may have written (names of keys and links, reasons, logs), on a terminal.

A terminal interprets escape sequences: text can overwrite earlier output, retitle the window, or
answer in place of the user. And marks that change the direction of writing show text in another
order than it has. All of these are shown, and none interpreted: the output of every command goes
through `guarded`.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import wraps
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:  # make doctor runs with a Python that may lack it
    from typing import ParamSpec

    P = ParamSpec("P")

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tab and line feed
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"  # marks
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of surrogate pairs, tags
)


def visible(text: str) -> str:
    r"""With escapes such as `\x1b` for characters that a terminal would interpret."""
    return _HIDDEN.sub(lambda found: ascii(found[0])[1:-1], text)


def line(text: object) -> str:
    """On one line, so that no value looks like a line of ours."""
    return visible(re.sub("[\t\n]", lambda found: ascii(found[0])[1:-1], str(text)))


class _Visible(io.TextIOBase):
    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(visible(text))
        return len(text)

    def flush(self) -> None:
        self.stream.flush()

    def isatty(self) -> bool:
        return self.stream.isatty()


def guarded(main: Callable[P, int]) -> Callable[P, int]:
    """Everything that the program prints is visible."""

    @wraps(main)
    def guarding(*arguments: P.args, **named: P.kwargs) -> int:
        with redirect_stdout(_Visible(sys.stdout)), redirect_stderr(_Visible(sys.stderr)):
            return main(*arguments, **named)

    return guarding


def data() -> TextIO:
    """Standard output as a file: unchanged, unless it is a terminal."""
    out = sys.stdout
    return out.stream if isinstance(out, _Visible) and not out.isatty() else out
