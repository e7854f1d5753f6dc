"""Hostile input against every reader, every function and every operation of the OpenAPI documents.

Runs the fuzz tests (project/hostile.py) with many more cases than `make test` does, drawn anew each
time, in this process, and writes how many there were. Ends with 1 when one of them failed; the case
is printed, as small as hypothesis could make it.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from project import hostile

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = PROJECT / "bench" / "results" / "reliability" / "fuzz.json"
MUTATIONS = "mutations"
"""The readers once more, on text that is put together at random: hypothesis finds more with a case,
and this tries many more cases in the same time."""
PARTS = {
    "parsers": "tests/unit/test_fuzz_parsers.py",
    "requests": "tests/integration/test_fuzz_requests.py",
    "operations": "tests/integration/test_openapi.py",
}
USUAL = {"parsers": 600, "requests": 1000, "operations": 80, MUTATIONS: 8000}
"""Cases per test, by what one costs."""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(USUAL)}")
    parser.add_argument("--cases", type=int, help="per test; default: a hundred thousand in all")
    options = parser.parse_args()
    if unknown := set(options.parts) - USUAL.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    known = json.loads(RESULTS.read_text())["figures"]["by_part"] if RESULTS.exists() else {}
    failed = False
    for part in options.parts or USUAL:
        run = _mutated if part == MUTATIONS else _run
        for counted in (hostile.cases, hostile.slowest, hostile.growth):
            counted.clear()
        known[part] = run(part, options.cases or USUAL[part])
        failed |= known[part]["failures"] > 0
        if options.cases is None or options.cases >= USUAL[part]:  # a trial is no figure
            _write({name: known[name] for name in USUAL if name in known})
        print(f"- {known[part]['cases']:,} cases in {known[part]['seconds']} s", flush=True)
    return int(failed)


def _mutated(part: str, cases: int) -> dict[str, Any]:
    """Every test of the readers whose arguments are text, lists and tables of text."""
    # Not before the number of cases is known, which it takes when it is imported.
    test_fuzz_parsers = importlib.import_module("tests.unit.test_fuzz_parsers")

    draw, started = random.Random(), time.monotonic()  # noqa: S311 - cases, no secrets
    reported: set[str] = set()
    failures = 0
    logging.disable()  # each unreadable line is logged
    makers: dict[str, Callable[[], Any]] = {
        "str": lambda: _text(draw),
        "bool": lambda: draw.random() < 0.5,  # noqa: PLR2004 - a coin
        "list[str]": lambda: [_text(draw) for _ in range(draw.randrange(4))],
        "dict[str, str]": lambda: {_text(draw): _text(draw) for _ in range(draw.randrange(4))},
    }
    print(f"- {part}, {cases:,} cases per test", flush=True)
    for name, test in vars(test_fuzz_parsers).items():
        if not hasattr(test, "hypothesis"):
            continue
        signature = inspect.signature(test.hypothesis.inner_test)
        wanted = [parameter.annotation for parameter in signature.parameters.values()]
        if set(wanted) - makers.keys():
            continue
        for _ in range(cases):
            arguments = [makers[kind]() for kind in wanted]
            try:
                test.hypothesis.inner_test(*arguments)
            except (Exception, hostile.Hang) as error:  # noqa: BLE001 - what is looked for
                failures += 1
                if name not in reported:
                    reported.add(name)
                    print(f"!! {name}{tuple(arguments)!r}: {error!r}", flush=True)
    logging.disable(logging.NOTSET)
    return _audited(failures, started)


def _text(draw: random.Random) -> str:
    """A few pieces, hostile or of characters of any plane, cut somewhere."""
    pieces = [
        draw.choice(hostile.EVIL)
        if draw.random() < 0.5  # noqa: PLR2004 - a coin
        else "".join(chr(draw.choice(_PLANES)(draw)) for _ in range(draw.randrange(8)))
        for _ in range(draw.randrange(4))
    ]
    text = "".join(pieces)
    return text[: draw.randrange(len(text) + 1)] if draw.random() < 0.3 else text  # noqa: PLR2004


_PLANES: tuple[Callable[[random.Random], int], ...] = (
    lambda draw: draw.randrange(32, 127),
    lambda draw: draw.randrange(256),
    lambda draw: draw.randrange(0x110000),
)


class _Failures:
    """A plugin that counts them."""

    count = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.count += report.failed


def _run(part: str, cases: int) -> dict[str, Any]:
    os.environ["JMPY_FUZZ"] = str(cases)
    failures = _Failures()
    started = time.monotonic()
    print(f"- {part}, {cases:,} cases per test", flush=True)
    options = ["-q", "--no-header", "--show-capture=no", "-p", "no:cacheprovider"]
    pytest.main([PARTS[part], *options], plugins=[failures])
    return _audited(failures.count, started)


def _audited(failures: int, started: float) -> dict[str, Any]:
    return {
        "cases": sum(hostile.cases.values()),
        "failures": failures,
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
