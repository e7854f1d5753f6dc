"""What can be wrong with a request to AWS."""

from __future__ import annotations

from typing import Any


class AwsError(Exception):
    """Either of the two."""


class AwsUnavailable(AwsError):
    """No answer after every attempt; the message says what the last one ended in."""


class AwsRejected(AwsError):
    """AWS answered with an error that another attempt would not mend; the message is its code,
    such as `AccessDeniedException`, and `response` the answer."""

    def __init__(self, code: str, response: dict[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.response = response
