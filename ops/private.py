"""Files that only their owner can read: they contain addresses of people, destinations of links, or
credentials."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TextIO

OWNER_ONLY = 0o600


def opened(path: Path) -> TextIO:
    """Opens it for writing, from the beginning. An existing file is made private before anything is
    written. Line endings are written unchanged."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY)
    try:
        # Not of a device or a pipe, such as /dev/stdout, which is not ours.
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fchmod(descriptor, OWNER_ONLY)
            os.ftruncate(descriptor, 0)
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def write(path: Path, text: str) -> None:
    with opened(path) as file:
        file.write(text)
