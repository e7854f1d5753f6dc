"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    OK = "ok"
    WARNING = "warning"
    """Jmpy runs, but not all of it."""
    PROBLEM = "PROBLEM"


@dataclass(frozen=True)
class Finding:
    level: Level
    sentence: str
    remedy: str = ""
    """What to do about it; empty if nothing has to be done."""

    def __str__(self) -> str:
        line = f"{self.level.value:8} {self.sentence}"
        return f"{line}\n{'':8} -> {self.remedy}" if self.remedy else line


def ok(sentence: str) -> Finding:
    return Finding(Level.OK, sentence)


def warning(sentence: str, remedy: str) -> Finding:
    return Finding(Level.WARNING, sentence, remedy)


def problem(sentence: str, remedy: str) -> Finding:
    return Finding(Level.PROBLEM, sentence, remedy)
