"""What `make conformance` prints, here and on AWS."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping

from ops import terminal
from ops.conformance.facts import FACTS
from ops.conformance.run import Outcome, run, summary
from ops.conformance.target import Target


def parser(program: str, description: str | None) -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog=program, description=description)
    found.add_argument("--json", action="store_true", help="print for programs")
    found.add_argument(
        "--only", nargs="+", metavar="ID", default=[""],
        help="facts to compare, by how their ids begin, such as: path dynamodb; default: all",
    )  # fmt: skip
    return found


def say(options: argparse.Namespace, text: str) -> None:
    print(f"- {text} ...", file=sys.stderr if options.json else sys.stdout, flush=True)


def compare(options: argparse.Namespace, target: Target, known_misses: Mapping[str, str]) -> int:
    """The exit status: 1 if the stack does not do what AWS was recorded to do."""
    facts = [fact for fact in FACTS if fact.id.startswith(tuple(options.only))]
    say(options, f"Comparing {len(facts)} facts; those about the access log come last")
    started = time.monotonic()
    outcomes = run(facts, target, known_misses, lambda each: _show(options, each))
    if options.json:
        print(json.dumps([outcome.value for outcome in outcomes], indent=2))
    else:
        print(f"{summary(outcomes)}, in {time.monotonic() - started:.1f} s", flush=True)
    return 1 if any(outcome.verdict.is_fault for outcome in outcomes) or not facts else 0


def _show(options: argparse.Namespace, outcome: Outcome) -> None:
    if not options.json:
        for line in outcome.lines:
            print(terminal.line(line), flush=True)
