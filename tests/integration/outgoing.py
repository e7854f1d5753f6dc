"""One attempt of a request to AWS, where it leaves for the network: by the SDK, or without it."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from http.client import HTTPMessage
from typing import Any, NamedTuple

from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint, convert_to_response_dict
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse

from jmpy.aws.client import SignedClient


class Call(NamedTuple):
    """What a function asked of AWS; all its attempts are one call."""

    service: str
    operation: str
    table: str = ""
    """DynamoDB's, of calls about one table."""
    index_name: str = ""
    """Of the table."""

    @property
    def is_write(self) -> bool:
        return not self.operation.startswith(("Get", "AdminGet", "BatchGet", "Query", "Scan"))

    @property
    def has_parts(self) -> bool:
        """Of DynamoDB: some of it may be throttled, and the rest not."""
        return self.operation in {"TransactWriteItems", "BatchGetItem", "BatchWriteItem"}

    @property
    def meets_transactions(self) -> bool:
        """Of DynamoDB: whether it fails when a transaction holds one of its items."""
        return self.service == "dynamodb" and self.is_write and self.operation != "BatchWriteItem"


class Attempt(ABC):
    id: str
    """Of the call that it belongs to."""
    call: Call
    longest: float
    """Seconds that it waits at most."""
    token: str | None
    """Of a transaction."""

    @abstractmethod
    def send(self) -> Any:
        """The answer, as whoever asked takes it."""

    @abstractmethod
    def is_well(self, response: Any) -> bool: ...

    @abstractmethod
    def refused(self, status: int, code: str) -> Any:
        """An answer that says so."""

    def contended(self) -> Any:
        """Somebody's transaction holds an item."""
        raise AssertionError(self.call)

    def cut(self) -> Any:
        """A part of it was throttled."""
        raise AssertionError(self.call)

    @abstractmethod
    def reset(self) -> Any: ...

    @abstractmethod
    def timed_out(self) -> Any: ...


_sdk_send: Any = Endpoint._do_get_response  # type: ignore[attr-defined]
_signed_send = SignedClient._exchange


class SdkAttempt(Attempt):
    """In the place of `Endpoint._do_get_response`, whose answer is a pair: one as received and as
    parsed, or the exception in its place."""

    def __init__(self, endpoint: Any, request: Any, model: Any, context: Any) -> None:
        self._endpoint = endpoint
        self._request = request
        self._model = model
        self._context = context
        service = model.service_model.service_name
        body = json.loads(request.body) if service == "dynamodb" else {}
        self.id = str(request.headers["amz-sdk-invocation-id"])
        self.call = Call(service, model.name, body.get("TableName", ""), body.get("IndexName", ""))
        self.token = body.get("ClientRequestToken")
        timeout = endpoint.http_session._timeout
        self.longest = timeout.connect_timeout + timeout.read_timeout

    def send(self) -> Any:
        return _sdk_send(self._endpoint, self._request, self._model, self._context)

    def is_well(self, response: Any) -> bool:
        return response[0] is not None and response[0][0].status_code == 200

    def refused(self, status: int, code: str) -> Any:
        protocol = self._model.service_model.resolved_protocol
        body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "no"})
        if protocol == "query":
            body = (
                f"<ErrorResponse><Error><Type>Receiver</Type><Code>{code}</Code>"
                "<Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            )
        headers: Any = {"x-amzn-errortype": code}
        response = AWSResponse(self._request.url, status, headers, MockRawResponse(body))
        parser = self._endpoint._response_parser_factory.create_parser(protocol)
        described = convert_to_response_dict(response, self._model)
        return (response, parser.parse(described, self._model.output_shape)), None

    def reset(self) -> Any:
        return None, ConnectionClosedError(endpoint_url=self._request.url)

    def timed_out(self) -> Any:
        return None, ReadTimeoutError(endpoint_url=self._request.url)


class SignedAttempt(Attempt):
    """In the place of `SignedClient._exchange`, which answers or raises."""

    def __init__(self, client: Any, path: str, headers: dict[str, str], body: bytes) -> None:
        self._client = client
        self._sent = (path, headers, body)
        self._asked = sent = json.loads(body)
        operation = headers.get("X-Amz-Target", ".Invoke").partition(".")[2]
        self.id = client.call_id
        self.call = Call(
            client._scope.service, operation, sent.get("TableName", ""), sent.get("IndexName", "")
        )
        self.token = sent.get("ClientRequestToken")
        self.longest = 2 * client._timeout

    def send(self) -> Any:
        return _signed_send(self._client, *self._sent)

    def is_well(self, response: Any) -> bool:
        return bool(response[0] == 200)

    def refused(self, status: int, code: str, **more: Any) -> Any:
        return self._response(status, {"__type": f"com.amazonaws#{code}", **more})

    def contended(self) -> Any:
        if self.call.operation == "TransactWriteItems":
            return self._cancelled("TransactionConflict")
        return self.refused(400, "TransactionConflictException")

    def cut(self) -> Any:
        match self.call.operation:
            case "TransactWriteItems":
                return self._cancelled("ThrottlingError")
            case "BatchGetItem":
                left = {"Responses": {}, "UnprocessedKeys": self._asked["RequestItems"]}
            case _:
                left = {"UnprocessedItems": self._asked["RequestItems"]}
        return self._response(200, left)

    def _cancelled(self, code: str) -> Any:
        """For its last write."""
        reasons = [{"Code": "None"} for _ in self._asked["TransactItems"][1:]] + [{"Code": code}]
        return self.refused(400, "TransactionCanceledException", CancellationReasons=reasons)

    def _response(self, status: int, document: Any) -> Any:
        return status, HTTPMessage(), json.dumps(document).encode()

    def reset(self) -> Any:
        raise ConnectionResetError

    def timed_out(self) -> Any:
        raise TimeoutError
