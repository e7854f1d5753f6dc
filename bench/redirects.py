"""Every redirect is counted, by every dimension.

Sends redirects of all kinds through the running local stack (`make start`), many at once, waits for
the counters, and compares every total with what was sent.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import httpx

from bench import committed
from jmpy.access.permission import Permission
from jmpy.clicks.item import account_subject
from jmpy.clicks.reader import ClickReader
from ops import stack_env
from project.redirects import Burst, await_clicks

RESULTS = Path(__file__).resolve().parent / "results" / "redirects.json"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.redirects",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--redirects", type=int, default=5000, help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=16, help="default: %(default)s")
    asked = parser.parse_args()
    env = stack_env.read()
    target = env.deployment()
    account = f"bench-{time.time_ns()}"
    operator = target.operator
    target.accounts.ensure(account, by=operator)
    target.accounts.subscribe(account, "enterprise", None, by=operator)
    secret = target.keys.create(account, "bench", [Permission.WRITE], by=operator).secret
    with httpx.Client(base_url=env.base_url, trust_env=False, timeout=60) as http:
        http.headers["Authorization"] = f"Bearer {secret}"
        body = {"url": "https://example.com/"}
        made = [http.post("/api/v1/short-urls", json=body).json()["data"] for _ in range(10)]
    codes, ids = (tuple(link[name] for link in made) for name in ("short_code", "id"))
    burst = Burst(codes, ids, asked.redirects)

    def progress(done: int) -> None:
        if done % 100 == 0 or done == asked.redirects:
            print(f"\r- {done:,} of {asked.redirects:,} redirects", end="", flush=True)

    started = time.perf_counter()
    statuses = burst.send(env.base_url, asked.workers, progress)
    sent = time.perf_counter() - started
    print(f"\n- answered in {sent:.0f} s: {dict(statuses)}; waiting for the counters")
    client = target.session.client("dynamodb", endpoint_url=env.endpoint)
    reader = ClickReader(client, target.outputs["ClicksTable"])
    found = await_clicks(reader, account_subject(account), asked.redirects, seconds=600)
    behind = time.perf_counter() - started - sent
    wrong = [
        str(dimension)
        for dimension, values in burst.expected().items()
        if {name: tally.clicks for name, tally in found.by[dimension].items()} != values
    ]
    if (found.total.clicks, found.total.unique) != (asked.redirects, burst.visitors()):
        wrong.append("total")
    result = {
        "redirects": asked.redirects,
        "clicks": found.total.clicks,
        "unique": found.total.unique,
        "seconds_until_all_were_counted": round(behind, 1),
        "wrong_totals": wrong,
    }
    committed.write(RESULTS, result, trial=committed.is_trial(parser, asked, "redirects"))
    for name, value in result.items():
        print(f"{name.replace('_', ' '):32} {value}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
