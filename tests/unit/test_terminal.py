"""What others wrote is shown by the operator's commands, and obeyed by no terminal."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from ops import terminal
from project.template import PROJECT

HOSTILE = {
    "a title of the window": "\x1b]0;owned\x07",
    "a colour": "\x1b[31mred",
    "the line before": "\x1b[1A\x1b[2K",
    "the clipboard": "\x1b]52;c;cm0gLXJm\x1b\\",
    "control sequences of eight bits": "\x9b31m\x9d0;x\x9c",
    "the start of the line": "good\rbad",
    "backspaces": "good\b\b\b\bbad",
    "the other direction": "\u202egpj.exe\u2066\u2069\u061c\u200f",
    "nothing to be seen": "a\u200bb\u200d\ufeff\u2060\U000e0041",
    "half of a surrogate pair": "\ud800",
    "other ends of lines": "a\x0b\x0c\x85\u2028\u2029b",
    "deletion": "\x7f",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_a_terminal_would_obey_is_shown(text: str) -> None:
    shown = terminal.visible(text)
    assert shown.isprintable()
    assert "\\" in shown
    shown.encode()


def test_ordinary_text_is_left_as_it_is() -> None:
    text = "Zürich, 東京, \U0001f600 \\x1b\tand\nso on: שלום"
    assert terminal.visible(text) == text
    assert terminal.line("one\ttwo\nthree\r") == "one\\ttwo\\nthree\\r"


def test_a_guarded_program_prints_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    @terminal.guarded
    def main(text: str) -> int:
        print(text)
        print(f"error: {text}", file=sys.stderr)
        print("data", end="", file=terminal.data())
        return 3

    assert main("\x1b[31m") == 3
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("\\x1b[31m\ndata", "error: \\x1b[31m\n")


def test_an_export_into_a_file_is_left_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    @terminal.guarded
    def main() -> int:
        terminal.data().write("\x1b")
        return 0

    main()
    assert capsys.readouterr().out == "\x1b"


OWN_WORDS = {
    "ops/canary.py": "names of the template",
    "ops/edge_secret.py": "a secret that it draws",
    "ops/licences.py": "nothing",
    "ops/make_variables.py": "names of variables of its own command line",
}
"""Programs that print nothing that anybody else wrote, and what they print."""

PROGRAMS = sorted(
    path
    for folder in ("ops", "local")
    for path in (PROJECT / folder).rglob("*.py")
    if '__name__ == "__main__"' in path.read_text() and "emulator" not in path.parts
)


def is_guarded(path: Path) -> bool:
    (main,) = [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    ]
    return "terminal.guarded" in map(ast.unparse, main.decorator_list) or (
        ast.unparse(main.body[-1]) == "return commands.main(arguments)"
    )


def test_every_program_that_prints_what_others_wrote_is_guarded() -> None:
    relative = {path.relative_to(PROJECT).as_posix(): path for path in PROGRAMS}
    relative.pop("local/sam_gateway.py")  # SAM's own
    assert {name for name, path in relative.items() if not is_guarded(path)} == OWN_WORDS.keys()
