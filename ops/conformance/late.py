"""What is seen only a while after a request: its line in the access log, failures in a queue."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ops.conformance.observation import parsed
from ops.conformance.target import Target

_PAUSE = 0.2
_LOG_ON_AWS = 180.0
_FAILURES_ON_AWS = 300.0
_ON_THE_EMULATOR = 15.0
"""Seconds until a request's line has to be in the access log, or a failure in its queue."""


def log_lines(ids: set[str], target: Target) -> dict[str, Any]:
    """Of the access log, by the ids of their requests, once all are there or time is up."""
    deadline = time.monotonic() + (_ON_THE_EMULATOR if target.endpoint else _LOG_ON_AWS)
    while True:
        found = {line["id"]: line for line in target.log_lines() if line.get("id") in ids}
        if len(found) == len(ids) or time.monotonic() > deadline:
            return found
        time.sleep(_PAUSE)


def failures(awaited: Mapping[str, int], target: Target) -> dict[str, list[Any]]:
    """The messages in the queue of failures, by the mark that they contain, once there are as many
    of each as are awaited or time is up. Takes them out of the queue, and those of earlier runs."""
    sqs, queue = target.client("sqs"), target.outputs["FailureQueue"]
    found: defaultdict[str, list[Any]] = defaultdict(list)
    deadline = time.monotonic() + (_ON_THE_EMULATOR if target.endpoint else _FAILURES_ON_AWS)
    while time.monotonic() < deadline:
        arrived = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in arrived:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            for mark in _marks(message["Body"], awaited):
                found[mark].append(parsed(message["Body"]))
        if not arrived and all(len(found[mark]) >= count for mark, count in awaited.items()):
            break
        if not arrived:
            time.sleep(_PAUSE)
    return {mark: sorted(messages, key=json.dumps) for mark, messages in found.items()}


def _marks(body: str, marks: Iterable[str]) -> list[str]:
    return [mark for mark in marks if mark in body]
