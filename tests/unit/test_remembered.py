"""What remembers, in the whole product: by one class, on the wall clock, and listed in
docs/architecture.md."""

from __future__ import annotations

import ast
import re

import pytest

from project.template import PROJECT

SOURCES = {
    str(path.relative_to(PROJECT)): path.read_text()
    for folder in ("layers/jmpy", "functions")
    for path in sorted((PROJECT / folder).rglob("*.py"))
}
LISTED = (PROJECT / "docs" / "architecture.md").read_text()
BY_ITSELF = {"layers/jmpy/aws/credentials.py"}
"""Whose lifetime somebody else says."""

STANDING = ("monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime")
MEASURED = {
    "layers/jmpy/http/resource.py": {"perf_counter"},
    "layers/jmpy/web/site.py": {"perf_counter"},
}
"""How long a request took, for its line in the log."""

FOREVER = re.compile(r"\b(?:lru_cache|cached_property)\b|@cache\b|@functools\.cache\b")
"""For what cannot change while a process lives: files of the deployment, pure functions,
clients."""


@pytest.mark.parametrize("name", SOURCES)
def test_no_lifetime_is_measured_on_a_clock_that_stands_while_lambda_freezes(name: str) -> None:
    named = {
        found.attr if isinstance(found, ast.Attribute) else found.id
        for found in ast.walk(ast.parse(SOURCES[name]))
        if isinstance(found, ast.Attribute | ast.Name)
    }
    imported = {
        alias.name
        for found in ast.walk(ast.parse(SOURCES[name]))
        if isinstance(found, ast.ImportFrom)
        for alias in found.names
    }
    clocks = {n for n in named | imported if n.startswith(STANDING)}
    assert clocks <= MEASURED.get(name, set())


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_keeps_entries_but_the_one_cache(name: str) -> None:
    if name != "layers/jmpy/cache.py":
        assert "OrderedDict" not in SOURCES[name]


def test_everything_that_remembers_is_listed_with_how_long() -> None:
    remembers = {
        name
        for name, text in SOURCES.items()
        if name != "layers/jmpy/cache.py"
        and (re.search(r"\bCache\(", text) or FOREVER.search(text))
    }
    rows = re.findall(r"^\| [^|]+ \| `([\w/.]+\.py)` \| [^|]+ \| [^|]+ \|$", LISTED, re.MULTILINE)
    assert sorted(set(rows)) == sorted(remembers | BY_ITSELF)
