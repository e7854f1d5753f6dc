"""Memory of the emulator's function processes."""

from __future__ import annotations

import re
import subprocess

_FUNCTION = re.compile(r"ministack-lambda-\S*?-(\w+Function)-")


Processes = dict[int, tuple[str, int]]
"""By number: the function, and its resident memory in KB."""


def resident(emulator: int) -> Processes:
    ps = ["ps", "-axww", "-o", "pid=,ppid=,rss=,command="]
    lines = subprocess.run(ps, capture_output=True, text=True, check=True).stdout.splitlines()
    found: Processes = {}
    for line in lines:
        pid, parent, kilobytes, command = line.split(maxsplit=3)
        if int(parent) == emulator and (function := _FUNCTION.search(command)):
            found[int(pid)] = (function[1], int(kilobytes))
    return found


def of_functions(before: Processes, after: Processes) -> dict[str, tuple[int, int]]:
    """By function: KB of those of its processes that are still there, before and after."""
    memory: dict[str, tuple[int, int]] = {}
    for pid in before.keys() & after.keys():
        function, now = after[pid]
        then, so_far = before[pid][1], memory.get(function, (0, 0))
        memory[function] = (so_far[0] + then, so_far[1] + now)
    return memory
