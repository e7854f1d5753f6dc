"""Requests of one key as the access log records them, for tests and benches of alerts."""

from __future__ import annotations

import itertools
from typing import Any

from jmpy.activity.access_log_line import LoggedRequest

START = 1_800_003_600
"""The beginning of an hour; seconds since the Unix epoch."""

_numbers = itertools.count()

_REQUEST: dict[str, Any] = {
    "account_id": "acme",
    "key_id": "key-1",
    "credential": "bearer",
    "method": "GET",
    "route": "/api/v1/short-urls",
    "status": 200,
    "ip": "192.0.2.1",
    "user_agent": "curl/8",
    "reason": "-",
    "request_id": "request-1",
    "milliseconds": 12,
}


def request(at: float, **changes: Any) -> LoggedRequest:
    """One that is like no other."""
    return LoggedRequest(
        id=f"r-{next(_numbers)}", at_milliseconds=int(at * 1000), **{**_REQUEST, **changes}
    )


def denied(at: float, reason: str, **changes: Any) -> LoggedRequest:
    """By the authorizer."""
    return request(at, credential="-", reason=reason, status=401, **changes)


def hourly(start: float, hours: int, per_hour: int, **changes: Any) -> list[LoggedRequest]:
    return [
        request(start + hour * 3600 + n * 3600 // per_hour, **changes)
        for hour in range(hours)
        for n in range(per_hour)
    ]
