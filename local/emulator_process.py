"""Start, find and stop the local AWS emulator as a background process.

Everything the emulator writes is in one state folder that only its owner can read. It must never
pass the caller's AWS credentials to the emulator, and never signal a process that is not the
emulator of that folder.
"""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from local import processes
from local.emulator.settings import environment
from local.ports import HOST, free_port, is_free, require_free
from ops import local_credentials as credentials
from ops import private
from ops.local_credentials import Credentials

_PROJECT = Path(__file__).resolve().parents[1]
_START_SECONDS = 90.0
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.05

# Only to reap the children of this very process; a later command finds the emulator by its pid.
_children: dict[int, subprocess.Popen[bytes]] = {}


class EmulatorFailed(Exception):
    """The emulator did not come up."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    pid: int
    port: int
    public_port: int
    """Of the API alone."""
    credentials: Credentials
    """Of its root user."""

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def base_url(self) -> str:
        """Of the API: a root, as behind a custom domain."""
        return f"http://{HOST}:{self.public_port}"


class Adapters(Enum):
    """The existing adapters of `local/emulator/adapters`, as arguments to Python."""

    ALL = ("-m", "local.emulator")
    DOOR = ("-m", "local.emulator", "door")
    """Only those that restrict access, for tests that show MiniStack's gaps."""
    NONE = ("-m", "ministack")
    """Without restrictions: for tests that show just that, while they run."""


def start(
    python: Path,
    public_port: int,
    state_dir: Path,
    *,
    port: int | None = None,
    adapters: Adapters = Adapters.ALL,
) -> Emulator:
    """Start the emulator, or return the one that already runs on this state folder. `port` is its
    own, if that is free, else another.

    Raises PortUnusable if `public_port` is taken, EmulatorFailed."""
    if (found := running(state_dir)) is not None:
        return found
    require_free(public_port)
    port = port if port and is_free(port) else free_port()
    state_dir.mkdir(parents=True, exist_ok=True)
    state_dir.chmod(0o700)
    state_dir = state_dir.resolve()
    shutil.rmtree(state_dir / "tmp", ignore_errors=True)
    (state_dir / "tmp").mkdir(mode=0o700)
    root = credentials.load(state_dir)
    with private.opened(state_dir / "emulator.log") as output:
        child = subprocess.Popen(
            [str(python), *_mark(state_dir), *adapters.value],
            cwd=_PROJECT,
            env=environment(HOST, port, public_port, state_dir, root.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
        )
    _children[child.pid] = child
    private.write(state_dir / "emulator.pid", f"{child.pid}\n{port}\n{public_port}\n")
    return _healthy(Emulator(child.pid, port, public_port, root), state_dir)


def running(state_dir: Path) -> Emulator | None:
    """The emulator that runs on this state folder, if any."""
    try:
        text = (state_dir / "emulator.pid").read_text(encoding="ascii")
        pid, port, public_port = map(int, text.split())
    except (FileNotFoundError, ValueError):
        return None
    if not _is_emulator(pid, state_dir):
        return None
    return Emulator(pid, port, public_port, credentials.load(state_dir))


def stop(state_dir: Path) -> None:
    """Stop the emulator and wait until it has saved its state; does nothing if none runs."""
    if (emulator := running(state_dir)) is not None:
        os.kill(emulator.pid, signal.SIGTERM)
        if not _gone(emulator.pid, state_dir):
            # Its own session, so this reaches only the functions that it started.
            os.killpg(emulator.pid, signal.SIGKILL)
            _gone(emulator.pid, state_dir)
        _children.pop(emulator.pid, None)
    (state_dir / "emulator.pid").unlink(missing_ok=True)


def _mark(state_dir: Path) -> list[str]:
    # Python ignores an unknown -X option; it makes the process recognisable.
    return ["-X", f"state={state_dir.resolve()}"]


def _healthy(emulator: Emulator, state_dir: Path) -> Emulator:
    deadline = time.monotonic() + _START_SECONDS
    opener = build_opener(ProxyHandler({}))  # No proxy: it must reach this machine only.
    while time.monotonic() < deadline and _is_emulator(emulator.pid, state_dir):
        try:
            with opener.open(f"{emulator.endpoint}/_ministack/health", timeout=2):
                return emulator
        except OSError:
            time.sleep(_POLL_SECONDS)
    stop(state_dir)
    log = (state_dir / "emulator.log").read_text(errors="replace")[-2000:]
    raise EmulatorFailed(f"the emulator did not start; the end of its log:\n{log}")


def _is_emulator(pid: int, state_dir: Path) -> bool:
    """Whether the pid is this folder's emulator, not a program that got the number later."""
    if (child := _children.get(pid)) is not None:
        return child.poll() is None  # Linux shows no command line for an instant after exec.
    return f" {' '.join(_mark(state_dir))} " in processes.command(pid)


def _gone(pid: int, state_dir: Path) -> bool:
    deadline = time.monotonic() + _STOP_SECONDS
    while (alive := _is_emulator(pid, state_dir)) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return not alive
