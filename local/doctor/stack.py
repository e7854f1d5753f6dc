"""The local stack: its port, its state, and emulators that were left behind."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local import ports, processes
from local.doctor.finding import Finding, ok, problem, warning
from local.doctor.machine import user_name

_EMULATOR = re.compile(r" -X state=(.+?) (?:-m local\.emulator|-m ministack) ")
_LISTENING = "0A"
_HEALTH_SECONDS = 1.0
_SETTINGS = ("JMPY_BASE_URL", "JMPY_API_KEY", "AWS_ENDPOINT_URL", "JMPY_STACK", "JMPY_ACCOUNT",
             "JMPY_DASHBOARD_EMAIL", "JMPY_DASHBOARD_PASSWORD")  # fmt: skip


@dataclass(frozen=True)
class Listener:
    """A process that holds a port, as far as it can be seen."""

    pid: int | None = None
    command: str = ""
    user: str = ""


def port(number: int, unusable: str | None, listener: Listener, state_dir: Path) -> Finding:
    """`unusable` is why no server can listen there; None if one can."""
    if unusable is None:
        return ok(f"Port {number} is free")
    other = f"make start PORT={number + 1 if number < ports.LAST else number - 1}"
    if listener.pid is None:
        by = f" (by {listener.user})" if listener.user else ""
        return problem(f"{unusable[0].upper()}{unusable[1:]}{by}", f"use another: {other}")
    owner = emulator_of(listener.command)
    if owner == state_dir:
        return ok(f"Port {number} is that of the local stack, which is running")
    if owner is None:
        shown = listener.command.strip()[:100]
        return problem(
            f"Port {number} is taken by process {listener.pid}: {shown}",
            f"stop that program, or use another port: {other}",
        )
    if owner.exists():
        return problem(
            f"Port {number} is that of the local stack in {owner.parent}",
            f"run make stop there, or use another port here: {other}",
        )
    return problem(
        f"Port {number} is taken by the emulator of {owner.parent}, which was deleted",
        f"kill {listener.pid}",
    )


def emulator_of(command: str) -> Path | None:
    """The state folder of the emulator with this command line."""
    found = _EMULATOR.search(command)
    return Path(found[1]) if found else None


def orphans(commands: Mapping[int, str]) -> Finding:
    """`commands` are those of all processes."""
    owners = {pid: emulator_of(command) for pid, command in commands.items()}
    left = {pid: owner for pid, owner in owners.items() if owner and not owner.exists()}
    if not left:
        return ok("No emulator of a deleted folder is running")
    folders = ", ".join(sorted({str(owner.parent) for owner in left.values()}))
    return warning(
        f"Emulators of deleted folders are still running: {folders}",
        f"kill {' '.join(map(str, sorted(left)))}",
    )


@dataclass(frozen=True)
class State:
    """`.local`."""

    exists: bool
    readable: bool = True
    settings: frozenset[str] | None = None
    """The names in stack.env; None without that file."""
    locked: bool = False
    pid: int | None = None
    """Of the emulator that was started last."""
    alive: bool = False
    responds: bool = False


def state(found: State) -> Finding:  # noqa: PLR0911 - one for each state
    if not found.exists:
        return ok("There is no local stack yet: 'make start' creates it")
    if not found.readable:
        return problem(
            ".local cannot be read: it belongs to another user",
            'sudo chown -R "$(id -u):$(id -g)" .local (and run make without sudo)',
        )
    if found.locked:
        return warning(
            "Another command is starting or stopping the local stack",
            "wait until it ends; a command that was killed holds no lock",
        )
    if found.alive and not found.responds:
        return problem(
            f"The emulator (process {found.pid}) runs, but does not respond; its log is "
            ".local/emulator.log",
            f"make stop; if that does not end it: kill -9 {found.pid}",
        )
    if found.settings is not None and not found.settings >= set(_SETTINGS):
        return warning(
            ".local was written by another version of Jmpy",
            "make start updates it; if that fails: make reset, which deletes its keys and links",
        )
    if found.pid is not None and not found.alive:
        return warning(
            "The emulator was killed: what was created since its last start may be lost",
            "make start (make stop ends it without a loss)",
        )
    return ok("The local stack is running" if found.alive else "The local stack is stopped")


def read_state(state_dir: Path) -> State:
    if not state_dir.is_dir():
        return State(exists=False)
    if not os.access(state_dir, os.R_OK | os.W_OK | os.X_OK):
        return State(exists=True, readable=False)
    pid, number = _noted(state_dir)
    alive = pid is not None and emulator_of(processes.command(pid)) == state_dir
    return State(
        exists=True,
        settings=_settings(state_dir / "stack.env"),
        locked=_is_locked(state_dir / "lock"),
        pid=pid,
        alive=alive,
        responds=alive and number is not None and _accepts(number),
    )


def _noted(state_dir: Path) -> tuple[int | None, int | None]:
    """The emulator's process and port, as local/emulator_process.py notes them."""
    try:
        pid, number, *_ = map(int, (state_dir / "emulator.pid").read_text().split())
    except (OSError, ValueError):
        return None, None
    return pid, number


def _settings(file: Path) -> frozenset[str] | None:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return frozenset(line.partition("=")[0] for line in lines)


def _is_locked(file: Path) -> bool:
    try:
        with file.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _accepts(number: int) -> bool:
    """Whether a server on this port responds at all."""
    try:
        with socket.create_connection((ports.HOST, number), _HEALTH_SECONDS) as connection:
            connection.settimeout(_HEALTH_SECONDS)
            connection.sendall(
                f"GET /_ministack/health HTTP/1.1\r\nHost: {ports.HOST}:{number}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def unusable(number: int) -> str | None:
    try:
        ports.require_free(number)
    except ports.PortUnusable as error:
        return str(error)
    return None


def listener(number: int) -> Listener:
    if Path("/proc/net/tcp").exists():
        return _listener_of_proc(number, Path("/proc"))
    lsof = shutil.which("lsof")
    if lsof is None:
        return Listener()
    done = subprocess.run(
        [lsof, "-nP", f"-iTCP:{number}", "-sTCP:LISTEN", "-Fp"],
        capture_output=True, check=False, timeout=2,
    )  # fmt: skip
    found = re.search(r"^p(\d+)$", os.fsdecode(done.stdout), re.MULTILINE)
    return Listener(int(found[1]), processes.command(int(found[1]))) if found else Listener()


def _listener_of_proc(number: int, proc: Path) -> Listener:
    """The processes of other users cannot be seen, but who they are."""
    for table in ("tcp", "tcp6"):
        file = proc / "net" / table
        for row in file.read_text().splitlines()[1:] if file.exists() else ():
            _, local, _, status, _, _, _, uid, _, inode, *_ = row.split()
            if status == _LISTENING and int(local.rpartition(":")[2], 16) == number:
                pid = _holder(inode, proc)
                command = processes.command(pid) if pid else ""
                return Listener(pid, command, user_name(int(uid)))
    return Listener()


def _holder(inode: str, proc: Path) -> int | None:
    """The process that has this socket open."""
    for link in proc.glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) == f"socket:[{inode}]":  # noqa: PTH115 - that is of Python 3.9
                return int(link.parts[-3])
        except OSError:
            continue
    return None


def findings(number: int, state_dir: Path) -> list[Finding]:
    why = unusable(number)
    return [
        port(number, why, listener(number) if why else Listener(), state_dir),
        state(read_state(state_dir)),
        orphans(processes.commands()),
    ]
