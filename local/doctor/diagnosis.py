"""All checks, in the order in which their findings are printed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from local.doctor import machine, network, programs, python, stack
from local.doctor.finding import Finding, Level, warning

PROJECT = Path(__file__).resolve().parents[2]


def diagnose(port: int) -> Iterator[Finding]:
    """What the checks find, each as soon as it is known. `port` is that of `make start`."""
    installed = python.is_installed(PROJECT)
    contact = network.contact(os.environ)  # meanwhile, the others run
    yield from _run("Python", lambda: python.findings(PROJECT / ".venv"))
    yield from _run("The machine", lambda: machine.findings(PROJECT, installed))
    yield from _run("The local stack", lambda: stack.findings(port, PROJECT / ".local"))
    yield from _run("Other programs", lambda: programs.findings(PROJECT))
    yield from _run("The network", lambda: network.findings(contact, installed))


def problems(port: int) -> list[Finding]:
    """Those because of which Jmpy cannot run."""
    return [finding for finding in diagnose(port) if finding.level is Level.PROBLEM]


def _run(subject: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return check()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return [warning(f"{subject} could not be checked: {error}", "check it by hand")]
