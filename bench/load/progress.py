"""What was sent and what came of it, of all workers together."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    wanted: int
    ends: float
    """When no new request is sent, on the monotonic clock."""
    sent: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    """Requests that got no answer."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_over(self) -> bool:
        return self.sent.total() >= self.wanted or time.monotonic() > self.ends

    @property
    def is_half(self) -> bool:
        return 2 * self.sent.total() >= self.wanted or self.is_over

    def count(self, kind: str) -> None:
        with self._lock:
            self.sent[kind] += 1
            if (done := self.sent.total()) % 50 == 0:
                print(f"\r- {done:,} of {self.wanted:,} requests", end="", flush=True)

    def note_wrong(self, what: str, how: str) -> None:
        with self._lock:
            self.wrong.append(f"{what}: {how}")

    def note_lost(self, what: str, how: str) -> None:
        with self._lock:
            self.lost += 1
        self.note_wrong(what, how)
