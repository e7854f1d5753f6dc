"""Queues the lines of the access log that could not be recorded, account by account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_sqs import SQSClient

    from jmpy.activity.intake import Part

PAUSE = 300
"""Seconds until they are delivered again."""

LARGEST = 200_000
"""Bytes of a message's lines; SQS accepts 256 KB in every region. A line has some 60 KB at most:
API Gateway accepts 10 KB of header fields, of which JSON may make six times as much."""


class RetryQueue:
    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, parts: Iterable[Part]) -> None:
        """Raises `aws.faults()`; then some may be in the queue."""
        for part in parts:
            for written in _portions(map(json.dumps, part.lines)):
                self._client.send_message(
                    QueueUrl=self._url,
                    MessageBody=f'{{"lines": [{", ".join(written)}]}}',
                    DelaySeconds=PAUSE,
                )


def _portions(written: Iterable[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    size = 0
    for line in written:
        if portion and size + len(line) > LARGEST:
            yield portion
            portion, size = [], 0
        portion.append(line)
        size += len(line)
    if portion:
        yield portion
