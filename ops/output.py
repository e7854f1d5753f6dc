"""Output of commands: for people, or with `--json` for programs.

For programs, standard output is one JSON value in ASCII, which no terminal interprets; text, such
as progress and warnings, goes to standard error in either case.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from ops import terminal

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

T = TypeVar("T")


def note(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def result(options: argparse.Namespace, words: str, value: Any) -> None:
    """The result: as text in `words`, or as `value`."""
    print(json.dumps(value) if options.json else words)


def listing(
    options: argparse.Namespace,
    items: Iterable[T],
    line: Callable[[T], str],
    value: Callable[[T], Any],
) -> int:
    """Each on a line of its own, or all as a JSON array, written one by one as they are read: there
    may be many. Returns how many there were."""
    count = 0
    for item in items:
        if options.json:
            print("[" if count == 0 else ",", json.dumps(value(item)), sep="\n")
        else:
            print(terminal.line(line(item)))
        count += 1
    if options.json:
        print("]" if count else "[]")
    return count
