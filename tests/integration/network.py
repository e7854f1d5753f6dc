"""The way from a function to AWS, with the faults that a test asks for.

Faults come in where a signed request is handed to the network and bytes are waited for: retries and
parsing are real, only the waiting is not, and takes as long as it can.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from unittest.mock import patch

from botocore.endpoint import Endpoint
from botocore.retries.quota import RetryQuota
from botocore.retries.standard import ExponentialBackoff

from jmpy.aws.client import SignedClient
from tests.integration.outgoing import Attempt, Call, SdkAttempt, SignedAttempt

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
    CONTENDED = "held by a transaction"
    CUT = "throttled in part"

    def meets(self, call: Call) -> bool:
        """Whether it is a fault that such a call can have."""
        match self:
            case Fault.LOST:
                # A read whose answer got lost is one that timed out.
                return call.is_write
            case Fault.CONTENDED:
                return call.meets_transactions
            case Fault.CUT:
                return call.has_parts
        return True


_AT_ONCE: dict[Fault | None, Callable[[Attempt], Any]] = {
    Fault.THROTTLED: lambda attempt: attempt.refused(400, "ThrottlingException"),
    Fault.FAILED: lambda attempt: attempt.refused(500, "InternalServerError"),
    Fault.RESET: lambda attempt: attempt.reset(),
    Fault.CONTENDED: lambda attempt: attempt.contended(),
    Fault.CUT: lambda attempt: attempt.cut(),
}


class Lasts(StrEnum):
    ONCE = "once"
    """One attempt: the next one is well."""
    CALL = "for the call"
    """All its attempts. Other calls are well, so that who goes on without this one is seen."""
    SERVICE = "for good"
    """From that call on, for every call of the service."""


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
    """By the id of the call, in order."""
    injected: int = 0
    waited: float = 0.0
    """Seconds that the faults took, and the pauses between attempts."""
    pauses: list[float] = field(default_factory=list)
    _made: dict[str, Any] = field(default_factory=dict)
    """Answers to transactions by their token."""

    @property
    def calls(self) -> list[Call]:
        return [sent.call for sent in self.sent.values()]

    def carry(self, attempt: Attempt) -> Any:
        """The answer to it."""
        known = self.sent.setdefault(attempt.id, Sent(attempt.call))
        known.attempts += 1
        if not self._is_hit(known):
            return self._through(attempt)
        self.injected += 1
        if self.fault in _AT_ONCE:
            return _AT_ONCE[self.fault](attempt)
        if self.fault is Fault.SLOW:
            self.waited += SLOW
            return self._through(attempt)
        if self.fault is Fault.LOST:
            self._through(attempt)
        self.waited += attempt.longest
        return attempt.timed_out()

    def lasts_beyond(self, call: Call) -> bool:
        """Whether the call that it meets first has it for good. What is throttled in part, or
        cancelled, is made again as another call."""
        if self.lasts is Lasts.CALL and self.fault in {Fault.CONTENDED, Fault.CUT}:
            return not call.has_parts
        return self.lasts is not Lasts.ONCE

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
        if known not in sent or not self.fault.meets(known.call):
            return False
        match self.lasts:
            case Lasts.ONCE:
                return known is first and known.attempts == 1
            case Lasts.CALL:
                return known is first
            case Lasts.SERVICE:
                is_later = sent.index(known) >= self.at
                return is_later and known.call.service == first.call.service

    def _through(self, attempt: Attempt) -> Any:
        if attempt.token is None or not self.emulates_tokens:
            return attempt.send()
        if attempt.token not in self._made:
            response = attempt.send()
            if not attempt.is_well(response):
                return response
            self._made[attempt.token] = response
        return self._made[attempt.token]


_delay = ExponentialBackoff.delay_amount
_post = SignedClient.post


@contextmanager
def behind(network: Network, *, is_longest: bool = True) -> Iterator[Network]:
    """All of AWS, for a while. Nobody really sleeps; where chance decides how long, it is as long
    as it can be, unless told otherwise."""

    def by_the_sdk(*sent: Any) -> Any:
        return network.carry(SdkAttempt(*sent))

    def signed(*sent: Any) -> Any:
        return network.carry(SignedAttempt(*sent))

    def post(client: Any, *sent: Any) -> Any:
        client.call_id = secrets.token_hex(8)
        return _post(client, *sent)

    def delay(backoff: Any, context: Any) -> float:
        if is_longest:
            backoff._random = lambda: 1.0
        return float(_delay(backoff, context))

    uniform = random.uniform
    with (
        patch.object(Endpoint, "_do_get_response", by_the_sdk),
        patch.object(SignedClient, "_exchange", signed),
        patch.object(SignedClient, "post", post),
        patch.object(ExponentialBackoff, "delay_amount", delay),
        # As in an execution environment that meets its first fault.
        patch.object(RetryQuota, "acquire", lambda *_: True),
        patch.object(random, "uniform", (lambda _, most: most) if is_longest else uniform),
        patch.object(time, "sleep", network.pause),
    ):
        yield network
