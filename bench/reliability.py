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

_HEAD = """# Reliability

What Jmpy was put through, and what came of it. This page is generated: `make reliability` writes it
from the files in `bench/results/reliability`, which the commands below write. Do not edit it.

Everything ran on one machine, on an emulator and on AWS's DynamoDB Local, not on AWS
([what that leaves open](aws-behaviours.md)).
"""

_FINDINGS = """
## Found and fixed

Each has a test. What is known and not mended is in
[architecture](architecture.md#when-aws-fails).

| Found | By | Commit |
|---|---|---|
"""


def main() -> int:
    PAGE.write_text(page(results(), json.loads(FINDINGS.read_text())))
    print(f"- wrote {PAGE.relative_to(PROJECT)}")
    return 0


def results() -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in sorted(figures.FOLDER.glob("*.json"))]


def page(results: list[dict[str, Any]], findings: list[dict[str, str]]) -> str:
    return _HEAD + "".join(map(section, results)) + _FINDINGS + "".join(map(_row, findings))


def section(result: dict[str, Any]) -> str:
    """What a source of figures says."""
    rows = "".join(
        f"| {name.replace('_', ' ')} | {_told(value)} |\n"
        for name, value in result["figures"].items()
        if not isinstance(value, dict)  # the parts of a figure, for whoever opens the file
    )
    return (
        f"\n## {result['what']}\n\n| | |\n|---|---:|\n{rows}"
        f"\n`{result['command']}`, {result['measured']}.\n"
    )


def _told(value: figures.Figure) -> str:
    return f"{value:,}" if isinstance(value, int | float) else value


def _row(finding: dict[str, str]) -> str:
    subject = finding["commit"]
    return f"| {finding['found']} | {finding['by']} | {subject}{_hash(subject)} |\n"


def _hash(subject: str) -> str:
    """Of the commit with that subject: a rebase gives it another one."""
    log = ["git", "log", "--format=%h %s", "--fixed-strings", f"--grep={subject}"]
    found = subprocess.run(log, cwd=PROJECT, capture_output=True, text=True, check=False).stdout
    hashes = [
        line.partition(" ")[0] for line in found.splitlines() if line.partition(" ")[2] == subject
    ]
    return f" ({hashes[-1]})" if hashes else ""


if __name__ == "__main__":
    sys.exit(main())
