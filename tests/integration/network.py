"""The way from a function to AWS, with the faults that a test asks for.

Faults come in where botocore hands a signed request to the network and waits for bytes: the SDK's
own retries and parsing are real, only the waiting is not, and takes as long as it can.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint, convert_to_response_dict
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.retries.quota import RetryQuota
from botocore.retries.standard import ExponentialBackoff
from moto.core.botocore_stubber import MockRawResponse

SLOW = 0.9
"""Seconds: an answer that still comes before the SDK gives up on it."""


class Fault(StrEnum):
    THROTTLED = "throttled"
    FAILED = "status 500"
    TIMED_OUT = "timed out"
    RESET = "connection reset"
    LOST = "answer lost"
    """AWS did what was asked; the answer never came."""
    SLOW = "slow"


class Lasts(StrEnum):
    ONCE = "once"
    """One attempt: the next one is well."""
    CALL = "for the call"
    """All its attempts. Other calls are well, so that who goes on without this one is seen."""
    SERVICE = "for good"
    """From that call on, for every call of the service."""


class Call(NamedTuple):
    """What a function asked of AWS; all its attempts are one call."""

    service: str
    operation: str
    table: str = ""
    """DynamoDB's, of calls about one table."""

    @property
    def is_write(self) -> bool:
        return not self.operation.startswith(("Get", "BatchGet", "Query", "Scan"))


@dataclass(eq=False)
class Sent:
    call: Call
    attempts: int = 0


@dataclass
class Network:
    fault: Fault | None = None
    at: int = 0
    """Which call the fault meets first, counted from 0."""
    lasts: Lasts = Lasts.ONCE
    is_write: bool = False
    """Whether it meets the first write, whichever call that is."""
    emulates_tokens: bool = True
    """DynamoDB makes a transaction once for each token, and answers again as it did. moto does
    not."""
    sent: dict[str, Sent] = field(default_factory=dict)
    """By the id that the SDK gives a call, in order."""
    injected: int = 0
    waited: float = 0.0
    """Seconds that the faults took, and the pauses between attempts."""
    pauses: list[float] = field(default_factory=list)
    _made: dict[str, Any] = field(default_factory=dict)
    """Answers to transactions by their token."""

    @property
    def calls(self) -> list[Call]:
        return [sent.call for sent in self.sent.values()]

    def carry(self, endpoint: Any, request: Any, model: Any, context: Any) -> Any:
        """In the place of `Endpoint._do_get_response`: the answer, as received and as parsed, and
        the exception in its place."""
        name = str(request.headers["amz-sdk-invocation-id"])
        known = self.sent.setdefault(name, Sent(_call(request, model)))
        known.attempts += 1
        if not self._is_hit(known):
            return self._through(endpoint, request, model, context)
        self.injected += 1
        timeout = endpoint.http_session._timeout
        longest = timeout.connect_timeout + timeout.read_timeout
        match self.fault:
            case Fault.THROTTLED:
                return _refusal(endpoint, request, model, 400, "ThrottlingException"), None
            case Fault.FAILED:
                return _refusal(endpoint, request, model, 500, "InternalServerError"), None
            case Fault.RESET:
                return None, ConnectionClosedError(endpoint_url=request.url)
            case Fault.SLOW:
                self.waited += SLOW
                return self._through(endpoint, request, model, context)
            case Fault.LOST:
                self._through(endpoint, request, model, context)
        self.waited += longest
        return None, ReadTimeoutError(endpoint_url=request.url)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.waited += seconds

    def _is_hit(self, known: Sent) -> bool:
        sent = list(self.sent.values())
        if self.is_write:
            sent = [other for other in sent if other.call.is_write]
        if self.fault is None or len(sent) <= self.at:
            return False
        first = sent[self.at]
        if known not in sent:
            return False
        match self.lasts:
            case Lasts.ONCE:
                return known is first and known.attempts == 1
            case Lasts.CALL:
                return known is first
            case Lasts.SERVICE:
                is_later = sent.index(known) >= self.at
                return is_later and known.call.service == first.call.service

    def _through(self, endpoint: Any, request: Any, model: Any, context: Any) -> Any:
        if not self.emulates_tokens or model.name != "TransactWriteItems":
            return _send(endpoint, request, model, context)
        token = json.loads(request.body)["ClientRequestToken"]
        if token not in self._made:
            answer = _send(endpoint, request, model, context)
            if answer[0] is None or answer[0][0].status_code != 200:
                return answer
            self._made[token] = answer
        return self._made[token]


def _call(request: Any, model: Any) -> Call:
    service = model.service_model.service_name
    body = json.loads(request.body) if service == "dynamodb" else {}
    return Call(service, model.name, body.get("TableName", ""))


_send: Any = Endpoint._do_get_response  # type: ignore[attr-defined]
_delay = ExponentialBackoff.delay_amount


def _refusal(endpoint: Any, request: Any, model: Any, status: int, code: str) -> Any:
    """As the service says it: in JSON, or in XML."""
    protocol = model.service_model.resolved_protocol
    body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "no"})
    if protocol == "query":
        body = (
            f"<ErrorResponse><Error><Type>Receiver</Type><Code>{code}</Code><Message>no</Message>"
            "</Error><RequestId>r</RequestId></ErrorResponse>"
        )
    headers: Any = {"x-amzn-errortype": code}
    answer = AWSResponse(request.url, status, headers, MockRawResponse(body))
    parser = endpoint._response_parser_factory.create_parser(protocol)
    return answer, parser.parse(convert_to_response_dict(answer, model), model.output_shape)


@contextmanager
def behind(network: Network, *, is_longest: bool = True) -> Iterator[Network]:
    """All of AWS, for a while. Nobody really sleeps; where chance decides how long, it is as long
    as it can be, unless told otherwise."""

    def carry(endpoint: Any, request: Any, model: Any, context: Any) -> Any:
        return network.carry(endpoint, request, model, context)

    def delay(backoff: Any, context: Any) -> float:
        if is_longest:
            backoff._random = lambda: 1.0
        return float(_delay(backoff, context))

    uniform = random.uniform
    with (
        patch.object(Endpoint, "_do_get_response", carry),
        patch.object(ExponentialBackoff, "delay_amount", delay),
        # As in an execution environment that meets its first fault.
        patch.object(RetryQuota, "acquire", lambda *_: True),
        patch.object(random, "uniform", (lambda _, most: most) if is_longest else uniform),
        patch.object(time, "sleep", network.pause),
    ):
        yield network
