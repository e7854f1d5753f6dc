"""Compress responses of a REST API that has a minimum compression size.

MiniStack stores `minimumCompressionSize` and compresses nothing. On AWS a response of that size
or more is compressed when the request's `Accept-Encoding` names a supported coding and the
response has no `Content-Encoding` of its own (API Gateway developer guide, "Receive an API
response with a compressed payload"). It must never compress a response for a client that did not
request it.

Tests: tests/emulator/test_gap_compression.py.
"""

import gzip
from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import Response

_GZIP = "gzip"


def apply() -> None:
    original = apigw._handle_execute_in_scope

    async def handle(
        api_id: str, stage: str, method: str, path: str, headers: dict[str, Any], *rest: Any
    ) -> Response:
        status, completed, body = await original(api_id, stage, method, path, headers, *rest)
        smallest = (apigw._rest_apis.get(api_id) or {}).get("minimumCompressionSize")
        accepted = apigw._header_ci(headers, "accept-encoding")
        if (
            smallest is None
            or len(body) < int(smallest)
            or apigw._header_ci(completed, "content-encoding")
            or not _is_accepted(accepted)
        ):
            return status, completed, body
        return status, {**completed, "Content-Encoding": _GZIP}, gzip.compress(body)

    apigw._handle_execute_in_scope = handle


def _is_accepted(accept_encoding: str) -> bool:
    """Whether gzip is named; on AWS an asterisk does not count as a name."""
    for coding in accept_encoding.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() == _GZIP:
            return weight.strip() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
