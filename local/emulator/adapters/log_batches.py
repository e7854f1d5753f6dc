"""Deliver log events in batches.

MiniStack invokes a subscribed function for each call that writes events, at once: hundreds of
requests become hundreds of processes. On AWS, CloudWatch Logs gathers events before it delivers
them (CloudWatch Logs user guide, "Real-time processing of log data with subscriptions"). It must
never lose an event, nor deliver one twice.

Tests: tests/emulator/test_gap_batches.py.
"""

from contextvars import copy_context
from threading import Lock, Timer
from typing import Any

from ministack.services import cloudwatch_logs

GATHERED = 1.0
"""Seconds."""


def apply() -> None:
    """Gather the events of a stream before they are delivered."""
    hand_on = cloudwatch_logs._fanout_to_subscription_filters
    waiting: dict[tuple[str, str], list[Any]] = {}
    lock = Lock()

    def flush(group: str, stream: str) -> None:
        with lock:
            events = waiting.pop((group, stream))
        hand_on(group, stream, events)

    def gather(group: str, stream: str, events: list[Any]) -> None:
        if not (cloudwatch_logs._log_groups.get(group) or {}).get("subscriptionFilters"):
            return
        with lock:
            is_first = (group, stream) not in waiting
            waiting.setdefault((group, stream), []).extend(events)
        if is_first:
            # In this account and region, which MiniStack has in its context.
            timer = Timer(GATHERED, copy_context().run, (flush, group, stream))
            timer.daemon = True
            timer.start()

    cloudwatch_logs._fanout_to_subscription_filters = gather
