"""Signed requests to one AWS service, over one connection that is kept open between them.

Like the SDK, it repeats an attempt whose response was lost: an operation that must not happen twice
has to ensure that itself, by a condition or a token. Requests and responses are JSON.
"""

from __future__ import annotations

import json
import os
import ssl
import zlib
from base64 import b64encode
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from jmpy.aws.credentials import RoleCredentials
from jmpy.aws.errors import AwsRejected, AwsUnavailable
from jmpy.aws.signature import Scope, sign
from jmpy.clock import system_clock
from jmpy.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from http.client import HTTPMessage

    from jmpy.clock import Clock

_IDLE = 30.0
"""Seconds after which a connection is not reused: a device in between may have dropped it
silently, which takes a whole timeout to find out."""

_SDK_NAMES = {"cognito-idp": "COGNITO_IDENTITY_PROVIDER"}
"""The AWS SDKs' name of a service in the environment, where it differs from the signing name."""

_OK = 200
_SERVER_ERRORS = range(500, 600)
_PASSING = frozenset({
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
})  # fmt: skip
"""Errors below 500 for which another attempt may succeed: those that the SDK regards as throttling
or transient, and a write that conflicted with a transaction on its item and so changed nothing."""


class AwsResponse(NamedTuple):
    headers: HTTPMessage
    document: Any


class SignedClient:
    def __init__(
        self,
        service: str,
        *,
        timeout: float = 1.0,
        attempts: int = 3,
        credentials: RoleCredentials | None = None,
        now: Clock = system_clock,
        object_hook: Callable[[dict[str, Any]], Any] | None = None,
    ) -> None:
        """`service` is its name in signatures and host names. `timeout` is in seconds: for
        connecting, and for each wait for a part of the response. `object_hook` is applied to the
        objects of a response, as by `json.loads`."""
        region = os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]
        self._scope = Scope(region, service)
        self._endpoint = urlsplit(_endpoint(service, region))
        self._timeout = timeout
        self._retry = Retry(attempts, pause=0.1)
        self._credentials = credentials or RoleCredentials(now)
        self._now = now
        self._object_hook = object_hook
        self._connection: HTTPConnection | None = None
        self._used_at = 0.0

    def post(self, path: str, headers: Mapping[str, str], document: Any) -> AwsResponse:
        """Raises AwsRejected, AwsUnavailable."""
        body = json.dumps(document, separators=(",", ":"), default=_base64).encode()
        fault, fresh = "", False
        for attempt in range(self._retry.attempts):
            # An open connection that turns out to be closed is replaced at once.
            if fresh:
                self._retry.wait(attempt)
            fresh = self._connection is None
            try:
                status, response, text = self._exchange(path, headers, body)
                returned = json.loads(text or b"null", object_hook=self._object_hook)
            except (OSError, HTTPException, ValueError) as error:
                self._disconnect()
                fault = type(error).__name__
                continue
            if status == _OK:
                return AwsResponse(response, returned)
            fault, fresh = _code(response, returned) or str(status), True
            if status not in _SERVER_ERRORS and fault not in _PASSING:
                raise AwsRejected(fault, returned)
        raise AwsUnavailable(f"{self._scope.service}: {fault}")

    def _exchange(
        self, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, HTTPMessage, bytes]:
        """Status, headers and body of the response. Raises OSError, HTTPException, and ValueError
        if the body is not the one that was sent."""
        now = self._now()
        named = {"Host": self._endpoint.netloc, **headers}
        signed = sign(
            path,
            named,
            body,
            scope=self._scope,
            credentials=self._credentials.current(),
            now=now,
        )
        connection = self._connect(now)
        connection.request("POST", path, body, signed)
        response = connection.getresponse()
        text = response.read()
        if (sum_sent := response.headers["x-amz-crc32"]) and int(sum_sent) != zlib.crc32(text):
            raise ValueError
        return response.status, response.headers, text

    def _connect(self, now: float) -> HTTPConnection:
        if self._connection is None or not 0 <= now - self._used_at < _IDLE:
            self._disconnect()
            at: Any = {"host": self._endpoint.netloc, "timeout": self._timeout}
            self._connection = (
                HTTPSConnection(**at, context=_tls())
                if self._endpoint.scheme == "https"
                else HTTPConnection(**at)
            )
        self._used_at = now
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@cache
def _tls() -> ssl.SSLContext:
    """One for all connections: each would read the file of authorities, which takes longer than
    most requests."""
    return ssl.create_default_context()


def _base64(value: bytes) -> str:
    """Bytes in AWS's JSON."""
    return b64encode(value).decode()


def _endpoint(service: str, region: str) -> str:
    """As the AWS SDKs find it: the environment's setting, else the region's endpoint, whose domain
    depends on the partition of AWS; CloudFormation knows it, so that no list of regions does."""
    names = (f"AWS_ENDPOINT_URL_{_SDK_NAMES.get(service, service.upper())}", "AWS_ENDPOINT_URL")
    configured = next((os.environ[name] for name in names if os.environ.get(name)), None)
    domain = os.environ.get("URL_SUFFIX") or "amazonaws.com"
    return configured or f"https://{service}.{region}.{domain}"


def _code(headers: HTTPMessage, document: Any) -> str:
    """AWS's code of an error, from wherever its protocols put it."""
    named = document.get("__type") if isinstance(document, dict) else None
    code = str(headers["x-amzn-errortype"] or named or "")
    return code.rpartition("#")[2].partition(":")[0]
