"""How long a revoked key continues to work: never longer than five seconds.

Keys are used through the gateway of the running local stack (`make start`), revoked, and used until
they are denied. The result is the start of the last request that was served, from the response to
the revocation.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import TYPE_CHECKING

import httpx

from bench import committed, figures
from jmpy.access.permission import Permission
from jmpy.keys.model import IssuedKey
from ops import stack_env
from project.origins import SOMEBODY

if TYPE_CHECKING:
    from ops.deployment import Deployment

BOUND = 5.0
"""Seconds (docs/architecture.md)."""

PATH = "/api/v1/api-keys/current"
PLAN = "enterprise"
"""Asks as often as this takes; the others would be throttled."""
PAUSE = 0.2
"""Seconds between two uses of a key."""

SERVED, REFUSED = 200, 401


class Unexpected(Exception):
    """A response other than 200 and 401."""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.revocation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--revocations", type=int, default=200, help="default: %(default)s")
    parser.add_argument("--at-once", type=int, default=8, help="default: %(default)s")
    options = parser.parse_args()
    env = stack_env.read()
    target = env.deployment()
    late: list[float] = []
    with (
        httpx.Client(base_url=env.base_url, trust_env=False, timeout=30) as http,
        ThreadPoolExecutor(options.at_once) as pool,
    ):
        account = ""
        while len(late) < options.revocations:
            if len(late) % 80 == 0:  # an account has room for a hundred keys
                account = f"bench-{time.time_ns()}"
                target.accounts.ensure(account, by=SOMEBODY)
                target.accounts.subscribe(account, PLAN, by=SOMEBODY)
            count = min(options.at_once, options.revocations - len(late), 80 - len(late) % 80)
            # One after another: each has to find the account as it was read.
            keys = [
                target.keys.create(account, "bench", [Permission.READ], by=SOMEBODY)
                for _ in range(count)
            ]
            late += pool.map(lambda key: _outlived(target, http, key), keys)
            print(f"\r- {len(late)} of {options.revocations} revocations", end="", flush=True)
    worst, beyond = max(late), sum(seconds > BOUND for seconds in late)
    print(f"\n- served after the revocation: median {median(late):.2f} s, worst {worst:.2f} s")
    figures.write(
        "revocation",
        "Revocation",
        f"python -m bench.revocation --revocations {options.revocations}",
        {
            "keys revoked while in use": len(late),
            "seconds in which the last request was served, at most": round(worst, 2),
            "seconds in which the last request was served, median": round(median(late), 2),
            "keys that worked beyond five seconds": beyond,
        },
        trial=committed.is_trial(parser, options, "revocations", "at_once"),
    )
    if beyond:
        print(f"error: {beyond} keys worked beyond {BOUND:.0f} seconds", file=sys.stderr)
    return 1 if beyond else 0


def _outlived(target: Deployment, http: httpx.Client, issued: IssuedKey) -> float:
    """Seconds after its revocation at which the last request with a key began that was served."""
    headers = {"Authorization": f"Bearer {issued.secret}"}

    def is_served() -> bool:
        response = http.get(PATH, headers=headers)
        if response.status_code not in (SERVED, REFUSED):
            raise Unexpected(f"{response.status_code} {response.text}")
        return response.status_code == SERVED

    if not is_served():
        raise Unexpected("a new key was denied")
    target.keys.revoke(issued.record.account_id, issued.record.id, by=SOMEBODY)
    revoked, last = time.perf_counter(), 0.0
    while True:
        began = time.perf_counter() - revoked
        if is_served():
            last = began
        elif began > BOUND:
            return last
        time.sleep(PAUSE)


if __name__ == "__main__":
    sys.exit(main())
