"""Lines about how far a long command is, to standard error: at most one in two seconds."""

import sys
import time

_PAUSE = 2.0


class Progress:
    def __init__(self, what: str) -> None:
        """`what` is in progress, such as `keys created at API Gateway`."""
        self._what = what
        self._last = time.monotonic()

    def __call__(self, done: int, of: int | None = None) -> None:
        now = time.monotonic()
        if now - self._last < _PAUSE:
            return
        self._last = now
        whole = "" if of is None else f" of {of:,}"
        print(f"- {done:,}{whole} {self._what} ...", file=sys.stderr, flush=True)
