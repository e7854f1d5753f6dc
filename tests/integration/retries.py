"""The queue of lines of the access log that have to be read again."""

from __future__ import annotations

from typing import Any

import boto3
from moto.sqs.models import sqs_backends

from project.tables import ACTIVITY_RETRY_QUEUE


def create() -> None:
    boto3.client("sqs").create_queue(QueueName=ACTIVITY_RETRY_QUEUE)


def taken() -> list[str]:
    """The messages, also those that are delayed, as nobody could receive them; they are gone."""
    queue: Any = sqs_backends["123456789012"]["eu-west-1"].queues[ACTIVITY_RETRY_QUEUE]
    bodies = [message.body for message in queue._messages]
    queue._messages.clear()
    return bodies
