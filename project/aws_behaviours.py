"""Generates what docs/aws-behaviours.md and docs/conformance.md say about the facts of
ops/conformance and the adapters of the emulator. Run as `python -m project.aws_behaviours`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from ops.conformance.emulator import KNOWN_MISSES
from ops.conformance.fact import Certainty, Fact
from ops.conformance.facts import FACTS
from project.generated_tables import with_tables
from project.template import PROJECT

PROGRAM = "project.aws_behaviours"
BEHAVIOURS = PROJECT / "docs" / "aws-behaviours.md"
CONFORMANCE = PROJECT / "docs" / "conformance.md"
ADAPTERS = PROJECT / "local" / "emulator" / "adapters"

NAMED_FACT = re.compile(r"conformance: `([^`]+)`")
_ROW = re.compile(r"^\|(?:.*[^\\])?\| (?P<tried>[^|]*) \|$")
_BARE = re.compile(r"MiniStack.*?(?=[.;](?:\s|$))", re.DOTALL)
_TESTS = re.compile(r"^Tests: (.+?)\.$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Adapter:
    name: str
    purpose: str
    bare: str
    """What MiniStack does without it."""
    tests: tuple[str, ...]


def behaviours(page: str) -> str:
    """The page, with the column "Tried" of rows that name facts, and the adapters."""
    rows = "\n".join(_with_tried(line) for line in page.split("\n"))
    return with_tables(rows, PROGRAM, _adapter_table())


def conformance(page: str) -> str:
    """The page, with all facts."""
    return with_tables(page, PROGRAM, _fact_table())


def tried(facts: list[Fact]) -> str:
    """Whether the emulator does the same, and how much is known of AWS."""
    known = [each for each in Certainty if each in {fact.source.certainty for fact in facts}]
    compared = [fact for fact in facts if fact.may_fail]
    if not compared:
        return "ask AWS"
    missed = [fact for fact in compared if fact.id in KNOWN_MISSES]
    reasons = "; ".join(dict.fromkeys(KNOWN_MISSES[fact.id] for fact in missed))
    extent = "no" if len(missed) == len(compared) else "half"
    emulator = f"{extent}: {reasons}" if missed else "emulator"
    return f"{emulator} (AWS: {', '.join(map(_certainty, known))})"


def adapters() -> list[Adapter]:
    """All modules that change MiniStack, from what their docstrings say. Raises ValueError if one
    does not say what MiniStack does, or where that is tested."""
    return [adapter for path in sorted(ADAPTERS.glob("*.py")) if (adapter := _adapter(path))]


def _adapter(path: Path) -> Adapter | None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    if not any(isinstance(node, ast.FunctionDef) and node.name == "apply" for node in module.body):
        return None
    purpose, _, rest = (ast.get_docstring(module) or "").partition("\n")
    bare, tests = _BARE.search(rest), _TESTS.search(rest)
    if not bare or not tests:
        raise ValueError(
            f"the docstring of {path.name} needs a sentence that begins with MiniStack, "
            "and a last line such as: Tests: tests/emulator/test_gaps.py."
        )
    files = tuple(tests[1].replace("\n", " ").split(", "))
    return Adapter(path.stem, purpose, " ".join(bare[0].split()), files)


def _with_tried(line: str) -> str:
    by_id = {fact.id: fact for fact in FACTS}
    named = [by_id[name] for name in NAMED_FACT.findall(line)]
    row = _ROW.match(line)
    if not named or not row:
        return line
    return f"{line[: row.start('tried')]}{tried(named)}{line[row.end('tried') :]}"


def _adapter_table() -> str:
    rows = [
        f"| `{adapter.name}` | {adapter.purpose} | {adapter.bare}. | "
        f"{', '.join(f'`{test}`' for test in adapter.tests)} |\n"
        for adapter in adapters()
    ]
    return (
        f"| Adapter | What it is for | Bare MiniStack | Tests |\n|---|---|---|---|\n{''.join(rows)}"
    )


def _fact_table() -> str:
    rows = [
        f"| `{fact.id}` | {_cell(fact.statement)} | {_source(fact)} | {tried([fact])} |\n"
        for fact in FACTS
    ]
    return f"| Id | Fact | Source | Tried |\n|---|---|---|---|\n{''.join(rows)}"


def _source(fact: Fact) -> str:
    source = fact.source
    day = f", {source.recorded}" if source.recorded else ""
    return f"[{_cell(source.title)}]({source.link}){day}"


def _certainty(certainty: Certainty) -> str:
    return "ask" if certainty is Certainty.ASK_AWS else str(certainty)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    BEHAVIOURS.write_text(behaviours(BEHAVIOURS.read_text(encoding="utf-8")), encoding="utf-8")
    CONFORMANCE.write_text(conformance(CONFORMANCE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
