"""Data about the REST API request that MiniStack is executing.

The adapters share it: one records, others read. It must never contain a query string, a body or
the value of a header that AWS does not list for the access log.
"""

import base64
import os
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Response = tuple[int, dict[str, Any], bytes]


@dataclass
class Execution:
    """One request, from its arrival to its response."""

    api_id: str
    stage_name: str
    method: str
    path: str
    host: str
    user_agent: str
    source_ip: str
    base_path: str
    """What precedes `path` in the request: the stage, or nothing at a custom domain."""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    extended_request_id: str = field(
        default_factory=lambda: base64.b64encode(os.urandom(11)).decode()
    )
    deployment_id: str | None = None
    started: float = field(default_factory=time.time)
    resource_path: str | None = None
    authorizer: Mapping[str, str] = field(default_factory=dict)
    usage_identifier_key: str | None = None
    error_type: str | None = None
    error_message: str | None = None
    integration_error: str | None = None
    integration_latency_ms: int | None = None

    @property
    def request_time(self) -> str:
        """The start in CLF, as `$context.requestTime` has it."""
        return datetime.fromtimestamp(self.started, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")

    def complete(self, request_context: dict[str, Any]) -> None:
        """Fill an event's `requestContext` as AWS does."""
        request_context |= {
            "requestId": self.request_id,
            "extendedRequestId": self.extended_request_id,
            "deploymentId": self.deployment_id,
            "requestTime": self.request_time,
            "requestTimeEpoch": int(self.started * 1000),
            "path": f"{self.base_path}{self.path}",
            "protocol": "HTTP/1.1",
            "domainName": self.host,
            "domainPrefix": self.host.partition(".")[0],
        }
        # MiniStack believes the caller's X-Forwarded-For; AWS documents `identity.sourceIp` as
        # the address of the immediate TCP connection.
        request_context.setdefault("identity", {})["sourceIp"] = self.source_ip


# A context variable, because MiniStack executes requests concurrently in one event loop.
current: ContextVar[Execution | None] = ContextVar("execution", default=None)
