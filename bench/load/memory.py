"""Memory of the emulator's function processes."""

from __future__ import annotations

import re
import subprocess

_FUNCTION = re.compile(r"ministack-lambda-\S*?-(\w+Function)-")


def resident(emulator: int) -> dict[int, tuple[str, int]]:
    """By process: its function and its resident memory, in KB."""
    ps = ["ps", "-axww", "-o", "pid=,ppid=,rss=,command="]
    lines = subprocess.run(ps, capture_output=True, text=True, check=True).stdout.splitlines()
    found = {}
    for line in lines:
        pid, parent, kilobytes, command = line.split(maxsplit=3)
        if int(parent) == emulator and (function := _FUNCTION.search(command)):
            found[int(pid)] = (function[1], int(kilobytes))
    return found


def growth(before: dict[int, tuple[str, int]], after: dict[int, tuple[str, int]]) -> dict[str, int]:
    """By function: KB that its process grew by which grew most, of those that are still there."""
    grown: dict[str, int] = {}
    for pid in before.keys() & after.keys():
        function, kilobytes = after[pid]
        grown[function] = max(grown.get(function, 0), kilobytes - before[pid][1])
    return grown
