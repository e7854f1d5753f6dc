"""A bench that is made smaller to try something leaves the committed figures alone."""

from __future__ import annotations

import argparse
import ast
import json
from pathlib import Path

import pytest

from bench import committed, figures
from project.template import PROJECT


def parsed(*arguments: str) -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=8)
    return parser, parser.parse_args(arguments)


@pytest.mark.parametrize(
    ("arguments", "trial"),
    [
        ((), False),
        (("--requests", "300", "--at-once", "9"), False),
        (("--requests", "299"), True),
        (("--at-once", "1", "--requests", "9000"), True),
    ],
)
def test_less_than_usual_is_a_trial(arguments: tuple[str, ...], trial: bool) -> None:
    assert committed.is_trial(*parsed(*arguments), "requests", "at_once") is trial


def test_a_trial_leaves_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "FOLDER", tmp_path)
    whole = figures.write("load", "Load", "make load", {"requests": 20_000})
    before = whole.read_text()
    figures.write("load", "Load", "make load REQUESTS=5", {"requests": 5}, trial=True)
    assert whole.read_text() == before
    assert json.loads(before)["figures"] == {"requests": 20_000}
    assert "load.json is unchanged" in capsys.readouterr().out


def test_no_bench_with_sizes_writes_its_figures_by_itself() -> None:
    for path in (PROJECT / "bench").rglob("*.py"):
        text = path.read_text()
        if 'add_argument("--' in text and "references" not in path.parts and path.stem != "fuzz":
            written = [
                ast.unparse(node)
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call) and "RESULTS.write_text" in ast.unparse(node.func)
            ]
            assert written == [], path
