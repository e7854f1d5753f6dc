"""Which Python the functions are built for and run by: Lambda's version where this machine has it,
as for `make build`, and otherwise this machine's own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests import template

_BASE = "import platform, sys; print(sys.base_prefix, platform.python_version(), sep='\\n')"


class NoPython(Exception):
    """What was asked for is none."""


@dataclass(frozen=True)
class Interpreter:
    path: str
    """Without the packages of any environment, as Lambda's has none."""

    version: str


def find(asked: str | None) -> Interpreter:
    """Raises NoPython."""
    path = asked or _found_by_uv() or sys.executable
    try:
        said = subprocess.run([path, "-c", _BASE], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoPython(f"{path} is not a Python that starts: {error}") from error
    prefix, version = said.stdout.splitlines()
    minor = ".".join(version.split(".")[:2])
    return Interpreter(str(Path(prefix) / "bin" / f"python{minor}"), version)


def _found_by_uv() -> str | None:
    runtime = template.load()["Globals"]["Function"]["Runtime"].removeprefix("python")
    found = subprocess.run(
        [Path(sys.executable).parent / "uv", "python", "find", "--no-project", runtime],
        env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or None
