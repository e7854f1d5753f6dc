"""Builds and deploys the one template onto the emulator, with the real SAM CLI."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from ops.local_credentials import Credentials

PROJECT = Path(__file__).resolve().parents[1]
TOOLS = PROJECT / ".venv" / "opt"
EMULATOR_PYTHON = TOOLS / "ministack" / "bin" / "python"
_SOURCES = ("template.yaml", "samconfig.toml", "functions", "layers", "requirements/ministack.txt")


class DeployFailed(Exception):
    """The SAM CLI failed; its output is the message."""


def fingerprint(parameters: str) -> str:
    """Changes when a deployment would: with the sources and the parameters."""
    return _digest(_SOURCES, parameters)


def emulator_fingerprint() -> str:
    """Changes when a running emulator is out of date."""
    return _digest(("local/emulator", "requirements/ministack.txt"))


def _digest(sources: Iterable[str], text: str = "") -> str:
    digest = hashlib.sha256(text.encode())
    for source in sources:
        root = PROJECT / source
        files = [root] if root.is_file() else sorted(root.rglob("*"))
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(PROJECT)}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def build(build_dir: Path, python: str = str(EMULATOR_PYTHON)) -> None:
    """`sam build` for a Python of this machine. Raises DeployFailed."""
    sam(
        "build", "--build-dir", str(build_dir), "--cache-dir", str(build_dir.with_name("cache")),
        env={"JMPY_BUILD_FOR": "host", "JMPY_HOST_PYTHON": python},
    )  # fmt: skip


def deploy(build_dir: Path, endpoint: str, credentials: Credentials, parameters: str) -> None:
    """`sam deploy --config-env local` to the emulator. Raises DeployFailed."""
    sam(
        "deploy", "--config-env", "local", "--template-file", str(build_dir / "template.yaml"),
        "--parameter-overrides", parameters,
        env={"AWS_ENDPOINT_URL": endpoint, **credentials.environment},
    )  # fmt: skip


def sam(*arguments: str, env: dict[str, str]) -> None:
    """Runs the SAM CLI. Raises DeployFailed."""
    # Without the caller's AWS settings: this must never reach an account.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [TOOLS / "sam" / "bin" / "sam", *arguments, "--config-file", PROJECT / "samconfig.toml"],
        cwd=PROJECT,
        env={**inherited, "SAM_CLI_TELEMETRY": "0", "PATH": path, "AWS_CONFIG_FILE": os.devnull,
             "AWS_SHARED_CREDENTIALS_FILE": os.devnull, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise DeployFailed(f"sam {arguments[0]} failed:\n{done.stdout}\n{done.stderr}")
