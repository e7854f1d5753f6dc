"""The two clocks of an execution environment, which do not go alike."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from unittest.mock import patch

from jmpy import clock

START = 1_800_000_000.0


@dataclass
class Clocks:
    wall: float = START
    monotonic: float = 1000.0

    def run(self, seconds: float) -> None:
        """Both go on, as while requests are served."""
        self.wall += seconds
        self.monotonic += seconds

    def freeze(self, seconds: float) -> None:
        """Lambda froze the environment: of that the monotonic clock knows nothing."""
        self.wall += seconds

    def set_back(self, seconds: float) -> None:
        """The wall clock was wrong, and is corrected."""
        self.wall -= seconds

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """Whoever asks for the time in there is told ours."""
        with (
            patch.object(time, "time", lambda: self.wall),
            patch.object(time, "monotonic", lambda: self.monotonic),
        ):
            yield


@contextmanager
def later(seconds: float) -> Iterator[None]:
    """Our code is told that so much time has passed; nobody else is."""
    passed = SimpleNamespace(time=lambda: time.time() + seconds)
    with patch.object(clock, "time", passed):
        yield
