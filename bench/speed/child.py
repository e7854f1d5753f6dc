"""One execution environment: a fresh process that imports a handler and calls it.

Run by path with the artefact on PYTHONPATH, never as part of this package. Arguments: the name of
the module, the file for the figures, how many calls to warm up with and to measure. Events come on
standard input, as a list that the calls go through in turn.
"""

# What Lambda's own bootstrap has loaded before it imports a handler.
import json
import logging
import sys
import time
import traceback  # noqa: F401
from importlib import import_module
from pathlib import Path
from typing import Any


class Context:
    function_name = "bench"
    function_version = "1"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:bench"
    aws_request_id = "lambda-request"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


def main() -> None:
    module, figures, warm_up, calls = sys.argv[1:]
    events: list[dict[str, Any]] = json.load(sys.stdin)
    logging.getLogger().addHandler(logging.NullHandler())
    context = Context()

    wall, cpu = time.perf_counter(), time.process_time()
    handler = import_module(module).handler
    response = handler(events[0], context)
    result = {
        "cold_wall": time.perf_counter() - wall,
        "cold_cpu": time.process_time() - cpu,
        "response": response,
    }
    if int(calls):
        turn = 1
        for _ in range(int(warm_up)):
            handler(events[turn % len(events)], context)
            turn += 1
        cpu = time.process_time()
        for _ in range(int(calls)):
            handler(events[turn % len(events)], context)
            turn += 1
        result["warm_cpu"] = (time.process_time() - cpu) / int(calls)
    Path(figures).write_text(json.dumps(result), encoding="utf-8")


main()
