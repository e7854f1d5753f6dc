"""Runs subjects in processes of their own, in turn, so that what slows the machine slows all."""

from __future__ import annotations

import json
import statistics
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.speed import trees

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.speed.subjects import Subject

CHILD = Path(__file__).with_name("child.py")
WARM_UP = 5
CALLS = 30


class WrongAnswer(Exception):
    """A subject did not do what it is measured for."""


@dataclass
class Figures:
    """In milliseconds, one of each process."""

    cold_wall: list[float] = field(default_factory=list)
    cold_cpu: list[float] = field(default_factory=list)
    warm_cpu: list[float] = field(default_factory=list)


@dataclass
class Bench:
    variables: dict[str, str]
    scratch: Path
    report: Callable[[str], None]

    def cold(self, subjects: Sequence[Subject], rounds: int) -> dict[str, Figures]:
        return self._run(subjects, rounds, calls=0)

    def warm(self, subjects: Sequence[Subject], rounds: int) -> dict[str, Figures]:
        return self._run(subjects, rounds, calls=CALLS)

    def _run(self, subjects: Sequence[Subject], rounds: int, calls: int) -> dict[str, Figures]:
        figures = {subject.name: Figures() for subject in subjects}
        for number in range(rounds):
            self.report(f"{'warm' if calls else 'cold'} {number + 1} of {rounds}")
            for subject in subjects:
                self._once(subject, figures[subject.name], calls)
        return figures

    def _once(self, subject: Subject, figures: Figures, calls: int) -> None:
        target = self.scratch / "figures.json"
        target.unlink(missing_ok=True)
        done = subprocess.run(
            [trees.interpreter(), "-S", CHILD, subject.module, target, str(WARM_UP), str(calls)],
            env=trees.environment(self.variables, subject.import_path),
            input=json.dumps(subject.events),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise WrongAnswer(f"{subject.name} failed:\n{done.stderr[-2000:]}")
        measured = json.loads(target.read_text())
        if not subject.answered(measured["answer"]):
            raise WrongAnswer(f"{subject.name} answered {measured['answer']}")
        for name in ("cold_wall", "cold_cpu", "warm_cpu"):
            if name in measured:
                getattr(figures, name).append(1000 * measured[name])


def median(values: list[float]) -> float:
    return statistics.median(values)


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios of neighbours in time."""
    return statistics.median(mine / yours for mine, yours in zip(ours, theirs, strict=True))
