"""Writes the tables of docs/clicks.md from bench/results/agents.json; a test holds them
together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from project import generated_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "clicks.md"
RESULTS = PROJECT / "bench" / "results" / "agents.json"
_WHO = {"human": "people", "bot": "bots"}


def write() -> None:
    PAGE.write_text(made(PAGE.read_text()))


def made(page: str) -> str:
    """The page, with the tables of the last results in their place."""
    return generated_tables.with_tables(
        page, "bench.agents", tables(json.loads(RESULTS.read_text()))
    )


def tables(result: Mapping[str, Any]) -> str:
    fixtures = "".join(
        f"| {source['name']} | {source['from']} | {source['version']} |\n"
        for source in result["fixtures"]
    )
    agents = "".join(
        f"| {row['fixtures']} | {_WHO[row['kind']]} | {row['total']:,} "
        f"| {row['human']:,} | {row['suspicious']:,} | {row['bot']:,} "
        f"| {row['wrong_percent']:.2f} % | < {row['target']:.0f} % |{_verdict(row)}\n"
        for row in result["agents"]
    )
    devices = "".join(map(_right, result["devices"]))
    sources = "".join(map(_right, result["sources"]))
    return (
        f"| Fixtures | From | Version |\n|---|---|---|\n{fixtures}\n"
        "| Fixtures | They are | Number | people | suspicious | bots | Wrong | Target | |\n"
        f"|---|---|---:|---:|---:|---:|---:|---:|---|\n{agents}\n"
        "| Fixtures | They are | Number | Right | | Most others are taken for | Target | |\n"
        f"|---|---|---:|---:|---:|---|---:|---|\n{devices}{sources}"
    )


def _right(row: Mapping[str, Any]) -> str:
    others = [
        f"{kind} {number:,}" for kind, number in row["taken_for"].items() if kind != row["kind"]
    ]
    return (
        f"| {row['fixtures']} | {row['kind']} | {row['total']:,} | {row['right']:,} "
        f"| {row['right_percent']:.1f} % | {', '.join(others[:2])} | ≥ {row['target']:.0f} % "
        f"|{_verdict(row)}\n"
    )


def _verdict(row: Mapping[str, Any]) -> str:
    return " |" if row["met"] else " missed |"
