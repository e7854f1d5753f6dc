"""Clients generated from the committed document, as a reader of it would generate them: with the
generators' defaults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from project.template import PROJECT
from tests import node_packages

DOCUMENT = PROJECT / "docs" / "openapi.json"
EXAMPLES = PROJECT / "examples" / "generated"
_BIN = Path(sys.executable).parent
_COMPILER = [
    "--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext",
    "--types", "node", "--skipLibCheck",
]  # fmt: skip


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{_BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, "PATH": path, **environment}, text=True,
        stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120,
    )  # fmt: skip


def checked(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What it printed. Fails unless the command succeeds."""
    done = run(*command, cwd=cwd, **environment)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def python(folder: Path) -> str:
    """Writes `folder`/client/jmpy_client; returns what the generator said."""
    return checked(
        "openapi-python-client", "generate", "--fail-on-warning", "--path", DOCUMENT,
        "--output-path", "client", cwd=folder,
    )  # fmt: skip


def typescript(folder: Path) -> str:
    """Writes `folder`/jmpy.ts, beside a copy of the example; returns what the generator said."""
    (folder / "node_modules").symlink_to(node_packages.folder() / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "first_request.ts").write_text((EXAMPLES / "first_request.ts").read_text())
    generator = node_packages.program("openapi-typescript")
    return checked(generator, DOCUMENT, "--output", "jmpy.ts", cwd=folder)


def compiled(folder: Path, *files: str) -> list[str]:
    """Checks the types of files of `folder`, and writes them as JavaScript; returns the errors."""
    done = run(node_packages.program("tsc"), *_COMPILER, *files, cwd=folder)
    assert bool(done.returncode) == bool(done.stdout), done
    return done.stdout.splitlines()
