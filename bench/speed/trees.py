"""The artefacts that are measured: `sam build` for the Python that runs them, and the references
built the same way, bytecode included. Nothing writes into them while they are measured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from local import deploy

PROJECT = deploy.PROJECT
REFERENCES = PROJECT / "bench" / "references"
LOCK = PROJECT / "requirements" / "bench.txt"


@dataclass(frozen=True)
class Trees:
    """The folders that Lambda would unpack."""

    build: Path
    references: Path
    packages: Path
    """What the references are made of; boto3 in it, and the runtime interface client, are also the
    runtime's."""

    def function(self, name: str) -> list[Path]:
        """The import path of a function of the template: itself, its layers, the runtime's SDK."""
        layers = [self.build / layer / "python" for layer in ("JmpyLayer", "DependenciesLayer")]
        if name == "AuthorizerFunction":
            layers = layers[:1]
        return [self.build / name, *layers, self.packages]

    def reference(self, name: str) -> list[Path]:
        """Ours after the reference's own packages, for the domain that (b) shares with us."""
        layers = [self.build / layer / "python" for layer in ("JmpyLayer", "DependenciesLayer")]
        return [self.references / name, layers[0], self.packages, layers[1]]


def build(folder: Path, python: str, bytecode: bool = True) -> Trees:
    trees = Trees(folder / "build", folder / "references", folder / "packages")
    deploy.build(trees.build, python)
    shutil.copytree(
        REFERENCES, trees.references, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )
    subprocess.run(
        [Path(sys.executable).parent / "uv", "pip", "install", "--quiet", "--no-build",
         "--require-hashes", "--python", python, "--target", trees.packages,
         "--requirement", LOCK],
        check=True,
    )  # fmt: skip
    for tree in (trees.references, trees.packages):
        subprocess.run(
            [python, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode",
             "unchecked-hash", tree],
            check=True,
        )  # fmt: skip
    if not bytecode:
        for cache in list(folder.rglob("__pycache__")):
            shutil.rmtree(cache)
    return trees


def size(paths: Iterable[Path]) -> int:
    """Bytes of all files below the paths."""
    files = (file for path in paths for file in path.rglob("*") if file.is_file())
    return sum(file.stat().st_size for file in files)


def environment(variables: dict[str, str], import_path: Iterable[Path]) -> dict[str, str]:
    """Of a process that may not write bytecode, as Lambda's file system is read-only, and knows
    nothing of the caller's AWS settings."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": os.pathsep.join(map(str, import_path)),
        **variables,
    }
