"""The processes of this machine, by their command lines. The standard library alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_PROC = Path("/proc")


def command(pid: int) -> str:
    """The arguments with a space between them, and one at either end; empty if there is no such
    process, or if it cannot be read."""
    if _has_proc():
        return _from_proc(pid)
    return _from_ps("-p", str(pid)).get(pid, "")


def commands() -> dict[int, str]:
    """Of all processes that can be read, by their ids."""
    if _has_proc():
        pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
        return {pid: found for pid in pids if (found := _from_proc(pid))}
    return _from_ps("-ax")


def _has_proc() -> bool:
    return (_PROC / "self" / "cmdline").exists()


def _from_proc(pid: int) -> str:
    try:
        arguments = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return ""
    return f" {os.fsdecode(arguments).replace(chr(0), ' ')}" if arguments else ""


def _from_ps(*which: str) -> dict[int, str]:
    ps = ["ps", "-ww", "-o", "pid=,command=", *which]
    lines = os.fsdecode(subprocess.run(ps, capture_output=True, check=False).stdout).splitlines()
    pairs = [line.split(None, 1) for line in lines]
    return {int(pair[0]): f" {pair[1]} " for pair in pairs if len(pair) > 1}
