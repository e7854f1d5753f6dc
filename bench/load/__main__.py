"""Sends the load and says what came of it; see the package."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

import bench.load
from bench import committed, figures
from bench.load import memory, stored
from bench.load.progress import Tally
from bench.load.worker import Worker
from jmpy.limits.model import next_midnight
from local import emulator_process
from local.stack import LocalStack
from ops import stack_env
from project.stack import Stack

if TYPE_CHECKING:
    from bench.load.stored import Stored

REQUESTS = 20_000
APART = 2.0
"""Seconds between the first requests of two workers."""

MAY_GROW = 1.1
"""What the memory of the functions' processes may become in the second half, as a ratio: what they
remember is bounded."""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.load",
        description=bench.load.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--requests", type=int, default=REQUESTS, help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=16, help="default: %(default)s")
    parser.add_argument("--minutes", type=float, default=45, help="at most; default: %(default)s")
    options = parser.parse_args()
    now = datetime.now(UTC).timestamp()
    if (left := next_midnight(now) - now) < options.minutes * 60:
        parser.error(
            f"limits begin anew at midnight UTC, in {left / 60:.0f} minutes: say --minutes"
        )
    env = stack_env.read()
    tally = Tally(options.requests, time.monotonic() + options.minutes * 60)
    limits = httpx.Limits(max_connections=options.workers)
    with httpx.Client(base_url=env.base_url, trust_env=False, timeout=60, limits=limits) as http:
        stack = Stack(LocalStack(stack_env.STATE_DIR, print), env, [])
        print(f"- {options.workers} people sign in", flush=True)
        workers = [Worker(number, stack, http, tally) for number in range(options.workers)]
        seconds, kilobytes = _sent(workers, tally)
    total = tally.sent.total()
    print(f"\r- {total:,} requests in {seconds:.0f} s, {total / seconds:.0f} each second")
    found = stored.look(env.deployment(), workers)
    print()
    for kind, count in sorted(tally.sent.items()):
        print(f"{kind:32} {count:,}")
    for function, (half, end) in sorted(kilobytes.items()):
        print(f"{function:32} {half / 1024:.0f} MB, in the end {end / 1024:.0f} MB")
    for line, times in Counter(tally.wrong).most_common(20):
        print(f"wrong: {line} ({times} times)", file=sys.stderr)
    if total < options.requests:
        print(f"error: {options.minutes} minutes were not enough", file=sys.stderr)
        return 1
    half, end = (sum(memory) for memory in zip(*kilobytes.values(), strict=True))
    if has_grown := end > MAY_GROW * half:
        print("error: the functions' memory grew in the second half", file=sys.stderr)
    trial = committed.is_trial(parser, options, "requests", "workers")
    _write(options, tally, found, (half, end), trial=trial)
    return 0 if not tally.wrong and found.is_right and not has_grown else 1


def _sent(workers: list[Worker], tally: Tally) -> tuple[float, dict[str, tuple[int, int]]]:
    """Seconds that it took, and the memory of each function after half of it and in the end."""
    emulator = emulator_process.running(stack_env.STATE_DIR)
    assert emulator is not None
    started = time.perf_counter()
    with ThreadPoolExecutor(len(workers)) as pool:
        runs = [pool.submit(worker.run, APART * n) for n, worker in enumerate(workers)]
        while not tally.is_half:
            time.sleep(0.2)
        half = memory.resident(emulator.pid)
        for run in runs:
            run.result()
        end = memory.resident(emulator.pid)
    return time.perf_counter() - started, memory.of_functions(half, end)


def _write(
    options: argparse.Namespace,
    tally: Tally,
    found: Stored,
    kilobytes: tuple[int, int],
    *,
    trial: bool,
) -> None:
    figures.write(
        "load",
        f"Load: mixed requests, {options.workers} at once, "
        "each response compared to a simple model",
        "make load" if options.requests == REQUESTS else f"make load REQUESTS={options.requests}",
        {
            "requests": tally.sent.total(),
            "at once": options.workers,
            "wrong answers": len(tally.wrong),
            "lost answers": tally.lost,
            "records": found.records,
            "links that should be there": found.links[0],
            "links found, each as it should be": found.links[1],
            "keys that should work": found.keys[0],
            "keys found": found.keys[1],
            "redirects followed": found.clicks[0],
            "clicks counted": found.clicks[1],
            "MB of the functions' processes after half of it": kilobytes[0] // 1024,
            "MB of the same in the end": kilobytes[1] // 1024,
        },
        trial=trial,
    )


if __name__ == "__main__":
    sys.exit(main())
