"""A deployed stack of template.yaml, and how to talk to it: requests as they are written, without
a client that tidies their paths, and the AWS services behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import urllib3
from urllib3.connectionpool import HTTPConnectionPool, connection_from_url

from ops import deployment

TEMPLATE = Path(__file__).with_name("template.yaml")
STAGE = "test"
_TIMEOUT = 40.0
"""Seconds: longer than API Gateway waits for a function."""


class OtherStack(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is no stack of ops/conformance/template.yaml")


@dataclass(frozen=True)
class Response:
    status: int
    headers: urllib3.HTTPHeaderDict
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def request_id(self) -> str:
        return self.headers["x-amzn-requestid"]


@dataclass(frozen=True)
class Target:
    name: str
    outputs: Mapping[str, str]
    session: boto3.Session
    endpoint: str | None
    """The emulator's address; None on AWS."""

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]  # the stubs list names, not str

    def send(
        self,
        method: str,
        path: str,
        headers: Iterable[tuple[str, str]] = (),
        body: str | None = None,
    ) -> Response:
        """`path` as it is to be sent, with its query string, after the stage."""
        response = self._pool.urlopen(
            method,
            f"{self._prefix}{path}",
            body=body.encode() if body is not None else None,
            headers=urllib3.HTTPHeaderDict(list(headers)),
            retries=False,
            redirect=False,
            timeout=_TIMEOUT,
        )
        return Response(response.status, response.headers, response.data.decode())

    @cached_property
    def plan_key(self) -> str:
        """The key of a usage plan of one request a second, and two at once."""
        return self._key("PlanKeyId")

    @cached_property
    def ample_key(self) -> str:
        """The key of a usage plan without limits."""
        return self._key("AmpleKeyId")

    def log_lines(self) -> list[dict[str, Any]]:
        """Of the access log, as far as they have arrived; those that are no JSON are left out."""
        pages = self.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=self.outputs["LogGroup"])
        return [
            line
            for page in found
            for event in page["events"]
            if (line := _object(event["message"])) is not None
        ]

    @cached_property
    def _pool(self) -> HTTPConnectionPool:
        return connection_from_url(self.endpoint or self.outputs["Url"])

    @property
    def _prefix(self) -> str:
        if self.endpoint is None:
            return f"/{STAGE}"
        return f"/restapis/{self.outputs['ApiId']}/{STAGE}/_user_request_"

    def _key(self, output: str) -> str:
        found = self.client("apigateway").get_api_key(
            apiKey=self.outputs[output], includeValue=True
        )
        return str(found["value"])


def find(name: str, session: boto3.Session, endpoint: str | None = None) -> Target:
    """Raises StackNotFound, OtherStack."""
    found = deployment.find(name, session, endpoint)
    if "AmpleKeyId" not in found.outputs:
        raise OtherStack(name)
    return Target(name, found.outputs, session, endpoint)


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
