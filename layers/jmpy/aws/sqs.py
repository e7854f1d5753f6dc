"""SQS, with the part of boto3's client that is used here.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""

from __future__ import annotations

from typing import Any

from jmpy.aws.client import SignedClient

_HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "AmazonSQS.SendMessage",
}


class Sqs:
    def __init__(self, client: SignedClient | None = None) -> None:
        self._client = client or SignedClient("sqs")

    def send_message(self, **parameters: Any) -> Any:
        """Raises AwsRejected, AwsUnavailable."""
        return self._client.post("/", _HEADERS, parameters).document
