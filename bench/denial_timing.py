"""Whether the response time of a denied request reveals which part of its key was wrong.

Sends keys that are denied for different reasons, in random order, through the running local stack
(`make start`), and compares the times of each reason with those of unknown keys: by the area under
the ROC curve (0.5: no better than chance) of the Mann-Whitney test, with a bound for chance. One
difference is by design: a string that cannot be a key, by its length, alphabet or checksum, is
denied without a read (docs/security.md); the rule is published, so that it reveals nothing.
Well-formed keys have to be indistinguishable: unknown and revoked ones.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from http import HTTPStatus
from pathlib import Path

import httpx

from bench import committed
from jmpy.access.permission import Permission
from jmpy.keys import token
from ops import stack_env

RESULTS = Path(__file__).resolve().parent / "results" / "reliability" / "denial_timing.json"
PATH = "/api/v1/short-urls"
BOUND = 4.0
"""Standard errors from 0.5; chance alone exceeds it once in some thousand runs."""

DESIGNED = frozenset({"wrong checksum", "wrong length"})


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.denial_timing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--requests", type=int, default=200, help="per kind; default: %(default)s")
    options = parser.parse_args()
    env = stack_env.read()
    target = env.deployment()
    keys, operator = target.keys, target.operator
    account = env.account

    def revoked() -> str:
        issued = keys.create(account, "timing", [Permission.READ], by=operator)
        keys.revoke(account, issued.record.id, by=operator)
        return issued.secret

    # Each key once: the second lookup would be a cache hit.
    print("- creating and revoking keys", flush=True)
    sent = {
        "unknown": [token.generate() for _ in range(options.requests)],
        "unknown, too": [token.generate() for _ in range(options.requests)],
        "revoked": [revoked() for _ in range(options.requests)],
        "wrong checksum": [_broken(token.generate()) for _ in range(options.requests)],
        "wrong length": [token.generate()[:-1] for _ in range(options.requests)],
    }
    order = [(kind, key) for kind, all_ in sent.items() for key in all_]
    random.shuffle(order)
    times: dict[str, list[float]] = {kind: [] for kind in sent}
    with httpx.Client(base_url=env.base_url, trust_env=False, timeout=60) as http:
        for number, (kind, key) in enumerate(order, 1):
            started = time.perf_counter()
            response = http.get(PATH, headers={"Authorization": f"Bearer {key}"})
            times[kind].append(time.perf_counter() - started)
            assert response.status_code == HTTPStatus.UNAUTHORIZED, response.text
            if number % 100 == 0:
                print(f"\r- {number:,} of {len(order):,} requests", end="", flush=True)
    print()
    trial = committed.is_trial(parser, options, "requests")
    return _evaluated(times, options.requests, trial=trial)


def _broken(key: str) -> str:
    return key[:-1] + ("0" if key[-1] != "0" else "1")


def area(first: list[float], second: list[float]) -> float:
    """How often one of the first takes longer than one of the second."""
    pairs = ((a > b) + 0.5 * (a == b) for a in first for b in second)
    return sum(pairs) / (len(first) * len(second))


def _evaluated(times: dict[str, list[float]], count: int, *, trial: bool) -> int:
    # The standard error of the area, if both samples have the same distribution.
    error = math.sqrt((2 * count + 1) / (12 * count * count))
    figures, failed = {}, False
    for kind, measured in times.items():
        found = area(measured, times["unknown"]) if kind != "unknown" else 0.5
        errors = abs(found - 0.5) / error
        failed |= kind not in DESIGNED and errors > BOUND
        median = sorted(measured)[count // 2]
        figures[kind] = {
            "median_over_unknown": round(median / sorted(times["unknown"])[count // 2], 3),
            "area": round(found, 3),
            "standard_errors": round(errors, 1),
            "by_design": kind in DESIGNED,
        }
        print(f"{kind:16} area {found:.3f}  {errors:5.1f} standard errors")
    document = {
        "what": "Response times for denied keys, compared with unknown keys",
        "command": "make start && .venv/bin/python -m bench.denial_timing",
        "measured": time.strftime("%Y-%m-%d", time.gmtime()),
        "figures": {"requests_per_kind": count, "bound": BOUND, "kinds": figures},
    }
    committed.write(RESULTS, document, trial=trial)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
