"""Rejects variables on make's command line that its targets do not read: a slip such as ACOUNT=
would otherwise silently do the default.

The variables that a target reads are found in its recipe in the Makefile, and in those of its
prerequisites. Runs before anything is installed, with any Python: the standard library alone.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

_MACRO = re.compile(r"^(?:override|export) ([A-Z_]+) :?= ?(.*)$")
_RULE = re.compile(r"^([^\s:=#][^:=#]*):(?!=)([^=#]*?)(?:##.*)?$")
_READ = re.compile(r"\$\$\{?([A-Z][A-Z0-9_]*)")
_USED = re.compile(r"\$\(([A-Z_]+)\)")
_FLAG = re.compile(r"\$\$\{([A-Z][A-Z0-9_]*):\+[^$}]*\}")
"""As in `$${DRY_RUN:+--dry-run}`: its value is not read."""

_SHELLS = {"PWD"}
ENVIRONMENT = "FROM_ENVIRONMENT"
"""The Makefile's list of variables that programs read from their environment, for any target."""


@dataclass
class _Rule:
    prerequisites: list[str] = field(default_factory=list)
    recipe: str = ""


class Makefile:
    def __init__(self, text: str) -> None:
        self._macros: dict[str, str] = {}
        self._rules: dict[str, _Rule] = {}
        current: list[_Rule] = []
        for line in re.sub(r"\\\n\s*", " ", text).splitlines():
            if line.startswith("\t"):
                for rule in current:
                    rule.recipe += f"{line}\n"
            elif macro := _MACRO.match(line):
                self._macros[macro[1]] = macro[2]
            elif found := _RULE.match(line):
                current = [
                    self._rules.setdefault(self._expanded(name), _Rule())
                    for name in found[1].split()
                ]
                for rule in current:
                    rule.prerequisites += self._expanded(found[2].replace("|", " ")).split()

    def is_environment(self, name: str) -> bool:
        return any(fnmatchcase(name, known) for known in self._macros[ENVIRONMENT].split())

    def read_by(self, target: str) -> set[str]:
        """The variables that the target's recipe, or one that it needs, reads."""
        return {name for text in self._recipes(target, set()) for name in _READ.findall(text)} - {
            *_SHELLS,
            *self._macros,
        }

    def is_flag(self, name: str) -> bool:
        """Whether all that counts is that it is set."""
        recipes = [self._expanded(rule.recipe) for rule in self._rules.values()]
        reads = [found for text in recipes for found in _READ.findall(text) if found == name]
        flags = [found for text in recipes for found in _FLAG.findall(text) if found == name]
        return bool(reads) and len(reads) == len(flags)

    def targets_reading(self, name: str) -> list[str]:
        return sorted(
            target
            for target in self._rules
            if re.fullmatch("[a-z-]+", target) and name in self.read_by(target)
        )

    def _recipes(self, target: str, seen: set[str]) -> list[str]:
        rule = self._rules.get(target)
        if rule is None or target in seen:
            return []
        seen.add(target)
        needed = [text for name in rule.prerequisites for text in self._recipes(name, seen)]
        return [self._expanded(rule.recipe), *needed]

    def _expanded(self, text: str) -> str:
        """With the Makefile's own definitions in the place of their names."""
        for _ in range(5):
            text = _USED.sub(lambda name: self._macros.get(name[1], ""), text)
        return text


def problem(makefile: Makefile, goals: list[str], given: dict[str, str]) -> str | None:
    """What is wrong with the variables given for these targets."""
    known = set().union(*(makefile.read_by(goal) for goal in goals))
    for name, value in given.items():
        if makefile.is_environment(name):
            continue
        if name not in known:
            return _unknown(makefile, goals, name, known)
        if value not in {"", "1"} and makefile.is_flag(name):
            return f"{name}= is 1, or left out for no; it was {value[:50]!r}"
    return None


def _unknown(makefile: Makefile, goals: list[str], name: str, known: set[str]) -> str:
    what = f"make {' '.join(goals)} does not read {name[:50]}="
    if alike := get_close_matches(name.upper(), sorted(known), 1, 0.6):
        return f"{what}; did you mean {alike[0]}=?"
    if others := makefile.targets_reading(name):
        what += f", which is for: make {', make '.join(others[:5])}"
    own = sorted(known - {name for name in known if makefile.is_environment(name)})
    takes = f"it reads: {', '.join(own)}" if own else "it reads no variables"
    return f"{what}; {takes}"


def main() -> int:
    makefile = Makefile(Path("Makefile").read_text(encoding="utf-8"))
    goals = os.environ.get("GOALS", "").split() or ["help"]
    given = {name: os.environ.get(name, "") for name in os.environ.get("GIVEN", "").split()}
    if wrong := problem(makefile, goals, given):
        print(f"error: {ascii(wrong)[1:-1]}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
