"""Writes docs/reliability.md from what tests and benches counted (bench/results/reliability)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import figures

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "reliability.md"
FINDINGS = Path(__file__).resolve().parent / "findings.json"
LAST_RUN = PROJECT / ".pytest_cache" / "v" / "reliability" / "tests"
"""Where pytest keeps what tests/conftest.py tells it."""

_HEAD = """# Reliability

How Jmpy was tested, and the results. This page is generated: `make reliability` writes it from the
files in `bench/results/reliability`, which the commands below write. Do not edit it.

Everything ran on one machine, on an emulator and on AWS's DynamoDB Local, not on AWS
([what that leaves open](aws-behaviours.md)).
"""

_SUMMARY = (
    ("Test cases in the suite, all passed", "tests", "passed"),
    ("AWS faults injected", "faults", "faults"),
    ("Races run", "races", "races"),
    ("Records written under load, and found again", "load", "records"),
    ("Hostile inputs tried", "fuzz", "cases"),
)
"""The rows of the summary, and the figure of each: by source and name."""

LABELS = {
    "faults": {
        "paths": "paths through the functions, each with every fault",
        "calls": "AWS calls on these paths",
        "faults": "faults injected",
    },
    "fuzz": {"cases": "inputs tried", "failures": "5xx responses, exceptions and hangs"},
    "load": {
        "at once": "concurrent requests",
        "wrong answers": "wrong responses",
        "lost answers": "lost responses",
        "records": "records: links, keys and clicks",
        "links that should be there": "links expected",
        "links found, each as it should be": "links found, each with the expected values",
        "keys that should work": "keys expected to work",
        "MB of the functions' processes after half of it": (
            "MB used by the functions' processes, halfway through"
        ),
        "MB of the same in the end": "MB used by the same processes, at the end",
    },
    "models": {"steps": "steps, each compared"},
    "policies": {
        "grants": "permissions that functions have",
        "missed": "permissions whose removal makes the function fail",
        "survivors": "permissions whose removal has no effect",
        "not_evaluated": "not tested, since the emulator evaluates no role there",
    },
    "races": {"races": "races run, each with a single winner"},
    "tests": {
        "passed": "test cases that passed",
        "skipped": "skipped: memory growth, which `make fuzz` measures, or a missing program",
    },
}
"""Labels of figures on the page, where their names are not clear enough."""

_FINDINGS = """
## Found and fixed

Each has a test. Known problems that are not fixed are listed in
[architecture](architecture.md#when-aws-fails).

| Found | By | Commit |
|---|---|---|
"""


def main() -> int:
    keep_last_run()
    PAGE.write_text(page(results(), json.loads(FINDINGS.read_text())))
    print(f"- wrote {PAGE.relative_to(PROJECT)}")
    return 0


def keep_last_run() -> None:
    """What pytest remembers of the last run of the whole suite (tests/conftest.py), if any."""
    if LAST_RUN.exists():
        (figures.FOLDER / "tests.json").write_text(
            json.dumps(json.loads(LAST_RUN.read_text()), indent=2) + "\n"
        )


def results() -> dict[str, Any]:
    """By source."""
    return {
        file.stem: json.loads(file.read_text()) for file in sorted(figures.FOLDER.glob("*.json"))
    }


def page(results: dict[str, Any], findings: list[dict[str, str]]) -> str:
    return "".join((
        _HEAD,
        summary(results, findings),
        *(section(source, result) for source, result in results.items()),
        _FINDINGS,
        *map(_row, findings),
    ))  # fmt: skip


def summary(results: dict[str, Any], findings: list[dict[str, str]]) -> str:
    """The table on top. What was not measured is left out."""
    rows = [
        f"| {name} | {_audited(results[source]['figures'][figure])} |\n"
        for name, source, figure in _SUMMARY
        if figure in results.get(source, {"figures": {}})["figures"]
    ]
    return "".join((
        "\n| In the last run of each | |\n|---|---:|\n",
        *rows,
        f"| [Findings fixed](#found-and-fixed), each with a test | {len(findings)} |\n",
    ))  # fmt: skip


def section(source: str, result: dict[str, Any]) -> str:
    """What a source of figures says."""
    labels = LABELS.get(source, {})
    rows = "".join(
        f"| {labels.get(name, name.replace('_', ' '))} | {_audited(value)} |\n"
        for name, value in result["figures"].items()
        if not isinstance(value, dict)  # the parts of a figure, for whoever opens the file
    )
    return (
        f"\n## {result['what']}\n\n| | |\n|---|---:|\n{rows}"
        f"\n`{result['command']}`, {result['measured']}.\n"
    )


def _audited(value: figures.Figure) -> str:
    return f"{value:,}" if isinstance(value, int | float) else value


def _row(finding: dict[str, str]) -> str:
    subject = finding["commit"]
    return f"| {finding['found']} | {finding['by']} | {subject}{_hash(subject)} |\n"


def _hash(subject: str) -> str:
    """Of the commit with that subject: a rebase gives it another one."""
    log = ["git", "log", "--abbrev=8", "--format=%h %s", "--fixed-strings", f"--grep={subject}"]
    found = subprocess.run(log, cwd=PROJECT, capture_output=True, text=True, check=False).stdout
    hashes = [
        line.partition(" ")[0] for line in found.splitlines() if line.partition(" ")[2] == subject
    ]
    return f" ({hashes[-1]})" if hashes else ""


if __name__ == "__main__":
    sys.exit(main())
