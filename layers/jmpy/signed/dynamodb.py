"""One read of DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jmpy.signed.client import SignedClient

_HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.GetItem",
}


class DynamoDbReader:
    def __init__(self, client: SignedClient) -> None:
        self._client = client

    def get_item(self, **parameters: Any) -> dict[str, Any]:
        """As boto3's, for items without binary values. Raises AwsRefused, AwsUnavailable."""
        document: dict[str, Any] = self._client.post("/", _HEADERS, parameters).document
        return document
