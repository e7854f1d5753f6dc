"""Measures, prints a table, writes bench/results/speed.json; compares with the committed one."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.speed import measure, subjects, tables, trees
from bench.speed.measure import Bench, Figures

if TYPE_CHECKING:
    from collections.abc import Iterable

RESULTS = Path(__file__).resolve().parents[1] / "results" / "speed.json"
LARGEST_AUTHORIZER = 5_000_000
"""Bytes of everything that loads with it, but the SDK of the runtime, which it does not use."""


@dataclass(frozen=True)
class Row:
    what: str
    reference: str
    ours_ms: float
    reference_ms: float
    ratio: float
    target: float | None
    cpu_ratio: float | None = None
    """Of a cold start, whose ratio is of the time on the clock."""

    @property
    def missed(self) -> bool:
        return self.target is not None and self.ratio > self.target


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cold", type=int, default=15, help="cold starts of each; %(default)s")
    parser.add_argument("--warm", type=int, default=5, help="warm processes of each; %(default)s")
    parser.add_argument(
        "--no-bytecode", action="store_true", help="as `sam build` alone would leave the artefacts"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jmpy-bench-") as name:
        folder = Path(name)
        print("- Building", flush=True)
        built = trees.build(folder / "trees", bytecode=not asked.no_bytecode)
        print("- Filling tables", flush=True)
        with tables.serving(folder) as seeded:
            bench = Bench(seeded.variables, folder, _progress)
            rows = [*_cold(bench, built, seeded, asked.cold)]
            rows += _warm(bench, built, seeded, asked.warm)
        print()
        size = trees.size([built.build / "AuthorizerFunction", built.build / "JmpyLayer"])
    _print(rows, _committed())
    print(f"authorizer, function and layers unzipped: {size:,} of {LARGEST_AUTHORIZER:,} bytes")
    result = {
        "python": platform.python_version(),
        "bytecode": not asked.no_bytecode,
        "cold_starts": asked.cold,
        "authorizer_bytes": size,
        "rows": [asdict(row) for row in rows],
    }
    if not asked.no_bytecode:
        RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    missed = [row.what for row in rows if row.missed]
    if missed:
        print(f"!! missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed or size > LARGEST_AUTHORIZER else 0


def _cold(bench: Bench, built: trees.Trees, seeded: tables.Seeded, rounds: int) -> Iterable[Row]:
    one_key, floor = subjects.authorizer(built, seeded, 1), subjects.floor(built, seeded)
    redirect, their_redirect, samples = subjects.redirects(built, seeded)
    link, their_link = subjects.links(built, seeded)["read a link"]
    others = subjects.others(built)
    everything = [one_key, floor, redirect, their_redirect, samples, link, their_link]
    figures = bench.cold([*everything, *others.values()], rounds)

    def row(what: str, ours: subjects.Subject, theirs: subjects.Subject, target: float) -> Row:
        return _cold_row(what, figures[ours.name], theirs.name, figures[theirs.name], target)

    yield row("authorizer, cold", one_key, floor, 0.5)
    yield row("redirect, cold", redirect, their_redirect, 0.6)
    yield _cold_row(
        "redirect, cold", figures[redirect.name], samples.name, figures[samples.name], None
    )
    yield row("links, cold", link, their_link, 0.75)
    for function, subject in others.items():
        yield row(f"{function}, cold", subject, their_link, 0.75)


def _warm(bench: Bench, built: trees.Trees, seeded: tables.Seeded, rounds: int) -> Iterable[Row]:
    uncached = subjects.authorizer(built, seeded, len(seeded.secrets))
    cached, floor = subjects.authorizer(built, seeded, 1), subjects.floor(built, seeded)
    pairs = subjects.links(built, seeded)
    redirect, their_redirect, _ = subjects.redirects(built, seeded)
    pairs["redirect"] = (redirect, their_redirect)
    others = subjects.others(built)
    everything = [
        uncached,
        cached,
        floor,
        *(subject for pair in pairs.values() for subject in pair),
    ]
    figures = bench.warm([*everything, *others.values()], rounds)

    def row(
        what: str, ours: subjects.Subject, theirs: subjects.Subject, target: float | None
    ) -> Row:
        mine, yours = figures[ours.name].warm_cpu, figures[theirs.name].warm_cpu
        return Row(
            f"{what}, warm CPU", theirs.name, measure.median(mine), measure.median(yours),
            measure.ratio(mine, yours), target,
        )  # fmt: skip

    yield row("authorizer, key not cached", uncached, floor, 0.4)
    yield row("authorizer, key cached", cached, floor, 0.1)
    for what, (ours, theirs) in pairs.items():
        yield row(what, ours, theirs, None if what == "redirect" else 0.7)
    for function, subject in others.items():
        yield row(function, subject, pairs["read a link"][1], None)


def _cold_row(what: str, ours: Figures, name: str, theirs: Figures, target: float | None) -> Row:
    return Row(
        what, name, measure.median(ours.cold_wall), measure.median(theirs.cold_wall),
        measure.ratio(ours.cold_wall, theirs.cold_wall), target,
        measure.ratio(ours.cold_cpu, theirs.cold_cpu),
    )  # fmt: skip


def _committed() -> dict[tuple[str, str], float]:
    """The ratios of the last committed result."""
    shown = subprocess.run(
        ["git", "show", "HEAD:bench/results/speed.json"],
        cwd=trees.PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows: list[dict[str, Any]] = json.loads(shown.stdout)["rows"] if shown.returncode == 0 else []
    return {(row["what"], row["reference"]): row["ratio"] for row in rows}


def _print(rows: list[Row], before: dict[tuple[str, str], float]) -> None:
    print(
        f"{'':38}{'next to':20}{'ms':>8}{'ms':>9}{'ratio':>8}{'(CPU)':>8}{'target':>8}{'last':>7}"
    )
    for row in rows:
        target = "-" if row.target is None else f"{row.target:.2f}"
        cpu = "" if row.cpu_ratio is None else f"{row.cpu_ratio:.2f}"
        last = before.get((row.what, row.reference))
        print(
            f"{row.what:38}{row.reference:20}{row.ours_ms:8.2f}{row.reference_ms:9.2f}"
            f"{row.ratio:8.2f}{cpu:>8}{target:>8}{'-' if last is None else f'{last:.2f}':>7}"
            f"{'  missed' if row.missed else ''}"
        )


def _progress(text: str) -> None:
    print(f"\r- {text}      ", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
