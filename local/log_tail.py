"""Follows the log groups of a stack."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.deployment import Deployment

_POLL_SECONDS = 1.0
_FIRST_MINUTES = 10


def follow(target: Deployment) -> None:
    """Prints events as they come, from the last ten minutes on, until interrupted."""
    client = target.session.client("logs", endpoint_url=target.endpoint)
    groups = [*target.outputs["FunctionLogGroups"].split(","), target.outputs["AccessLogGroup"]]
    since = {group: int((time.time() - _FIRST_MINUTES * 60) * 1000) for group in groups}
    seen: set[str] = set()
    print("Following the last ten minutes and what comes; Ctrl-C ends.", flush=True)
    while True:
        for group in groups:
            pages = client.get_paginator("filter_log_events").paginate(
                logGroupName=group, startTime=since[group]
            )
            for event in (event for page in pages for event in page["events"]):
                since[group] = max(since[group], event["timestamp"])
                if event["eventId"] not in seen:
                    seen.add(event["eventId"])
                    print(event["message"].rstrip(), flush=True)
        time.sleep(_POLL_SECONDS)
