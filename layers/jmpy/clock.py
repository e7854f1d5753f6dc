"""Time as an argument, so that expiry and midnight are ordinary tests."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Returns seconds since the Unix epoch, UTC."""


def system_clock() -> float:
    return time.time()
