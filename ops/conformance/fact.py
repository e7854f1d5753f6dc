"""What a fact about AWS consists of: what is sent, what is expected, and how that is known.

Text in braces stands for a value of the run (ops/conformance/observation.py): `{run}` is new for
each fact, `{plan_key}` and `{ample_key}` are keys of usage plans, `{out.Table}` is an output of the
stack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import Any


class Certainty(StrEnum):
    RECORDED = "recorded"
    """By a test that ran on AWS and stored the response."""
    OBSERVED = "observed"
    """In output of AWS that others published."""
    DOCUMENTED = "documented"
    """By AWS; no record of it was found."""
    ASK_AWS = "ask AWS"
    """By nobody: the expectation is an assumption. What is seen is reported, and never fails."""


@dataclass(frozen=True)
class Source:
    certainty: Certainty
    title: str
    link: str
    recorded: str = ""
    """The day on which AWS responded like that, as far as it is known."""


@dataclass(frozen=True)
class Request:
    """One HTTP request to the stack's API. What is seen of its response: `status`, `headers` by
    lower-case name, `body`, parsed if it is JSON, and its line in the access log as `log`."""

    path: str
    _: KW_ONLY
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    times: int = 1
    """Sent up to so many times, until the response has the expected status."""
    pause: float = 0
    """Seconds between these times."""
    after: tuple[Request, ...] = ()
    """Sent before it."""


@dataclass(frozen=True)
class Call:
    """One call of an AWS service. What is seen is its response, or `error`, `message` and whatever
    else the error carries."""

    service: str
    operation: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Calls:
    """Calls one after the other. What is seen is the response to the last one."""

    calls: tuple[Call, ...]


@dataclass(frozen=True)
class AtOnce:
    """One call many times at the same time. What is seen: `outcomes`, each kind of response
    once."""

    call: Call
    times: int
    before: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A call whose failure ends in the stack's queue of failures. What is seen: `messages`, those
    that contain the mark, sorted."""

    call: Call
    messages: int = 1
    """To wait for."""
    mark: str = "{run}"


@dataclass(frozen=True)
class NewKey:
    """A key that is added to the usage plan without limits, used until it is known, and deleted.
    What is seen: `seconds` until it was known, `again`, the error of creating it once more, and
    `deleted`, the status that it gets after that. One key serves all facts."""


Probe = Request | Calls | AtOnce | Failure | NewKey


@dataclass(frozen=True)
class Fact:
    id: str
    statement: str
    """One sentence, in our own words."""
    probe: Probe
    expected: Mapping[str, Any]
    """A part of what is seen: in objects the fields that are named, None for one that is absent;
    lists as a whole; values of ops/contract/matching.py where several would do."""
    source: Source

    @property
    def may_fail(self) -> bool:
        """Whether another response than expected is a failure."""
        return self.source.certainty is not Certainty.ASK_AWS


def get(path: str, **headers: str) -> Request:
    return Request(path, headers=tuple((name.replace("_", "-"), v) for name, v in headers.items()))


def call(service: str, operation: str, **arguments: Any) -> Call:
    return Call(service, operation, arguments)


def calls(*each: Call) -> Calls:
    return Calls(each)
