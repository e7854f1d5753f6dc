"""One command at a time changes a local stack: two that start it concurrently would each start an
emulator, and track only one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "lock"


@contextmanager
def held(state_dir: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Waits for the process that holds the lock, which is released when that process ends."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(state_dir / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("Waiting for another command that is starting or stopping the stack")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
