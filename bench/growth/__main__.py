"""What a request costs does not grow with what its account has.

Two accounts on AWS's own DynamoDB for one machine: one with a hundred links, a hundred QR codes, a
hundred campaigns and one key, one with fifty thousand links, five thousand QR codes, two thousand
campaigns and a thousand keys, most of them revoked. A fifth of the links is in one campaign. Every
operation is requested for
both in turns, and has to make the same calls and take at most 1.2 times the request units and the
time. Pages of lists have one item, because the small account has one key.

Request units are counted by the rules of AWS (project/meter.py) and compared with what the engine
reports. The engine leaves out updates in a transaction and reads that find nothing.

An account stores how many of its keys have ended. Now and then, creating a key has to read all of
them to count anew; on the large account this is measured separately.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import boto3

from bench import accounts, committed
from bench.growth.requests import OPERATIONS, REDIRECT, Bench, Measured
from local import dynamodb_local
from project import environment, tables
from project.sample_account import SampleAccount

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RESULTS = Path(__file__).resolve().parents[1] / "results" / "growth.json"

MOST_RATIO = 1.2

MORE = 4
"""Times as many rounds for a route that was too slow: a busy machine looks like growth."""

WHOLE = (
    "GET /api/v1/short-urls/export",
    "GET /api/v1/qr-codes/export",
    "GET /api/v1/access-logs/export",
    "GET /api/v1/audit-log/export",
    "GET /api/v1/tags",
    "PATCH /api/v1/tags/{id}",
    "DELETE /api/v1/tags/{id}",
)
"""Operations that are left out because they read everything that an account has, up to a bound."""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--links", type=int, default=50_000, help="default: %(default)s")
    parser.add_argument("--qr-codes", type=int, default=5_000, help="default: %(default)s")
    parser.add_argument("--campaigns", type=int, default=2_000, help="default: %(default)s")
    parser.add_argument("--keys", type=int, default=1_000, help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=25, help="default: %(default)s")
    parser.add_argument(
        "--only",
        default="",
        metavar="PATTERN",
        help="routes that match; others retain their results",
    )
    options = parser.parse_args()
    try:
        with dynamodb_local.running() as endpoint, _tables(endpoint) as client:
            result, problems = _run(client, options)
    except dynamodb_local.NotHere as error:
        print(f"!! skipped: DynamoDB Local needs Java 17 and npm, and {error}", file=sys.stderr)
        return 0
    trial = committed.is_trial(parser, options, "links", "qr_codes", "campaigns", "keys", "rounds")
    if options.only:
        stored = json.loads(RESULTS.read_text())
        sizes = {name: result[name] for name in ("small", "large")}
        result = {**stored, **sizes, "routes": stored["routes"] | result["routes"]}
    committed.write(RESULTS, result, trial=trial)
    print(_table(result))
    for problem in problems:
        print(f"!! {problem}", file=sys.stderr)
    return 1 if problems else 0


@contextmanager
def _tables(endpoint: str) -> Iterator[DynamoDBClient]:
    """Those of the template; the functions find them and the engine in the environment."""
    os.environ |= environment.sample() | {
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
    }
    client = boto3.client("dynamodb")
    tables.create(client)
    yield client


def _run(client: DynamoDBClient, options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    large_size = {
        name: getattr(options, name) for name in ("links", "qr_codes", "campaigns", "keys")
    }
    small_size = {**dict.fromkeys(large_size, 100), "keys": 1}
    sizes = {"small": small_size, "large": large_size}
    small, large = (accounts.create(client, name, **size) for name, size in sizes.items())
    bench = Bench(client)
    routes: dict[str, tuple[Measured, Measured]] = {}
    problems: list[str] = []
    logging.disable()
    with redirect_stdout(io.StringIO()):  # metrics go there
        for name in (*(name for name in OPERATIONS if name not in WHOLE), REDIRECT):
            if not re.search(options.only, name):
                continue
            for account in (small, large):
                bench.time(name, account)  # a change that was made before writes nothing
            bench.count(name, small)  # loads what is loaded once
            pair = bench.count(name, small), bench.count(name, large)
            _time(bench, name, (small, large), pair, options.rounds)
            if _ratio(pair) > MOST_RATIO:
                _time(bench, name, (small, large), pair, options.rounds * MORE)
            routes[name] = pair
            problems += _evaluated(name, pair)
            print(f"- {name}: {_ratio(pair):.2f}", file=sys.stderr)
    accounts.forget_ended_keys(client, large)
    look = bench.count("POST /api/v1/api-keys", large)
    alike = sum(few.units == few.engine_units for few, _ in routes.values())
    result = {
        **sizes,
        "rounds": options.rounds,
        "routes_the_engine_counts_alike": alike,
        "a_key_that_looks_at_all": {
            "calls": dict(sorted(look.cost.calls.items())),
            "read_units": look.cost.read_units,
            "write_units": look.cost.write_units,
        },
        "routes": {
            name: {"small": few.result(), "large": many.result(), "time_ratio": _ratio(pair)}
            for name, pair in routes.items()
            for few, many in [pair]
        },
    }
    return result, problems


def _time(
    bench: Bench,
    name: str,
    both: tuple[SampleAccount, SampleAccount],
    pair: tuple[Measured, Measured],
    rounds: int,
) -> None:
    """In turns, so that whatever slows the machine down for a while slows both."""
    for measured in pair:
        measured.seconds.clear()
    for _ in range(rounds):
        for account, measured in zip(both, pair, strict=True):
            measured.seconds.append(bench.time(name, account))


def _ratio(pair: tuple[Measured, Measured]) -> float:
    few, many = pair
    return round(median(many.seconds) / median(few.seconds), 2)


def _evaluated(name: str, pair: tuple[Measured, Measured]) -> Iterator[str]:
    few, many = pair
    if few.cost.calls != many.cost.calls:
        yield f"{name}: other calls, {few.cost} and {many.cost}"
    if many.units > MOST_RATIO * few.units:
        yield f"{name}: {few.units:g} and {many.units:g} request units"
    if _ratio(pair) > MOST_RATIO:
        yield f"{name}: {_ratio(pair)} times the time"


def _table(result: dict[str, Any]) -> str:
    lines = [f"{'':54}   calls   units     ms (100 links, 1 key)  ratio"]
    for name, route in result["routes"].items():
        few, many = route["small"], route["large"]
        calls = sum(few["calls"].values()), sum(many["calls"].values())
        units = [of["read_units"] + of["write_units"] for of in (few, many)]
        lines.append(
            f"{name:54} {calls[0]:>3}/{calls[1]:<3} {units[0]:>5g}/{units[1]:<5g}"
            f" {few['milliseconds']:>6}/{many['milliseconds']:<6} {route['time_ratio']:>6}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
