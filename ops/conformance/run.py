"""Compares a stack with the facts, and says what came of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError
from urllib3.exceptions import HTTPError

from ops.conformance import late
from ops.conformance.comparison import differences
from ops.conformance.fact import Fact, Failure, NewKey, Probe
from ops.conformance.observation import observe
from ops.conformance.target import Target


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
    """`known_misses`: the reasons, by the ids of facts. What takes a while is reported last."""
    outcomes: list[Outcome] = []
    waiting: list[tuple[Fact, dict[str, Any]]] = []
    keys: dict[Probe, dict[str, Any]] = {}

    def compare(fact: Fact, seen: Mapping[str, Any]) -> None:
        outcome = _outcome(fact, seen, known_misses)
        outcomes.append(outcome)
        report(outcome)

    # First what fails in the background meanwhile.
    for fact in sorted(facts, key=lambda fact: not isinstance(fact.probe, Failure)):
        if isinstance(fact.probe, NewKey):
            seen = keys.setdefault(fact.probe, {}) or _seen(fact, target)
            keys[fact.probe] = seen
        else:
            seen = _seen(fact, target)
        if "mark" in seen or ("log" in fact.expected and seen.get("request_id")):
            waiting.append((fact, seen))
        else:
            compare(fact, seen)
    for fact, seen in _completed(waiting, target):
        compare(fact, seen)
    return outcomes


def _completed(
    waiting: list[tuple[Fact, dict[str, Any]]], target: Target
) -> Iterator[tuple[Fact, dict[str, Any]]]:
    lines = late.log_lines(
        {seen["request_id"] for _, seen in waiting if "mark" not in seen}, target
    )
    for fact, seen in waiting:
        if "mark" not in seen:
            yield fact, {**seen, "log": lines.get(seen["request_id"])}
    awaited = {seen["mark"]: seen["awaited"] for _, seen in waiting if "mark" in seen}
    failed = late.failures(awaited, target)
    for fact, seen in waiting:
        if "mark" in seen:
            yield fact, {"messages": failed.get(seen["mark"], [])}


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
