"""Lines about how far a long command is, to standard error: at most one in two seconds."""

import sys
import time

_PAUSE = 2.0

_LEFT = 30.0
"""Seconds between lines about a wait."""


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


def pause(seconds: float) -> None:
    """Waits until API Gateway has applied new usage plan keys."""
    while seconds > 0:
        if seconds > _LEFT:
            minutes, rest = divmod(round(seconds), 60)
            text = f"- API Gateway applies its new keys: {minutes}:{rest:02} left ..."
            print(text, file=sys.stderr, flush=True)
        time.sleep(min(seconds, _LEFT))
        seconds -= _LEFT
