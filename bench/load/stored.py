"""What is stored in the end, against what the workers know."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.clicks.item import account_subject
from jmpy.clicks.reader import ClickReader
from jmpy.keys.model import KeyState
from project.redirects import counted

if TYPE_CHECKING:
    from bench.load.worker import Worker
    from ops.deployment import Deployment

WITHIN = 300
"""Seconds in which clicks are counted: what was not counted the first time comes again after three
minutes."""


@dataclass(frozen=True)
class Stored:
    """What there should be, and what there is."""

    links: tuple[int, int]
    keys: tuple[int, int]
    clicks: tuple[int, int]

    @property
    def records(self) -> str:
        """In one figure."""
        wanted, found = (sum(kind) for kind in zip(self.links, self.keys, self.clicks, strict=True))
        return f"{wanted:,} written, {found:,} found"

    @property
    def is_right(self) -> bool:
        return all(wanted == found for wanted, found in (self.links, self.keys, self.clicks))


def look(target: Deployment, workers: list[Worker]) -> Stored:
    # Links last: they are told how often they were followed.
    keys, clicks = _keys(target, workers), _clicks(target, workers)
    return Stored(_links(target, workers), keys, clicks)


def _keys(target: Deployment, workers: list[Worker]) -> tuple[int, int]:
    wanted = found = 0
    for worker in workers:
        active = {
            key.id
            for key in target.keys.of_account(worker.account)
            if key.state(int(time.time())) is KeyState.ACTIVE
        }
        wanted += len(worker.keys.working)
        found += len(active & worker.keys.working) - len(active - worker.keys.working)
    return wanted, found


def _clicks(target: Deployment, workers: list[Worker]) -> tuple[int, int]:
    reader = ClickReader(target.dynamodb, target.outputs["ClicksTable"])
    wanted, ends = sum(worker.known.clicks for worker in workers), time.monotonic() + WITHIN
    while True:
        found = sum(
            counted(reader, account_subject(worker.account)).total.clicks for worker in workers
        )
        if found >= wanted or time.monotonic() > ends:
            return wanted, found
        print(f"\r- {found:,} of {wanted:,} clicks counted", end="", flush=True)
        time.sleep(1)


def _links(target: Deployment, workers: list[Worker]) -> tuple[int, int]:
    """Those that are there count if they are as they should be, and less if they should not be."""
    wanted = found = 0
    for worker in workers:
        links = worker.known.links
        wanted += len(links)
        for page in target.dynamodb.get_paginator("query").paginate(
            TableName=target.outputs["LinksTable"],
            KeyConditionExpression="pk = :account AND begins_with(sk, :links)",
            ExpressionAttributeValues={
                ":account": {"S": f"account#{worker.account}"},
                ":links": {"S": "link#"},
            },
            ConsistentRead=True,
        ):
            for item in page["Items"]:
                link = links.get(item["sk"]["S"].removeprefix("link#"))
                if link is None:
                    found -= 1
                    continue
                clicks = int(item.get("click_count", {"N": "0"})["N"])
                found += (item["url"]["S"], clicks) == (link.url, link.clicks)
    return wanted, found
