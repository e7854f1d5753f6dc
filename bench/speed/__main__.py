"""Measures, prints a table next to the committed one, writes bench/results/speed.json and the table
of docs/performance.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import committed
from bench.speed import comparisons, interpreter, measure, page, tables, trees
from bench.speed.comparisons import EMULATOR, PROCESS
from bench.speed.emulator import NotHere, emulator
from bench.speed.processes import Processes

if TYPE_CHECKING:
    from bench.speed.comparisons import Ratio, Row
    from bench.speed.interpreter import Interpreter
    from bench.speed.measure import Environment

ROUNDS = 9
LARGEST_AUTHORIZER = 5_000_000
"""Bytes of everything that loads with it, but the SDK of the runtime, which it does not use."""


def main() -> int:
    options = _arguments()
    try:
        python = interpreter.find(options.python)
    except interpreter.NoPython as error:
        print(f"!! {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="jmpy-bench-") as name:
        rows, size = _measured(Path(name), python, options.rounds, bytecode=not options.no_bytecode)
    _print(rows, _committed())
    print(f"authorizer, function and layers unzipped: {size:,} of {LARGEST_AUTHORIZER:,} bytes")
    if not options.no_bytecode:
        result = {
            "python": python.version,
            "rounds": options.rounds,
            "authorizer_bytes": size,
            "rows": [row.result() for row in rows],
        }
        trial = options.rounds < ROUNDS
        committed.write(page.RESULTS, result, trial=trial)
        if not trial:
            page.write()
    missed = [row.what for row in rows if row.missed]
    if missed:
        print(f"!! missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed or size > LARGEST_AUTHORIZER else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="execution environments of each; %(default)s"
    )
    parser.add_argument(
        "--python",
        help="the Python to build for and to measure with; else Lambda's version if uv finds it "
        "(uv python install 3.14), else this one",
    )
    parser.add_argument(
        "--no-bytecode", action="store_true", help="as `sam build` alone would leave the artefacts"
    )
    return parser.parse_args()


def _measured(
    folder: Path, python: Interpreter, rounds: int, *, bytecode: bool
) -> tuple[list[Row], int]:
    """The rows, and the bytes of the authorizer."""
    print(f"- Building for Python {python.version}", flush=True)
    built = trees.build(folder / "trees", python.path, bytecode=bytecode)
    size = trees.size([built.build / "AuthorizerFunction", built.build / "JmpyLayer"])
    print("- Filling tables", flush=True)
    with tables.serving(folder) as seeded:
        variables = seeded.variables
        environments: dict[str, Environment] = {PROCESS: Processes(python.path, variables, folder)}
        try:
            environments[EMULATOR] = emulator(python.path, variables, folder)
        except NotHere as error:
            print(f"!! without the emulator: {error}", file=sys.stderr)
        cold, warm = comparisons.cold(built, seeded), comparisons.warm(built, seeded)
        each = comparisons.each(cold, warm)
        figures = measure.rounds(environments, each, rounds, _Progress())
    return list(comparisons.rows(cold, warm, figures)), size


class _Progress:
    """On a terminal one line that changes, in a file a line now and then."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._last = ""

    def __call__(self, done: int, total: int) -> None:
        text = f"- {100 * done // total:3} % of {total} execution environments"
        if text == self._last:
            return
        self._last = text
        if done:
            left = (time.monotonic() - self._started) * (total - done) / done
            text += f", {left / 60:.1f} min left"
        if sys.stdout.isatty():
            print(f"\r{text} ", end="" if done < total else "\n", flush=True)
        elif 100 * done // total % 10 == 0:
            print(text, flush=True)


def _committed() -> dict[tuple[str, str], float]:
    """The ratios of the last committed result."""
    shown = subprocess.run(
        ["git", "show", "HEAD:bench/results/speed.json"],  # noqa: S607 - whichever git this is
        cwd=trees.PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows: list[dict[str, Any]] = json.loads(shown.stdout)["rows"] if shown.returncode == 0 else []
    return {(row["what"], row["reference"]): row["ratio"] for row in rows}


def _print(rows: list[Row], before: dict[tuple[str, str], float]) -> None:
    """In two blocks: a process of its own, and Lambda's emulator."""
    block = f"{'CPU ms':>8}{'its':>8}{'ratio':>7}{'(clock)':>8}"
    print(f"{'':54}{'a bare process':^31}  {'in the emulator':^31}")
    print(f"{'':33}{'next to':21}{block}  {block}{'target':>8}{'last':>6}")
    for row in rows:
        target = "-" if row.target is None else f"{row.target:.2f}"
        last = before.get((row.what, row.reference))
        print(
            f"{row.what:33}{row.reference:21}{_block(row.process)}  {_block(row.emulator)}"
            f"{target:>8}{'-' if last is None else f'{last:.2f}':>6}"
            f"{'  missed' if row.missed else ''}"
        )


def _block(of: Ratio | None) -> str:
    if of is None:
        return f"{'-':>31}"
    clock = "" if of.clock_ratio is None else f"{of.clock_ratio:.2f}"
    return f"{of.ours_ms:8.2f}{of.reference_ms:8.2f}{of.ratio:7.2f}{clock:>8}"


if __name__ == "__main__":
    sys.exit(main())
