"""Synchronous invocation of a Lambda function.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.aws.errors import AwsUnavailable

if TYPE_CHECKING:
    from jmpy.aws.client import SignedClient


class Invoker:
    def __init__(self, function_name: str, client: SignedClient) -> None:
        self._path = f"/2015-03-31/functions/{function_name}/invocations"
        self._client = client

    def invoke(self, event: dict[str, Any]) -> Any:
        """What the function returned. Raises AwsRejected, and AwsUnavailable also if the function
        failed: its error may quote the event."""
        headers = {"Content-Type": "application/json", "X-Amz-Invocation-Type": "RequestResponse"}
        response = self._client.post(self._path, headers, event)
        if kind := response.headers["x-amz-function-error"]:
            raise AwsUnavailable(f"the function failed: {kind}")
        return response.document
