"""Attempts with pauses between them, for what fails only for a moment."""

from __future__ import annotations

import random
import time
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from jmpy.clock import Clock, system_clock

if TYPE_CHECKING:
    from collections.abc import Iterator


class Retry(NamedTuple):
    attempts: int
    pause: float
    """Seconds; doubles with each attempt. Pauses are random up to that: those who met do not meet
    again."""
    longest: float = inf
    """Seconds that a pause lasts at most."""
    altogether: float = inf
    """Seconds after which no further attempt begins."""

    def numbers(self, now: Clock = system_clock) -> Iterator[int]:
        """Numbers the attempts from 0, with a pause before each but the first."""
        started = now()
        for attempt in range(self.attempts):
            if attempt:
                if not 0 <= now() - started < self.altogether:
                    return
                self.wait(attempt)
            yield attempt

    def wait(self, attempt: int) -> None:
        """The pause before this attempt."""
        time.sleep(self.seconds(attempt))

    def seconds(self, attempt: int) -> float:
        """How long the pause before this attempt is."""
        most = min(self.longest, self.pause * 2**attempt)
        return random.uniform(0, most)  # noqa: S311 - a pause


CONTENTION = Retry(attempts=8, pause=0.02, longest=0.4, altogether=8.0)
"""For what others may write at the same time; all attempts end well before a function's timeout."""
