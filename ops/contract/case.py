"""What a case of the contract consists of: requests, and the response that each must have.

Text in braces, such as `{link.id}`, stands for a value of an earlier step or of the run
(ops/contract/run.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from typing import Any

from jmpy.access.permission import Permission
from ops.contract.matching import ANYTHING
from ops.smoke.assertions import SHORT_URLS

EVERY = frozenset(str(permission) for permission in Permission)
ACCOUNTS = ("main", "other", "lists")
"""Of a run: one for most cases, a stranger to it, and one that has no links between cases."""
JSON = {"Content-Type": "application/json"}


class Place(Enum):
    """Where requests are sent."""

    IN_PROCESS = "handlers in this process"
    LOCAL = "the gateway of the local stack"
    DEPLOYED = "a stack on AWS"


EVERYWHERE = frozenset(Place)
OVER_HTTP = EVERYWHERE - {Place.IN_PROCESS}
BEFORE_AWS = EVERYWHERE - {Place.DEPLOYED}


@dataclass(frozen=True)
class Key:
    """An API key with exactly these permissions, of one of the run's accounts."""

    permissions: frozenset[str] = EVERY
    account: str = ACCOUNTS[0]


@dataclass(frozen=True)
class Response:
    status: Any
    _: KW_ONLY
    data: Any = ANYTHING
    """Of a success."""
    code: Any = ""
    """Of an error; a success has none."""
    field: str | None = None
    """That an error names among those at fault."""
    reason: Any = ANYTHING
    """Of the error of that field."""
    details: Any = ANYTHING
    body: Any = ANYTHING
    """All of it."""
    headers: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """By lower-case name; None for one that is absent."""
    is_json: bool = True
    """Whether it has the envelope, and the headers that every response of the API has."""


@dataclass(frozen=True)
class Step:
    request: Request
    response: Response
    name: str = ""
    """For later steps, of the response's data."""
    eventually: bool = False
    """Whether the response may be another one at first."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str = SHORT_URLS
    _: KW_ONLY
    key: Key | None = Key()
    """None: the request carries no credential, or the headers' or query's own."""
    query: Any = None
    headers: Any = None
    """By name; or a list, if one of them is repeated."""
    json: Any = None
    content: bytes | None = None
    form: Any = None
    files: Any = None

    def returns(
        self, data: Any = ANYTHING, status: int = 200, *, name: str = "", eventually: bool = False,
        **expected: Any,
    ) -> Step:  # fmt: skip
        """`expected` as in Response."""
        return Step(self, Response(status, data=data, **expected), name, eventually)

    def creates(self, data: Any = ANYTHING, *, name: str = "", **expected: Any) -> Step:
        return self.returns(data, 201, name=name, **expected)

    def fails(
        self,
        status: Any,
        code: Any,
        field: str | None = None,
        *,
        eventually: bool = False,
        **expected: Any,
    ) -> Step:
        return Step(
            self, Response(status, code=code, field=field, **expected), eventually=eventually
        )

    def redirects(self, status: int, location: str, *, eventually: bool = False) -> Step:
        expected = {"location": location, "x-request-id": ANYTHING}
        return Step(self, Response(status, headers=expected, is_json=False), eventually=eventually)


@dataclass(frozen=True)
class Case:
    """What clients are promised, and the steps that show it."""

    promise: str
    steps: tuple[Step, ...]
    _: KW_ONLY
    places: frozenset[Place] = EVERYWHERE
    needs_query_key: bool = False
    """Whether a key is sent in the query string, from which an edge in front may remove it."""


def case(promise: str, *steps: Step, **options: Any) -> Case:
    return Case(promise, steps, **options)


def get(path: str = "", **options: Any) -> Request:
    return request("GET", path, **options)


def post(json: Any = None, path: str = "", **options: Any) -> Request:
    return request("POST", path, json=json, **options)


def put(path: str, json: Any = None, **options: Any) -> Request:
    return request("PUT", path, json=json, **options)


def patch(path: str, json: Any = None, **options: Any) -> Request:
    return request("PATCH", path, json=json, **options)


def delete(path: str, **options: Any) -> Request:
    return request("DELETE", path, **options)


def request(method: str, path: str = "", **options: Any) -> Request:
    """To short URLs; `path` is what follows their own."""
    return Request(method, f"{SHORT_URLS}{path}", **options)


def visit(code: str) -> Request:
    """By a browser's user, who has no key."""
    return Request("GET", f"/{code}", key=None, headers={"Accept": "application/json"})
