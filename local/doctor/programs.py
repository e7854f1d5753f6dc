"""Programs that are not Python's: without them, Jmpy runs, but tests are skipped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from ctypes.util import find_library
from pathlib import Path

from local.doctor.finding import Finding, ok, warning

JAVA = 17


def git(found: bool, checkout: bool) -> Finding:
    """`checkout`: whether the project's folder is a clone."""
    if not found:
        return warning(
            "git is not installed: the tests of the sources fail", "on Debian: apt install git"
        )
    if not checkout:
        return warning(
            "This folder is not a clone: it cannot be updated, and the tests of the sources fail",
            "clone the repository with git instead of unpacking an archive",
        )
    return ok("git, and this folder is a clone")


def chromium(path: str | None, named: bool) -> Finding:
    """`named`: whether the variable CHROMIUM names one."""
    if path:
        return ok(f"Chromium: {path}")
    if named:
        return warning(
            "CHROMIUM names no program: the tests in a browser are skipped", "unset CHROMIUM"
        )
    return warning(
        "No Chromium: the tests in a browser are skipped",
        "on Debian: apt install chromium; or name one: export CHROMIUM=/path/to/chrome",
    )


def read_chromium() -> tuple[str | None, bool]:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named), True
    return shutil.which("chromium") or shutil.which("google-chrome"), False


def zbar(is_found: bool) -> Finding:
    if is_found:
        return ok("zbar")
    return warning(
        "No zbar: in tests, QR codes are read by one decoder, not two",
        "on Debian: apt install libzbar0",
    )


def java(version: int | None) -> Finding:
    skipped = "the tests on AWS's DynamoDB Local are skipped"
    remedy = "on Debian: apt install openjdk-17-jre-headless"
    if version is None:
        return warning(f"No Java: {skipped}", remedy)
    if version < JAVA:
        return warning(f"Java is {version}, not {JAVA} or newer: {skipped}", remedy)
    return ok(f"Java {version}")


def read_java() -> int | None:
    found = shutil.which("java")
    if found is None:
        return None
    try:
        done = subprocess.run([found, "-version"], capture_output=True, check=True, timeout=2)
    except (OSError, subprocess.SubprocessError):
        return None
    return java_version(os.fsdecode(done.stderr))


def java_version(text: str) -> int | None:
    """Of what `java -version` prints: 1.8.0 is 8."""
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found[1]) if found else None


def node(node_found: bool, npm_found: bool) -> Finding:
    if node_found and npm_found:
        return ok("Node.js and npm")
    missing = "npm" if node_found else "Node.js"
    return warning(
        f"No {missing}: the tests of TypeScript clients, and those on DynamoDB Local, are skipped",
        "on Debian: apt install nodejs npm",
    )


def findings(project: Path) -> list[Finding]:
    return [
        git(shutil.which("git") is not None, (project / ".git").exists()),
        chromium(*read_chromium()),
        zbar(find_library("zbar") is not None),
        java(read_java()),
        node(shutil.which("node") is not None, shutil.which("npm") is not None),
    ]
