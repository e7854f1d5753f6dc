"""What it costs to record a request in the access log, to count it, and to watch over its key.

Requests of one key on two routes, read from batches of one and of a hundred lines, on DynamoDB as
moto simulates it: one a second, and a flood of a hundred a second with a key that was revoked.
LoggedRequest units are those that AWS charges (project/meter.py).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from moto import mock_aws

from bench import committed
from jmpy.activity.key_usage import KeyUsage
from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.request_writer import AccessLogWriter
from jmpy.alerts.detection.baseline_store import BaselineStore
from jmpy.alerts.detection.service import AlertDetection
from jmpy.alerts.notifications.outbox import Outbox
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.store import AlertStore
from project import template
from project.key_requests import START, denied, request
from project.meter import Meter

if TYPE_CHECKING:
    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.alerts.model import Alert

RESULTS = Path(__file__).resolve().parent / "results" / "access_log_writes.json"

TABLE = "activity"
BATCHES = (1, 100)
FLOOD = 100
"""Requests a second."""

ROUTES = ("/api/v1/short-urls", "/api/v1/short-urls/{id}")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.access_log_writes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--requests", type=int, default=300, help="default: %(default)s")
    options = parser.parse_args()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    with mock_aws():
        boto3.client("dynamodb").create_table(TableName=TABLE, **template.table("ActivityTable"))
        result = {
            "requests": options.requests,
            "batches_of": {
                str(size): _run(
                    size,
                    [
                        request(START + number, key_id=f"key-{size}", route=ROUTES[number % 2])
                        for number in range(options.requests)
                    ],
                )
                for size in BATCHES
            },
            "ended_key_in_batches_of": {
                str(size): _run(
                    size,
                    [
                        denied(
                            START + number / FLOOD,
                            "revoked",
                            key_id=f"ended-{size}",
                            route=ROUTES[number % 2],
                        )
                        for number in range(options.requests)
                    ],
                )
                for size in BATCHES
            },
        }
    committed.write(RESULTS, result, trial=committed.is_trial(parser, options, "requests"))
    print(json.dumps(result, indent=2))
    return 0


class _Nobody(Outbox):
    """Who is told of an alert costs no request units."""

    def __init__(self) -> None:
        """Knows no topic and no queue."""

    def send(self, alert: Alert) -> None:
        """To nobody."""


def _run(size: int, requests: list[LoggedRequest]) -> dict[str, float]:
    """Per request, of a key that is not known yet."""
    client = boto3.client("dynamodb")
    meter = Meter(boto3.client("dynamodb"))
    meter.watch(client)
    log = AccessLogWriter(client, TABLE, 30)
    usage = KeyUsage(KeyUseStore(client, TABLE))
    stores = BaselineStore(client, TABLE), AlertStore(client, TABLE)
    alerts = AlertDetection(
        *stores, ThresholdStore(client, TABLE), _Nobody(), lambda: START + 24 * 3600
    )
    for first in range(0, len(requests), size):
        batch = requests[first : first + size]
        alerts.evaluate(batch)
        usage.record(batch)
        log.record(batch)
    cost = meter.take()
    return {
        "calls": round(cost.calls.total() / len(requests), 3),
        "read_units": round(cost.read_units / len(requests), 3),
        "write_units": round(cost.write_units / len(requests), 3),
    }


if __name__ == "__main__":
    sys.exit(main())
