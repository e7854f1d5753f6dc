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
from bench.speed.measure import Bench

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.speed.subjects import Subject

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
    clock_ratio: float | None = None
    """Of a cold start: by the clock instead of by CPU, with what it waited for the tables."""

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
    pairs = [
        ("authorizer, cold", one_key, floor, 0.5),
        ("redirect, cold", redirect, their_redirect, 0.6),
        ("redirect, cold", redirect, samples, None),
        ("LinksFunction, cold", link, their_link, 0.75),
        *(
            (f"{function}, cold", ours, theirs or their_link, 0.75)
            for function, (ours, theirs) in subjects.others(built).items()
        ),
    ]
    figures = bench.cold(_each(pairs), rounds)
    for what, ours, theirs, target in pairs:
        mine, yours = figures[ours.name], figures[theirs.name]
        yield Row(
            what,
            theirs.name,
            measure.median(mine.cold_cpu),
            measure.median(yours.cold_cpu),
            measure.ratio(mine.cold_cpu, yours.cold_cpu),
            target,
            measure.ratio(mine.cold_wall, yours.cold_wall),
        )


def _warm(bench: Bench, built: trees.Trees, seeded: tables.Seeded, rounds: int) -> Iterable[Row]:
    uncached = subjects.authorizer(built, seeded, len(seeded.secrets))
    cached, floor = subjects.authorizer(built, seeded, 1), subjects.floor(built, seeded)
    redirect, their_redirect, _ = subjects.redirects(built, seeded)
    links = subjects.links(built, seeded)
    pairs = [
        ("authorizer, key not cached, warm", uncached, floor, 0.4),
        ("authorizer, key cached, warm", cached, floor, 0.1),
        ("redirect, warm", redirect, their_redirect, None),
        *((f"{what}, warm", ours, theirs, 0.7) for what, (ours, theirs) in links.items()),
        *(
            (f"{function}, warm", ours, theirs or links["read a link"][1], 0.7)
            for function, (ours, theirs) in subjects.others(built).items()
        ),
    ]
    figures = bench.warm(_each(pairs), rounds)
    for what, ours, theirs, target in pairs:
        mine, yours = figures[ours.name].warm_cpu, figures[theirs.name].warm_cpu
        yield Row(
            what,
            theirs.name,
            measure.median(mine),
            measure.median(yours),
            measure.ratio(mine, yours),
            target,
        )


def _each(pairs: Iterable[tuple[str, Subject, Subject, float | None]]) -> list[Subject]:
    """Every subject once, those that are compared side by side."""
    return list({s.name: s for _, ours, theirs, _ in pairs for s in (ours, theirs)}.values())


def _committed() -> dict[tuple[str, str], float]:
    """The ratios of the last committed result."""
    shown = subprocess.run(
        ["git", "show", "HEAD:bench/results/speed.json"],  # noqa: S607 - whichever git this is
        cwd=trees.PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows: list[dict[str, Any]] = json.loads(shown.stdout)["rows"] if shown.returncode == 0 else []
    return {(row["what"], row["reference"]): row["ratio"] for row in rows}


def _print(rows: list[Row], before: dict[tuple[str, str], float]) -> None:
    heads = f"{'CPU ms':>8}{'its':>9}{'ratio':>8}{'(clock)':>9}{'target':>8}{'last':>7}"
    print(f"{'':38}{'next to':20}{heads}")
    for row in rows:
        target = "-" if row.target is None else f"{row.target:.2f}"
        clock = "" if row.clock_ratio is None else f"{row.clock_ratio:.2f}"
        last = before.get((row.what, row.reference))
        print(
            f"{row.what:38}{row.reference:20}{row.ours_ms:8.2f}{row.reference_ms:9.2f}"
            f"{row.ratio:8.2f}{clock:>9}{target:>8}{'-' if last is None else f'{last:.2f}':>7}"
            f"{'  missed' if row.missed else ''}"
        )


def _progress(text: str) -> None:
    print(f"\r- {text}      ", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
