"""An execution environment in Lambda's runtime interface emulator, which the SAM CLI brings along.

With its first invocation it starts the runtime: Python, AWS's runtime interface client and the
function. It takes one invocation at a time, as an execution environment of Lambda does, so that
each subject has an emulator of its own. CPU is the runtime's; that of the emulator, on either side
some 3 ms of a start and 1 ms of a call, is in the clock only.
"""

from __future__ import annotations

import ctypes
import http.client
import json
import platform
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.speed import trees
from bench.speed.measure import WARM_UP, Sample, UnexpectedResponse
from local import deploy
from local.ports import free_port

if TYPE_CHECKING:
    from bench.speed.subjects import Subject

_HOST = "127.0.0.1"
_INVOCATIONS = "/2015-03-31/functions/function/invocations"
_PROCESSORS = {"x86_64": "x86_64", "aarch64": "arm64"}
_SECONDS_TO_START = 10
_SECONDS_TO_ANSWER = 60


class NotHere(Exception):
    """The emulator does not run on this machine."""


@dataclass(frozen=True)
class Emulator:
    binary: Path
    python: str
    variables: dict[str, str]
    log: Path

    def __call__(self, subject: Subject, calls: int) -> Sample:
        with self._running(subject) as (port, process):
            try:
                return self._measured(subject, calls, port, process)
            except (OSError, http.client.HTTPException, ValueError) as error:
                log = self.log.read_text(errors="replace")
                raise UnexpectedResponse(
                    f"{subject.name} failed: {error}\n{log[-2000:]}"
                ) from error

    def _measured(self, subject: Subject, calls: int, port: int, process: int) -> Sample:
        connection = http.client.HTTPConnection(_HOST, port, timeout=_SECONDS_TO_ANSWER)
        started = time.perf_counter()
        response = _invoke(connection, subject.events[0])
        wall = time.perf_counter() - started
        runtime = _child(process)
        cpu = _cpu_seconds(runtime)
        if not calls or not subject.answered(response):
            return Sample(response, wall, cpu)
        turns = [subject.events[turn % len(subject.events)] for turn in range(1 + WARM_UP + calls)]
        for event in turns[1 : 1 + WARM_UP]:
            _invoke(connection, event)
        before = _cpu_seconds(runtime)
        for event in turns[1 + WARM_UP :]:
            _invoke(connection, event)
        return Sample(response, wall, cpu, (_cpu_seconds(runtime) - before) / calls)

    @contextmanager
    def _running(self, subject: Subject) -> Iterator[tuple[int, int]]:
        """Its port and its process."""
        port, runtime_port = free_port(), free_port()
        command: list[str | Path] = [
            self.binary,
            "--runtime-interface-emulator-address", f"{_HOST}:{port}",
            "--runtime-api-address", f"{_HOST}:{runtime_port}",
            self.python, "-S", "-m", "awslambdaric", f"{subject.module}.handler",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=subject.import_path[0],
                env=trees.environment(self.variables, subject.import_path),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            _await(port, process)
            yield port, process.pid
        finally:
            process.terminate()  # which ends the runtime as well
            process.wait()


def emulator(python: str, variables: dict[str, str], scratch: Path) -> Emulator:
    """Raises NotHere."""
    processor = _PROCESSORS.get(platform.machine())
    if sys.platform != "linux" or processor is None:
        raise NotHere("Lambda's emulator runs on Linux, on x86_64 or arm64")
    name = f"aws-lambda-rie-{processor}"
    folder = deploy.TOOLS / "sam" / "lib"
    found = next(folder.glob(f"python*/site-packages/samcli/local/rapid/{name}"), None)
    if found is None:
        raise NotHere(f"the SAM CLI in .venv has no {name}")
    binary = scratch / name
    shutil.copyfile(found, binary)  # not executable where it is
    binary.chmod(0o755)
    return Emulator(binary, python, variables, scratch / "emulator.log")


def _invoke(connection: http.client.HTTPConnection, event: dict[str, Any]) -> dict[str, Any]:
    connection.request("POST", _INVOCATIONS, json.dumps(event))
    response: dict[str, Any] = json.loads(connection.getresponse().read())
    return response


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            socket.create_connection((_HOST, port)).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.005)
        else:
            return


def _child(process: int) -> int:
    """The only child of a process, whichever of its threads started it."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(child) for file in lists for child in file.read_text().split()]
    if len(children) != 1:
        raise ValueError(f"the emulator runs {len(children)} runtimes")
    return children[0]


def _cpu_seconds(process: int) -> float:
    """Of all threads of another process, by the nanosecond: clock_getcpuclockid(3)."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(process, ctypes.byref(clock)) != 0:
        raise ValueError(f"process {process} has ended")
    return time.clock_gettime(clock.value)
