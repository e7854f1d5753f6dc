"""Time as an argument, so that expiry and midnight are ordinary tests."""

import time
from collections.abc import Callable

MINUTE = 60
"""Seconds, as the following."""
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Clock = Callable[[], float]
"""Returns seconds since the Unix epoch, UTC."""


def system_clock() -> float:
    return time.time()
