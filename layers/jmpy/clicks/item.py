"""Counters and stored clicks as DynamoDB items.

- `link#<id>`, `qr#<id>`, `campaign#<id>` and `account#<id>` / `day#2026-11-23#00` and
  `hour#2026-11-23T08#00`: counters, those of a QR code of its scans only. The end is the shard: an
  account that many count for at once has several, and so have its campaigns (`service.py`).
- `clicks#<link>` / `2026-11-23T08:31#000`: pages of the link's clicks, by minute.
- `visitors#<link>` / `2026-11-23#000`: pages of the hashes of the link's visitors, by day.

Every item has a version `v`, which a write names.
"""

from __future__ import annotations

import json
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from jmpy.clicks import division
from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.model import HASH_LENGTH, Dimension, StoredClick

Item = dict[str, Any]


def moment(at: int) -> datetime:
    """Of milliseconds since the Unix epoch."""
    return datetime.fromtimestamp(at / 1000, UTC)


def link_subject(link_id: str) -> str:
    return f"link#{link_id}"


def qr_subject(qr_id: str) -> str:
    return f"qr#{qr_id}"


def campaign_subject(campaign_id: str) -> str:
    return f"campaign#{campaign_id}"


def account_subject(account_id: str) -> str:
    return f"account#{account_id}"


def day_name(day: date) -> str:
    return f"day#{day.isoformat()}"


def hour_name(hour: datetime) -> str:
    return f"hour#{hour:%Y-%m-%dT%H}"


def day_of(item: Item) -> date:
    return date.fromisoformat(item["sk"]["S"].split("#")[1])


def hour_of(item: Item) -> datetime:
    return datetime.fromisoformat(item["sk"]["S"].split("#")[1] + ":00").replace(tzinfo=UTC)


def expiry(day: date, days: int) -> int:
    """When the items of a day expire: seconds since the Unix epoch."""
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=days + 1)
    return int(end.timestamp())


def from_counts(counts: Counts) -> Item:
    item: Item = {
        "clicks": {"N": str(counts.total.clicks)},
        "unique": {"N": str(counts.total.unique)},
        "counts": {"B": counts.to_bytes()},
    }
    # Apart, so that versions that do not know of them read the counts all the same.
    if (bots := division.packed(counts)) is not None:
        item["bots"] = {"B": bots}
    if own := {dimension: sorted(values) for dimension, values in counts.own.items() if values}:
        item["own"] = {"S": json.dumps(own, separators=(",", ":"))}
    return item


def to_counts(item: Item) -> Counts:
    total = Tally(int(item["clicks"]["N"]), int(item["unique"]["N"]))
    counts = Counts.from_bytes(total, bytes(item["counts"]["B"]))
    division.divide(counts, bytes(item["bots"]["B"]) if "bots" in item else None)
    own = json.loads(item["own"]["S"]) if "own" in item else {}
    counts.own = {Dimension(name): set(values) for name, values in own.items()}
    return counts


def from_clicks(clicks: list[StoredClick]) -> Item:
    rows = [
        [
            click.id, click.at, click.short_code, click.is_unique, click.user_agent, click.values,
            *(() if click.qr_id is None else (click.qr_id, click.is_unique_scan)),
        ]
        for click in clicks
    ]  # fmt: skip
    return {"page": {"B": zlib.compress(json.dumps(rows, separators=(",", ":")).encode())}}


def to_clicks(item: Item) -> list[StoredClick]:
    """Of a page, oldest first."""
    link_id = item["pk"]["S"].removeprefix("clicks#")
    return [
        StoredClick(
            id=click_id,
            at=at,
            link_id=link_id,
            short_code=short_code,
            is_unique=is_unique,
            user_agent=user_agent,
            values={Dimension(name): value for name, value in values.items()},
            **(dict(zip(("qr_id", "is_unique_scan"), scan, strict=True)) if scan else {}),
        )
        for click_id, at, short_code, is_unique, user_agent, values, *scan in json.loads(
            zlib.decompress(bytes(item["page"]["B"]))
        )
    ]


def from_hashes(hashes: list[bytes]) -> Item:
    return {"hashes": {"B": b"".join(hashes)}}


def to_hashes(item: Item) -> list[bytes]:
    packed = bytes(item["hashes"]["B"])
    return [packed[at : at + HASH_LENGTH] for at in range(0, len(packed), HASH_LENGTH)]
