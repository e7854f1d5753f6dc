"""The Python of this machine, and the environment that was made with it."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.doctor.finding import Finding, ok, problem, warning

OLDEST = (3, 11)
MODULES = ("venv", "ensurepip", "ssl", "zlib")
"""Parts of the standard library that some distributions leave out, or builds without headers."""

LOCKS = (
    *(f"requirements/{name}.txt" for name in ("uv", "dev", "sam", "ministack")),
    "layers/dependencies/requirements.txt",
)
"""Of what .venv contains, as in the Makefile."""

_NEWER = tuple(f"python3.{minor}" for minor in range(19, OLDEST[1] - 1, -1))
_REBUILD = "rm -rf .venv && make setup (links and keys are in .local, and stay)"


def interpreter(version: tuple[int, ...], newer: str | None) -> Finding:
    """`newer` is a Python of this machine that is new enough."""
    have = ".".join(map(str, version))
    if version >= OLDEST:
        return ok(f"Python {have}")
    return problem(
        f"Python is {have}; Jmpy needs {OLDEST[0]}.{OLDEST[1]} or newer",
        f"name the newer one that is here: make start PYTHON={newer}"
        if newer
        else "install Python 3.11 or newer, and name it: make start PYTHON=python3.13",
    )


def newer_interpreter() -> str | None:
    return next((name for name in _NEWER if shutil.which(name) and _runs(name)), None)


def _runs(name: str) -> bool:
    """Not so a shim of pyenv for a version that is not selected."""
    done = subprocess.run([name, "-S", "-c", ""], capture_output=True, check=False, timeout=2)
    return done.returncode == 0


def modules(missing: list[str]) -> Finding:
    if not missing:
        return ok(f"Python has {', '.join(MODULES)}")
    lacks = f"Python lacks {', '.join(missing)}"
    if set(missing) <= {"venv", "ensurepip"}:
        return problem(lacks, "on Debian and Ubuntu: apt install python3-venv")
    return problem(
        lacks,
        "install Python from packages, or build it again with the headers of OpenSSL and zlib "
        "(on Debian: apt install libssl-dev zlib1g-dev)",
    )


def missing_modules() -> list[str]:
    return [name for name in MODULES if not _can_import(name)]


def _can_import(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


@dataclass(frozen=True)
class Environment:
    """`.venv`."""

    exists: bool
    ready: bool
    """`make setup` got to its end."""
    version: tuple[int, int] | None = None
    """Of its Python; None if that does not run."""
    libraries: tuple[tuple[int, int], ...] = ()
    """The versions for which packages are installed."""
    strays: tuple[str, ...] = ()
    """Programs of it whose first line names a Python elsewhere."""


def environment(found: Environment) -> Finding:  # noqa: PLR0911 - one for each state
    if not found.exists:
        return ok(".venv does not exist yet: 'make start' creates it")
    if found.version is None:
        return problem(
            "The Python of .venv does not run: it was removed or upgraded, or .venv was copied "
            "from another machine",
            _REBUILD,
        )
    if found.version < OLDEST:
        return problem(".venv was created with a Python older than 3.11", _REBUILD)
    if found.libraries and found.version not in found.libraries:
        return problem(
            f".venv has no packages for its Python, {_dotted(found.version)}: the machine's was "
            "upgraded",
            _REBUILD,
        )
    if found.strays:
        return problem(
            f"{', '.join(found.strays)} would run in another folder's environment: this folder was "
            "moved or copied",
            _REBUILD,
        )
    if not found.ready:
        return warning(
            ".venv is incomplete: its installation was interrupted or failed",
            "make setup continues it",
        )
    return ok(f".venv is complete, with Python {_dotted(found.version)}")


def read_environment(venv: Path) -> Environment:
    return Environment(
        exists=venv.exists(),
        ready=(venv / "ready").exists(),
        version=_version(venv / "bin" / "python"),
        libraries=tuple(
            (int(found[1]), int(found[2]))
            for path in venv.glob("lib/python*")
            if (found := re.match(r"python(\d+)\.(\d+)$", path.name))
        ),
        strays=tuple(
            str(script.relative_to(venv.parent))
            for script in (venv / "bin" / "pip", venv / "opt" / "sam" / "bin" / "sam")
            if _strays(script)
        ),
    )


def locks(project: Path) -> list[Path]:
    return [project / name for name in LOCKS]


def is_installed(project: Path) -> bool:
    """Whether make has nothing to install: .venv is newer than its lock files."""
    ready = project / ".venv" / "ready"
    return ready.exists() and all(
        lock.stat().st_mtime <= ready.stat().st_mtime for lock in locks(project) if lock.exists()
    )


def _version(python: Path) -> tuple[int, int] | None:
    try:
        printed = subprocess.run(
            [str(python), "-S", "-c", "import sys; print(*sys.version_info[:2])"],
            env=_isolated(),
            capture_output=True,
            check=True,
            timeout=2,
        ).stdout
        major, minor = printed.split()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return int(major), int(minor)


def _isolated() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _strays(script: Path) -> bool:
    """Whether its first line names a Python in another folder than its own."""
    try:
        with script.open("rb") as file:
            first = os.fsdecode(file.readline(1000)).strip()
    except OSError:
        return False
    named = Path(first[2:].split(" ")[0])
    if not named.name.startswith("python"):
        return False  # a long path is spelled otherwise, below a line that names sh
    return not named.exists() or named.parent.resolve() != script.parent.resolve()


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def findings(venv: Path) -> list[Finding]:
    return [
        interpreter(sys.version_info[:3], newer_interpreter()),
        modules(missing_modules()),
        environment(read_environment(venv)),
    ]
