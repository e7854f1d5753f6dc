"""Page 1 of an account's links costs the page, whatever the size of the account.

Two accounts in one table, on the local emulator's DynamoDB: their first pages are read in turns
through `LinkService`. Calls, items, read capacity and the time that Jmpy itself takes have to be
the same for both.

The time that Jmpy waits for the emulator is shown and not judged: for each Query, MiniStack sorts
the whole partition and tests every item of it, where DynamoDB reads on from a key. With --endpoint
the table is made on another server, such as AWS's DynamoDB Local, and the whole time is judged.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from jmpy.links import codes, item
from jmpy.links.listing import Request
from jmpy.links.model import Link
from jmpy.links.service import LinkService
from jmpy.links.store import COUNT_SHARDS, LinkStore
from local import deploy, emulator_process, stack_env
from tests import template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "links"
RESULTS = Path(__file__).resolve().parent / "results" / "list_pages.json"

MOST_RATIO = 1.2
"""Of the medians: what a machine's noise may add."""

WARM_UP = 5
"""Reads of each account that are not counted."""

BATCH = 25
"""Items that DynamoDB writes in one batch."""


@dataclass
class Meter:
    """What a DynamoDB client calls, reads, consumes and waits for."""

    calls: int = 0
    items: int = 0
    capacity: float = 0.0
    waited: float = 0.0
    """Seconds from a request's last byte to its answer's last."""
    _sent: float = 0.0

    def watch(self, client: DynamoDBClient) -> None:
        events = client.meta.events
        events.register("before-parameter-build.dynamodb.Query", _ask)
        events.register("before-send.dynamodb", self._send)
        events.register("before-parse.dynamodb", self._receive)
        events.register("after-call.dynamodb", self._count)

    def _send(self, **_: Any) -> None:
        self._sent = time.perf_counter()

    def _receive(self, **_: Any) -> None:
        self.waited += time.perf_counter() - self._sent

    def _count(self, parsed: dict[str, Any], **_: Any) -> None:
        self.calls += 1
        self.items += parsed["ScannedCount"]
        self.capacity += parsed["ConsumedCapacity"]["CapacityUnits"]


def _ask(params: dict[str, Any], **_: Any) -> None:
    params["ReturnConsumedCapacity"] = "TOTAL"


@dataclass
class Account:
    """An account of `links` links, and what each read of its page 1 took."""

    links: int
    costs: set[tuple[int, int, float]] = field(default_factory=set)
    """Calls, items and capacity; one value when all reads cost the same."""
    own: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    """Seconds."""

    @property
    def id(self) -> str:
        return f"account-of-{self.links}"

    @property
    def whole(self) -> list[float]:
        return [own + waited for own, waited in zip(self.own, self.waited, strict=True)]

    def result(self) -> dict[str, Any]:
        ((calls, items, capacity),) = self.costs
        return {
            "links": self.links,
            "calls": calls,
            "items_read": items,
            "read_capacity_units": capacity,
            "own_milliseconds": round(median(self.own) * 1000, 2),
            "waited_milliseconds": round(median(self.waited) * 1000, 2),
        }


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.list_pages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--links", type=int, default=50_000, help="default: %(default)s")
    parser.add_argument("--few", type=int, default=100, help="default: %(default)s")
    parser.add_argument("--reads", type=int, default=20, help="of each; default: %(default)s")
    parser.add_argument("--endpoint", help="of a DynamoDB that runs already; default: the emulator")
    parser.add_argument("--output", type=Path, default=RESULTS, help="file of the result")
    options = parser.parse_args()
    many, few = Account(options.links), Account(options.few)
    with _dynamodb(options.endpoint) as client:
        client.create_table(TableName=TABLE, **template.table("LinksTable"))
        for account in (few, many):
            _fill(client, account)
        _read_in_turns(client, (many, few), options.reads)
    own = round(median(many.own) / median(few.own), 2)
    whole = round(median(many.whole) / median(few.whole), 2)
    rows = [account.result() for account in (few, many)]
    print(_table(rows))
    print(
        f"\nTime with {many.links:,} links over that with {few.links:,}: own {own}, whole {whole}"
    )
    result = {
        "reads": options.reads,
        "accounts": rows,
        "own_time_ratio": own,
        "whole_time_ratio": whole,
    }
    options.output.write_text(json.dumps(result, indent=2) + "\n")
    if many.costs == few.costs and (whole if options.endpoint else own) <= MOST_RATIO:
        return 0
    print(f"error: the costs differ, or the ratio is above {MOST_RATIO}", file=sys.stderr)
    return 1


@contextmanager
def _dynamodb(endpoint: str | None) -> Iterator[DynamoDBClient]:
    """The one at `endpoint`, else that of an emulator of its own, which is gone afterwards."""
    if endpoint:
        yield stack_env.session().client("dynamodb", endpoint_url=endpoint)
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind((emulator_process.HOST, 0))
        port = probe.getsockname()[1]
        probe.close()
        state_dir = Path(folder)
        emulator = emulator_process.start(deploy.EMULATOR_PYTHON, port, state_dir)
        try:
            yield stack_env.session().client("dynamodb", endpoint_url=emulator.endpoint)
        finally:
            emulator_process.stop(state_dir)


def _fill(client: DynamoDBClient, account: Account) -> None:
    items = _items(account)
    written, total = 0, 2 * account.links + COUNT_SHARDS
    while batch := [{"PutRequest": {"Item": found}} for found in islice(items, BATCH)]:
        left = client.batch_write_item(RequestItems={TABLE: batch})["UnprocessedItems"]  # type: ignore[dict-item]
        assert not left
        written += len(batch)
        if written % 10_000 < BATCH or written == total:
            print(f"\r- {account.links:,} links: {written / total:.0%}", end="", flush=True)
    print()


def _items(account: Account) -> Iterator[item.Item]:
    """Links one second apart, the newest now, and the account's count in all its parts."""
    now = time.time()
    for number in range(account.links):
        created = now - account.links + number
        link = Link(
            id=codes.link_id(created),
            account_id=account.id,
            short_code=f"{account.links}-{number}",
            url=f"https://example.com/{number}",
            created_at=int(created),
            updated_at=int(created),
            name=f"Link {number:06d}",
        )
        yield item.to_link_item(link)
        yield item.to_code_item(link)
    for shard in range(COUNT_SHARDS):
        share = len(range(shard, account.links, COUNT_SHARDS))
        yield item.counter_key(account.id, shard) | {"links": item.attribute(share)}


def _read_in_turns(client: DynamoDBClient, accounts: tuple[Account, ...], reads: int) -> None:
    """In turns, so that whatever slows the machine down for a while slows all of them."""
    service = LinkService(LinkStore(client, TABLE))
    meter = Meter()
    meter.watch(client)
    for number in range(WARM_UP + reads):
        for account in accounts:
            before, started = dataclasses.replace(meter), time.perf_counter()
            page = service.page(account.id, Request())
            seconds = time.perf_counter() - started
            assert (len(page.links), page.total) == (Request().limit, account.links)
            if number >= WARM_UP:
                waited = meter.waited - before.waited
                account.own.append(seconds - waited)
                account.waited.append(waited)
                account.costs.add(
                    (
                        meter.calls - before.calls,
                        meter.items - before.items,
                        meter.capacity - before.capacity,
                    )
                )
        print(f"\r- reading page 1: {(number + 1) / (WARM_UP + reads):.0%}", end="", flush=True)
    print("\n")


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [" | ".join(name.replace("_", " ").rjust(6) for name in rows[0])]
    for row in rows:
        cells = (f"{row[name]:,}".rjust(max(6, len(name))) for name in row)
        lines.append(" | ".join(cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
