"""Which Python the functions are built for and run by: Lambda's version where this machine has it,
as for `make build`, and otherwise this machine's own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local import deploy
from project import template

_TOLD = """
import platform, sys, sysconfig
print(sys.base_prefix, platform.python_version(), sysconfig.get_path("stdlib"), sep="\\n")
"""
_NOT_LOADED = "/(site|dist)-packages/|/tests?/"


class NoPython(Exception):
    """What was asked for is none, or nothing that can be measured with."""


@dataclass(frozen=True)
class Interpreter:
    path: str
    """Without the packages of any environment, as Lambda's has none."""

    version: str


def find(asked: str | None) -> Interpreter:
    """Raises NoPython."""
    path = asked or _found_by_uv() or sys.executable
    try:
        said = subprocess.run([path, "-c", _TOLD], capture_output=True, text=True, check=True)
        prefix, version, library = said.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise NoPython(f"{path} is not a Python that starts: {error}") from error
    minor = ".".join(version.split(".")[:2])
    python = Interpreter(str(Path(prefix) / "bin" / f"python{minor}"), version)
    _compile(python.path, library)
    return python


def _compile(python: str, library: str) -> None:
    """Lambda's standard library has bytecode, and one that was only unpacked has none: each cold
    start would compile it anew. Raises NoPython."""
    done = subprocess.run(
        [python, "-m", "compileall", "-qq", "-j", "0", "-x", _NOT_LOADED, library], check=False
    )
    if done.returncode != 0:
        raise NoPython(f"the standard library of {python} has no bytecode and takes none")


def _found_by_uv() -> str | None:
    runtime = template.load()["Globals"]["Function"]["Runtime"].removeprefix("python")
    found = subprocess.run(
        [Path(sys.executable).parent / "uv", "python", "find", "--no-project", runtime],
        env={
            **os.environ,
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PYTHON_INSTALL_DIR": str(deploy.TOOLS / "python"),  # of `make build`
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or None
