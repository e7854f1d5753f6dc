"""Deliver messages to a function in the batches that its event source mapping defines.

MiniStack delivers at most ten messages, as soon as there is one. AWS gathers up to `BatchSize`
(10,000 on a standard queue) for `MaximumBatchingWindowInSeconds` (Lambda developer guide, "Using
Lambda with Amazon SQS"). It must never deliver a message twice, nor lose one.

Tests: tests/emulator/test_gap_batches.py.
"""

import time
from typing import Any

from ministack.services import lambda_svc, sqs


def apply() -> None:
    """Gather messages before they are received."""

    def receive(queue_url: str, size: int) -> list[dict[str, Any]]:
        with sqs._queues_lock:
            queue = sqs._get_q(queue_url)
            sqs._expire_retained(queue)
            sqs._dlq_sweep(queue)
            now = time.time()
            waiting = [
                message["visible_at"]
                for message in queue["messages"]
                if message.get("visible_at", 0) <= now
            ]
            window = _window(queue["attributes"]["QueueArn"])
            if not waiting or (len(waiting) < size and now - min(waiting) < window):
                return []
            visibility = int(queue["attributes"].get("VisibilityTimeout", "30"))
            batch: list[dict[str, Any]] = sqs._collect_msgs(queue, size, visibility)
            return batch

    sqs._receive_messages_for_esm = receive


def _window(queue_arn: str) -> float:
    """Seconds that messages are gathered for."""
    return max(
        (
            float(mapping.get("MaximumBatchingWindowInSeconds") or 0)
            for _, _, mapping in lambda_svc._iter_all_esms()
            if mapping.get("EventSourceArn") == queue_arn
        ),
        default=0,
    )
