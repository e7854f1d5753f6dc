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
    groups = [target.outputs["FunctionLogGroup"], target.outputs["AccessLogGroup"]]
    since = {group: int((time.time() - _FIRST_MINUTES * 60) * 1000) for group in groups}
    seen: set[tuple[object, ...]] = set()
    print("Following the last ten minutes and what comes; Ctrl-C ends.", flush=True)
    while True:
        events = [
            (event["timestamp"], group, event["logStreamName"], event["message"].rstrip())
            for group in groups
            for page in client.get_paginator("filter_log_events").paginate(
                logGroupName=group, startTime=since[group]
            )
            for event in page["events"]
        ]
        for timestamp, group, stream, message in sorted(events):
            since[group] = timestamp
            # The emulator sends no eventId, so an event is identified by all its fields.
            if (timestamp, group, stream, message) not in seen:
                seen.add((timestamp, group, stream, message))
                print(message, flush=True)
        time.sleep(_POLL_SECONDS)
