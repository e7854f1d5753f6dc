"""What the tests need from npm: a generator of TypeScript clients, and the compiler that checks
them. Locked in tests/clients, installed once into .venv."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

from local.deploy import TOOLS
from project.template import PROJECT

LOCK = PROJECT / "tests" / "clients"
"""The folder of package.json and package-lock.json."""


def folder() -> Path:
    """Where `node_modules` is. Without npm the test is skipped, with a warning; in CI it fails."""
    locked = (LOCK / "package-lock.json").read_bytes()
    root = TOOLS / f"clients-{hashlib.sha256(locked).hexdigest()[:12]}"
    root.parent.mkdir(parents=True, exist_ok=True)
    # Processes that want it at once install it once.
    with root.with_name("clients.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists() and (problem := _install(root)):
            if os.environ.get("CI"):
                pytest.fail(problem)
            warnings.warn(f"!! Generated clients: {problem}", stacklevel=1)
            pytest.skip(problem)
    return root


def program(name: str) -> Path:
    return folder() / "node_modules" / ".bin" / name


def _install(root: Path) -> str:
    """Returns what kept it from being installed."""
    npm = shutil.which("npm")
    if npm is None:
        return "'npm' is not on this machine"
    unfinished = root.with_name(f"{root.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(LOCK, unfinished)
    run = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=unfinished, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode != 0:
        return f"npm ci failed: {run.stderr or run.stdout}"
    unfinished.rename(root)
    return ""
