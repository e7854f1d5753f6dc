"""Hostile input against every reader, every function and every operation of the OpenAPI documents.

Runs the fuzz tests (tests/hostile.py) with many more cases than `make test` does, drawn anew each
time, in this process, and writes how many there were. Ends with 1 when one of them failed; the case
is printed, as small as hypothesis could make it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import hostile

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = PROJECT / "bench" / "results" / "reliability" / "fuzz.json"
PARTS = {
    "parsers": "tests/unit/test_fuzz_parsers.py",
    "requests": "tests/integration/test_fuzz_requests.py",
    "operations": "tests/integration/test_openapi.py",
}
USUAL = {"parsers": 4000, "requests": 1200, "operations": 200}
"""Cases per test; operations and requests are dearer."""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--cases", type=int, help="per test; default: a hundred thousand in all")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    known = json.loads(RESULTS.read_text())["figures"]["by_part"] if RESULTS.exists() else {}
    failed = False
    for part in asked.parts or PARTS:
        known[part] = _run(part, asked.cases or USUAL[part])
        failed |= known[part]["failures"] > 0
        _write({name: known[name] for name in PARTS if name in known})
    print(f"- {sum(p['cases'] for p in known.values()):,} cases, in {RESULTS.relative_to(PROJECT)}")
    return int(failed)


class _Failures:
    """A plugin that counts them."""

    count = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.count += report.failed


def _run(part: str, cases: int) -> dict[str, Any]:
    os.environ["JMPY_FUZZ"] = str(cases)
    for counted in (hostile.cases, hostile.slowest, hostile.growth):
        counted.clear()
    failures = _Failures()
    started = time.monotonic()
    print(f"- {part}, {cases:,} cases per test", flush=True)
    options = ["-q", "--no-header", "--show-capture=no", "-p", "no:cacheprovider"]
    pytest.main([PARTS[part], *options], plugins=[failures])
    return {
        "cases": sum(hostile.cases.values()),
        "failures": failures.count,
        "slowest_case_milliseconds": round(1000 * max(hostile.slowest.values(), default=0)),
        "seconds": round(time.monotonic() - started),
        **hostile.growth,
        "by_test": dict(hostile.cases),
    }


def _write(by_part: dict[str, Any]) -> None:
    document = {
        "what": "Hostile input: no 5xx, no exception, no hang, no memory growth",
        "command": "make fuzz",
        "measured": time.strftime("%Y-%m-%d", time.gmtime()),
        "figures": {
            "cases": sum(part["cases"] for part in by_part.values()),
            "failures": sum(part["failures"] for part in by_part.values()),
            "by_part": by_part,
        },
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
