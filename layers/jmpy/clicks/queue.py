"""Sends clicks to be counted asynchronously."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from jmpy import metrics
from jmpy.aws import clients
from jmpy.metrics import Metric

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from jmpy.clicks.model import Click

logger = Logger()


class ClickQueue:
    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, click: Click) -> None:
        """One call. Visitors are redirected even if the queue cannot be reached: then the click is
        in the log, to be sent again (docs/operations.md)."""
        message = json.dumps(asdict(click), separators=(",", ":"))
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=message)
        except clients.faults():
            logger.exception("click not queued", click=message)
            metrics.count(Metric.CLICKS_NOT_QUEUED)
