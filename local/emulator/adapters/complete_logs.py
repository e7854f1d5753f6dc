"""Store every line that a function logs.

MiniStack collects what a function has written for 50 milliseconds after its response. On a busy
machine the lines arrive later, and are lost or become another invocation's. It also creates a log
group twice, without the lines of the first, when two invocations are the first at once. On AWS no
line is lost. The lines of an invocation here end with a mark that its process writes before the
response. It must never wait for a process that has ended.

Tests: tests/emulator/test_gap_runtime_logging.py.
"""

import queue
from functools import wraps
from threading import Lock
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_MARK = "\0"
_PAUSE = 0.05
"""Seconds after which it is looked whether the process still runs."""

# Runs in the function's process before MiniStack's loop, which writes its responses to sys.stdout.
_BOOTSTRAP = """
def _mark_ends_of_logs():
    import sys

    class Responses:
        def __init__(self, stream):
            self._stream, self.flush = stream, stream.flush

        def write(self, line):
            if not line.startswith('{"status": "ready"'):
                sys.stderr.write("\\0\\n")
                sys.stderr.flush()
            return self._stream.write(line)

    sys.stdout = Responses(sys.stdout)

_mark_ends_of_logs()
"""


def apply() -> None:
    """Mark the ends of logs, and collect the lines up to them."""
    lambda_runtime._PYTHON_WORKER_SCRIPT = _BOOTSTRAP + lambda_runtime._PYTHON_WORKER_SCRIPT
    collect = lambda_runtime.Worker._drain_stderr_bounded

    def collect_all(worker: Any, *limits: Any, **named: Any) -> str:
        if not str(worker.config.get("Runtime")).startswith("python"):
            return str(collect(worker, *limits, **named))
        return "\n".join(_lines(worker))

    lambda_runtime.Worker._drain_stderr_bounded = collect_all
    emit, one_at_a_time = lambda_svc._emit_lambda_logs, Lock()

    @wraps(emit)
    def emit_alone(*arguments: Any, **named: Any) -> None:
        with one_at_a_time:
            emit(*arguments, **named)

    lambda_svc._emit_lambda_logs = emit_alone


def _lines(worker: Any) -> list[str]:
    """Those of the invocation that has just ended."""
    lines: list[str] = []
    while True:
        # Asked before the queue: whoever reads the process's output has ended after its last line.
        ended = not worker._stderr_thread.is_alive()
        try:
            line = worker._stderr_queue.get(timeout=0 if ended else _PAUSE)
        except queue.Empty:
            if ended:
                return lines
            continue
        if line.endswith(_MARK):
            return [*lines, line.removesuffix(_MARK)] if line != _MARK else lines
        lines.append(line)
