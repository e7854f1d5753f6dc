"""The queue of domains whose links a job removes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from jmpy.domains.model import Domain


class RemovalQueue:
    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def add(self, domain: Domain) -> None:
        """Raises `aws.faults()`."""
        body = json.dumps({"account_id": domain.account_id, "domain_id": domain.id})
        self._sqs.send_message(QueueUrl=self._url, MessageBody=body)
