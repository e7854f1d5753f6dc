"""Send the failure of a function through the gateway responses.

MiniStack responds to the request of a function that fails with a bare 502 and the function's own
error, to a throttled one with 429, and knows neither Lambda's limit on the size of a response nor
the timeout of an integration. On AWS the response is `INTEGRATION_FAILURE`, or
`INTEGRATION_TIMEOUT`, without a word of the function's; its error is in the access log only (API
Gateway developer guide, "Gateway response types for API Gateway"; access logs quoted in
DataBiosphere/azul#6624, #7466, #7470, #8258). It must never change what a function returned.

Tests: tests/emulator/test_gap_integration_failure.py.
"""

import asyncio
import json
from http import HTTPStatus
from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import Response, current

LARGEST = 6_291_556
"""Bytes of a function's response, as Lambda's own error says."""

_TYPE = "INTEGRATION_FAILURE"
_DEFAULT_TIMEOUT_MS = 29_000
_TOO_LARGE = f"Response payload size exceeded maximum allowed payload size ({LARGEST} bytes)."


class IntegrationError(Exception):
    """A function did not respond as an integration has to; `status` applies if the gateway
    response has none of its own."""

    def __init__(self, reason: str, status: HTTPStatus = HTTPStatus.BAD_GATEWAY) -> None:
        super().__init__(reason)
        self.status = status


class _Failure(apigw._GatewayError):  # type: ignore[misc]  # MiniStack has no types
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(_TYPE, "Internal server error")
        self.status = status


def apply() -> None:
    """Replace the responses to failed, throttled, slow and oversized invocations."""
    invoke, respond = apigw._invoke_lambda_proxy_v1, apigw._gateway_error_response
    shape = apigw._lambda_proxy_response

    async def invoke_proxy(integration: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        milliseconds = int(integration.get("timeoutInMillis") or _DEFAULT_TIMEOUT_MS)
        try:
            # Shielded: MiniStack waits for the end of an invocation that is cancelled, and on AWS
            # the function goes on.
            return await asyncio.wait_for(
                asyncio.shield(invoke(integration, *arguments, **named)), milliseconds / 1000
            )
        except TimeoutError:
            return apigw._gw_error("INTEGRATION_TIMEOUT", "Endpoint request timed out")
        except IntegrationError as error:
            if (execution := current.get()) is not None:
                execution.integration_error = str(error)
            return _Failure(error.status)

    def lambda_proxy_response(result: dict[str, Any]) -> Any:
        _raise_failure(result)
        return shape(result)

    def gateway_error_response(error: Any, request: dict[str, Any]) -> Response:
        status, headers, body = respond(error, request)
        if isinstance(error, _Failure) and not _has_status(request):
            status = error.status
        return status, headers, body

    apigw._invoke_lambda_proxy_v1 = invoke_proxy
    apigw._lambda_proxy_response = lambda_proxy_response
    apigw._gateway_error_response = gateway_error_response


def _raise_failure(result: dict[str, Any]) -> None:
    body = result.get("body")
    if result.get("throttle"):
        raise IntegrationError("Rate Exceeded.", HTTPStatus.INTERNAL_SERVER_ERROR)
    if result.get("error"):
        message = body.get("errorMessage", "") if isinstance(body, dict) else body
        raise IntegrationError(f"Lambda Customer Function Error:{message}")
    if len(json.dumps(body, ensure_ascii=False).encode(errors="replace")) > LARGEST:
        raise IntegrationError(f"Lambda Customer Function Error:{_TOO_LARGE}")


def _has_status(request: dict[str, Any]) -> bool:
    """Whether the deployed API sets the status of this gateway response."""
    deployments = apigw._deployed_gateway_responses.get(request["api_id"], {})
    responses = deployments.get(request["stage"].get("deploymentId")) or {}
    return "statusCode" in responses.get(_TYPE, {})
