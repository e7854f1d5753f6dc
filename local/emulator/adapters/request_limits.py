"""Reject requests that API Gateway would not forward: for their size, or for their path.

MiniStack has no limits. On AWS a request may have 10 MB, and its method ARN, which contains the
path, 1,600 bytes where a Lambda authorizer is asked; beyond that the responses are 413 and 414, and
no gateway response applies to them (API Gateway developer guide, "Quotas for configuring and
running a REST API", "Input to an API Gateway Lambda authorizer", "Amazon API Gateway important
notes"). No page gives their bodies. It must never reject what the product could.

Tests: tests/emulator/test_gap_request_limits.py.
"""

import json
from http import HTTPStatus
from typing import Any

from ministack.core.arn import execute_api_arn
from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import Response

LARGEST = 10 * 1024 * 1024
"""Bytes of a request's body."""

LONGEST = 1_600
"""Bytes of a method ARN."""


def apply() -> None:
    _limit_size()
    _limit_method_arn()


def _limit_size() -> None:
    execute = apigw._execute_in_scope

    async def execute_small(request: dict[str, Any], *arguments: Any) -> Any:
        *_, body, _query, _account, _region = arguments
        if len(body or b"") > LARGEST:
            return _rejection(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Too Long")
        return await execute(request, *arguments)

    apigw._execute_in_scope = execute_small


def _limit_method_arn() -> None:
    authorize = apigw._authorize_request_v1

    async def authorize_short(
        api_id: str, stage: str, resource_method: dict[str, Any], method: str, *rest: Any
    ) -> Any:
        path, *_, account, region = rest
        arn = execute_api_arn(region, account, api_id, stage, method, path)
        if resource_method.get("authorizationType") == "CUSTOM" and len(arn.encode()) > LONGEST:
            return _rejection(HTTPStatus.REQUEST_URI_TOO_LONG, "Request URI Too Long"), None
        return await authorize(api_id, stage, resource_method, method, *rest)

    apigw._authorize_request_v1 = authorize_short


def _rejection(status: HTTPStatus, message: str) -> Response:
    return status, {"Content-Type": "application/json"}, json.dumps({"message": message}).encode()
