"""Writes the table of docs/performance.md from bench/results/speed.json; a test holds them
together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bench.speed.trees import PROJECT
from project import generated_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = PROJECT / "docs" / "performance.md"
RESULTS = PROJECT / "bench" / "results" / "speed.json"


def write() -> None:
    PAGE.write_text(made(PAGE.read_text()))


def made(page: str) -> str:
    """The page, with the table of the last results in its place."""
    return generated_tables.with_tables(
        page, "bench.speed", _table(json.loads(RESULTS.read_text()))
    )


def _table(result: Mapping[str, Any]) -> str:
    head = (
        f"Python {result['python']}, {result['rounds']} execution environments of each.\n\n"
        "| What | Next to | Ratio | by the clock | in the emulator | by the clock | Target | |\n"
        "|---|---|---:|---:|---:|---:|---:|---|\n"
    )
    return head + "".join(map(_row, result["rows"]))


def _row(row: Mapping[str, Any]) -> str:
    emulated = row["emulator"] or {}
    ratios = (row["ratio"], row["clock_ratio"], emulated.get("ratio"), emulated.get("clock_ratio"))
    cells = (*ratios, row["target"])
    figures = " | ".join("" if figure is None else f"{figure:.2f}" for figure in cells)
    missed = "missed" if row["target"] is not None and row["ratio"] > row["target"] else ""
    return f"| {row['what']} | {row['reference']} | {figures} | {missed} |\n"
