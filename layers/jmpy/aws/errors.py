"""Errors of requests to AWS."""

from __future__ import annotations

from typing import Any


class AwsError(Exception):
    """Either of the two."""


class AwsUnavailable(AwsError):
    """No response after every attempt; the message names the last failure."""


class AwsRejected(AwsError):
    """AWS responded with an error that another attempt would not change; the message is its code,
    such as `AccessDeniedException`, and `response` the response."""

    def __init__(self, code: str, response: dict[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.response = response
