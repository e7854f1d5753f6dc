"""A click that is counted in a full batch costs at most a fifth of a write.

Ten thousand clicks on fifty links of one account, by three thousand visitors in ten minutes, are
counted in batches of the size that the template asks for, on DynamoDB as moto simulates it. Every
write is counted at the client, with the request units that AWS charges for it (project/meter.py).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

import boto3
from moto import mock_aws

from bench import committed
from jmpy.clicks.item import account_subject, moment
from jmpy.clicks.reader import ClickReader
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from project import template
from project.clicks import traffic
from project.meter import Meter

RESULTS = Path(__file__).resolve().parent / "results" / "click_writes.json"

MOST_WRITES = 0.2
"""Per click."""

CLICKS, LINKS = "clicks", "links"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.click_writes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clicks", type=int, default=10_000)
    parser.add_argument("--links", type=int, default=50)
    options = parser.parse_args()
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "bench")
    with mock_aws():
        result = _run(options.clicks, options.links)
    trial = committed.is_trial(parser, options, "clicks", "links")
    committed.write(RESULTS, result, trial=trial)
    for name, value in result.items():
        print(f"{name.replace('_', ' '):28} {value:>10,}")
    if result["writes_per_click"] > MOST_WRITES:
        print(f"!! more than {MOST_WRITES} writes per click", file=sys.stderr)
        return 1
    return 0


def _run(clicks: int, links: int) -> dict[str, float]:
    client = boto3.client("dynamodb", region_name="eu-west-1")
    client.create_table(TableName=CLICKS, **template.table("ClicksTable"))
    client.create_table(TableName=LINKS, **template.table("LinksTable"))
    service = LinkService(LinkStore(client, LINKS))
    made = [service.create("a", NewLink("https://example.com/")).id for _ in range(links)]
    sent = sorted(traffic(clicks, made, seconds=600), key=lambda click: click.at)
    function = template.resources("AWS::Serverless::Function")["ClicksFunction"]
    batch = function["Events"]["Clicks"]["Properties"]["BatchSize"]
    meter, writes = Meter(boto3.client("dynamodb", region_name="eu-west-1")), Counter[str]()
    meter.watch(client)
    client.meta.events.register(
        "provide-client-params.dynamodb.TransactWriteItems",
        lambda params, **_: writes.update(items=len(params["TransactItems"])),
    )
    recorder = ClickRecorder(ClickStore(client, CLICKS, LINKS, 30))
    for start in range(0, len(sent), batch):
        assert recorder.record(sent[start : start + batch]) == set()
        print(f"- {min(start + batch, len(sent))} of {len(sent)} clicks", file=sys.stderr)
    cost, day = meter.take(), moment(sent[0].at).date()
    counted = ClickReader(client, CLICKS).days(account_subject("a"), day, day)[day]
    assert counted.total.clicks == clicks
    return {
        "clicks": clicks,
        "links": links,
        "batch": batch,
        "transactions": cost.calls["TransactWriteItems"],
        "writes_per_click": round(writes["items"] / clicks, 3),
        "write_units_per_click": round(cost.write_units / clicks, 3),
        "read_units_per_click": round(cost.read_units / clicks, 3),
    }


if __name__ == "__main__":
    sys.exit(main())
