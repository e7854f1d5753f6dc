"""Compares a stack with the facts, and says what came of each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError
from urllib3.exceptions import HTTPError

from ops.conformance.comparison import differences
from ops.conformance.fact import Fact
from ops.conformance.observation import observe
from ops.conformance.target import Target

_PAUSE = 0.2
_ON_AWS = 180.0
_ON_THE_EMULATOR = 5.0
"""Seconds until a request's line has to be in the access log."""


class Verdict(StrEnum):
    HOLDS = "ok"
    MISSED = "FAIL"
    KNOWN = "known"
    """Missed, as is listed with its reason."""
    UNEXPECTED = "FIXED"
    """It holds although it is listed as missed: the list has to be mended."""
    AS_ASSUMED = "ask: as assumed"
    NOT_AS_ASSUMED = "ask: other"

    @property
    def is_fault(self) -> bool:
        return self in (Verdict.MISSED, Verdict.UNEXPECTED)


@dataclass(frozen=True)
class Outcome:
    fact: Fact
    verdict: Verdict
    differences: list[str]
    reason: str = ""
    """Of a known miss."""

    @property
    def lines(self) -> list[str]:
        certainty = self.fact.source.certainty
        head = f"{self.verdict:<15}  {self.fact.id}: {self.fact.statement} ({certainty})"
        why = [f"because {self.reason}"] if self.reason else []
        return [head, *(f"{'':<17}{each}" for each in [*self.differences, *why])]

    @property
    def value(self) -> dict[str, Any]:
        """For programs."""
        return {
            "id": self.fact.id,
            "statement": self.fact.statement,
            "certainty": str(self.fact.source.certainty),
            "source": self.fact.source.link,
            "verdict": self.verdict.name.lower(),
            "differences": self.differences,
            "reason": self.reason or None,
        }


def run(
    facts: Iterable[Fact],
    target: Target,
    known_misses: Mapping[str, str],
    report: Callable[[Outcome], None],
) -> list[Outcome]:
    """`known_misses`: the reasons, by the ids of facts. Facts that need the access log are reported
    last, when their lines have arrived."""
    outcomes, waiting = [], []

    def judged(fact: Fact, seen: Mapping[str, Any]) -> None:
        outcome = _outcome(fact, seen, known_misses)
        outcomes.append(outcome)
        report(outcome)

    for fact in facts:
        seen = _seen(fact, target)
        if "log" in fact.expected and seen.get("request_id"):
            waiting.append((fact, seen))
        else:
            judged(fact, seen)
    lines = _lines({seen["request_id"] for _, seen in waiting}, target)
    for fact, seen in waiting:
        judged(fact, {**seen, "log": lines.get(seen["request_id"])})
    return outcomes


def summary(outcomes: Iterable[Outcome]) -> str:
    counts = Counter(outcome.verdict for outcome in outcomes)
    words = {
        Verdict.HOLDS: "hold",
        Verdict.KNOWN: "are missed as listed",
        Verdict.AS_ASSUMED: "unrecorded as assumed",
        Verdict.NOT_AS_ASSUMED: "unrecorded otherwise",
        Verdict.MISSED: "FAIL",
        Verdict.UNEXPECTED: "listed as missed, but hold",
    }
    parts = [f"{counts[verdict]} {text}" for verdict, text in words.items() if counts[verdict]]
    return f"{counts.total()} facts: {', '.join(parts)}"


def _seen(fact: Fact, target: Target) -> dict[str, Any]:
    try:
        return observe(fact.probe, fact.expected, target)
    except (HTTPError, BotoCoreError) as error:
        return {"no response": f"{type(error).__name__}: {error}"}


def _outcome(fact: Fact, seen: Mapping[str, Any], known_misses: Mapping[str, str]) -> Outcome:
    found, reason = differences(fact.expected, seen), known_misses.get(fact.id, "")
    return Outcome(fact, verdict(fact, bool(found), reason), found, reason)


def verdict(fact: Fact, differs: bool, reason: str) -> Verdict:
    """`reason`: why the stack is known to differ; empty if it is not."""
    if not fact.may_fail:
        return Verdict.NOT_AS_ASSUMED if differs else Verdict.AS_ASSUMED
    if differs:
        return Verdict.KNOWN if reason else Verdict.MISSED
    return Verdict.UNEXPECTED if reason else Verdict.HOLDS


def _lines(ids: set[str], target: Target) -> dict[str, Any]:
    """Of the access log, by the ids of their requests, once all are there or time is up."""
    deadline = time.monotonic() + (_ON_THE_EMULATOR if target.endpoint else _ON_AWS)
    while True:
        found = {line["id"]: line for line in target.log_lines() if line.get("id") in ids}
        if len(found) == len(ids) or time.monotonic() > deadline:
            return found
        time.sleep(_PAUSE)
