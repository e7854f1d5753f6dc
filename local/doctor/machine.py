"""Disk, files and limits of this machine."""

from __future__ import annotations

import os
import pwd
import resource
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from local.doctor.finding import Finding, ok, problem, warning
from local.doctor.python import locks

GIGABYTE = 1_000_000_000
NEEDED = 1.5 * GIGABYTE
"""Of .venv, measured with uv's cache: 1.0 GB; and of a build with its packages."""

ENOUGH_TO_RUN = 0.3 * GIGABYTE
FILES_NEEDED = 60_000
DESCRIPTORS = 1024
"""The default of Linux, with which the tests run; that of macOS is 256."""


@dataclass(frozen=True)
class Disk:
    folder: str
    free_bytes: int
    free_files: int | None
    """None where the file system has no such limit."""
    writable: bool = True
    executable: bool = True
    """False if it is mounted noexec."""


def disk(found: Disk, installed: bool) -> Finding:
    if not found.writable:
        return problem(f"{found.folder} is not writable for you", "see its owner and mode: ls -ld")
    if not found.executable:
        return problem(
            f"{found.folder} is on a file system that runs no programs (mounted noexec)",
            "clone the project to another disk, or name another folder: export TMPDIR=...",
        )
    free = f"{found.free_bytes / GIGABYTE:.1f} GB free in {found.folder}"
    needed = ENOUGH_TO_RUN if installed else NEEDED
    if found.free_bytes < needed:
        return problem(
            f"Only {free}; Jmpy needs {needed / GIGABYTE:.1f} GB",
            "delete what is not needed; uv's and pip's caches: uv cache clean, pip cache purge",
        )
    if not installed and found.free_files is not None and found.free_files < FILES_NEEDED:
        return problem(
            f"{found.folder} can hold only {found.free_files:,} more files (inodes); "
            f"Jmpy needs {FILES_NEEDED:,}",
            "delete folders with many small files; df -i shows the number",
        )
    return ok(free)


def read_disk(folder: Path) -> Disk:
    found = os.statvfs(folder)
    return Disk(
        folder=str(folder),
        free_bytes=found.f_bavail * found.f_frsize,
        free_files=found.f_favail if found.f_files else None,
        writable=os.access(folder, os.W_OK),
        executable=not found.f_flag & getattr(os, "ST_NOEXEC", 0),
    )


@dataclass(frozen=True)
class Owner:
    path: str
    name: str


def files(strangers: list[Owner], user: str, by_sudo: bool) -> Finding:
    """`strangers` are files of the project that others own; `by_sudo`: root stands in for a
    user."""
    if by_sudo:
        return warning(
            "This runs as root by sudo: what it creates would not be writable for you afterwards",
            "run make without sudo",
        )
    if strangers:
        first = strangers[0]
        return problem(
            f"{first.path} belongs to {first.name}, not to {user}"
            + (f"; so do {len(strangers) - 1} more" if len(strangers) > 1 else ""),
            'sudo chown -R "$(id -u):$(id -g)" . (and run make without sudo)',
        )
    return ok(f"The project's files belong to {user}")


def read_strangers(project: Path) -> list[Owner]:
    me = os.getuid()
    if me == 0:
        return []
    return [
        Owner(str(path.relative_to(project)), user_name(path.lstat().st_uid))
        for path in _likely(project)
        if path.lstat().st_uid != me
    ]


def _likely(project: Path) -> Iterator[Path]:
    """The project's folder, what is in it, and what is in the folders that make writes to."""
    yield project
    yield from project.iterdir()
    for written in (".venv", ".venv/bin", ".venv/opt", ".local", ".git", ".aws-sam"):
        folder = project / written
        if folder.is_dir() and os.access(folder, os.R_OK | os.X_OK):
            yield from folder.iterdir()


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def descriptors(soft: int, hard: int) -> Finding:
    """Limits of open files per process."""
    if soft >= DESCRIPTORS:
        return ok(f"A process may open {soft:,} files")
    return warning(
        f"A process may open only {soft:,} files; the emulator and the tests can need more",
        f"ulimit -n {min(max(hard, DESCRIPTORS), 4096)}"
        + ("" if hard >= DESCRIPTORS else " (as an administrator: the hard limit is lower)"),
    )


def read_descriptors() -> tuple[int, int]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    return (1 << 30 if soft == unlimited else soft, 1 << 30 if hard == unlimited else hard)


def file_times(newest: float, now: float) -> Finding:
    """`newest` is when the project's newest file was changed."""
    if newest <= now + 60:
        return ok("No file of the project is newer than the clock")
    hours = (newest - now) / 3600
    return warning(
        f"A file of the project was changed {hours:.1f} hours in the future: the clock is behind, "
        "and make would install everything at each start",
        "set the clock; then: find . -newermt now -exec touch {} +",
    )


def read_newest(files: Iterable[Path]) -> float:
    return max((path.stat().st_mtime for path in files if path.exists()), default=0.0)


def findings(project: Path, installed: bool) -> list[Finding]:
    temporary = Path(tempfile.gettempdir())
    by_sudo = os.getuid() == 0 and bool(os.environ.get("SUDO_USER"))
    found = [disk(read_disk(project), installed)]
    if temporary.stat().st_dev != project.stat().st_dev:
        found.append(disk(read_disk(temporary), installed=True))
    return [
        *found,
        files(read_strangers(project), user_name(os.getuid()), by_sudo),
        descriptors(*read_descriptors()),
        file_times(read_newest([*locks(project), project / ".venv" / "ready"]), time.time()),
    ]
