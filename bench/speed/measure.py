"""Runs subjects in turn, each in an execution environment of its own, so that what slows the
machine slows all."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bench.speed.subjects import Subject

WARM_UP = 5
CALLS = 30


class UnexpectedResponse(Exception):
    """A subject did not do what it is measured for."""


@dataclass(frozen=True)
class Sample:
    """Of one execution environment, in seconds."""

    response: dict[str, Any]
    """To the first request."""

    cold_wall: float
    cold_cpu: float
    warm_cpu: float | None = None
    """Of one call, on average; None where only the cold start was asked for."""


class Environment(Protocol):
    """Starts, responds to the first request and to so many more. Raises UnexpectedResponse."""

    def __call__(self, subject: Subject, calls: int, /) -> Sample: ...


@dataclass
class Figures:
    """In milliseconds, one of each environment."""

    cold_wall: list[float] = field(default_factory=list)
    cold_cpu: list[float] = field(default_factory=list)
    warm_cpu: list[float] = field(default_factory=list)

    def add(self, sample: Sample) -> None:
        self.cold_wall.append(1000 * sample.cold_wall)
        self.cold_cpu.append(1000 * sample.cold_cpu)
        if sample.warm_cpu is not None:
            self.warm_cpu.append(1000 * sample.warm_cpu)


def rounds(
    environments: Mapping[str, Environment],
    subjects: Sequence[tuple[Subject, int]],
    count: int,
    report: Callable[[int, int], None],
) -> dict[str, dict[str, Figures]]:
    """By environment and subject. A subject comes with its number of warm calls, at most CALLS;
    `report` is told how many environments of how many are done."""
    figures = {name: {of.name: Figures() for of, _ in subjects} for name in environments}
    done, total = 0, count * len(environments) * len(subjects)
    for _ in range(count):
        for name, environment in environments.items():
            for subject, calls in subjects:
                report(done, total)
                sample = environment(subject, calls)
                if not subject.answered(sample.response):
                    raise UnexpectedResponse(f"{subject.name} answered {sample.response}")
                figures[name][subject.name].add(sample)
                done += 1
    report(done, total)
    return figures


def median(values: list[float]) -> float:
    return statistics.median(values)


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios of neighbours in time."""
    return statistics.median(mine / yours for mine, yours in zip(ours, theirs, strict=True))
