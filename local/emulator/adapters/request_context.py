"""Follow one REST API request through MiniStack, under one request id.

MiniStack draws separate ids for the function's event, for gateway responses and for the response
header, and its request context lacks fields. On AWS there is one id per request, equal to
`$context.requestId` (API Gateway developer guide, "Variables for data transformations for API
Gateway"), and `requestContext` carries it ("Lambda proxy integrations in API Gateway"). It must
never change what MiniStack decides.

Tests: tests/emulator/test_gaps.py.
"""

import time
from collections.abc import Callable
from typing import Any

from ministack.core import responses
from ministack.services import apigateway_v1 as apigw

from local.emulator import public_address
from local.emulator.execution import Execution, Response, current

_observers: list[Callable[[Execution, Response], None]] = []


def on_response(observer: Callable[[Execution, Response], None]) -> None:
    """Call `observer` after every executed request, denied ones included."""
    _observers.append(observer)


def apply() -> None:
    """Give every REST API request an `Execution`."""
    _follow_requests()
    _note_errors()
    _complete_events()


def _follow_requests() -> None:
    original = apigw._handle_execute_in_scope

    async def handle(
        api_id: str, stage: str, method: str, path: str, headers: dict[str, Any], *rest: Any
    ) -> Response:
        execution = Execution(
            api_id=api_id,
            stage_name=stage,
            method=method,
            path=path,
            base_path="" if public_address.sent_host.get() is not None else f"/{stage}",
            host=apigw._header_ci(headers, "host").rsplit(":", 1)[0],
            user_agent=apigw._header_ci(headers, "user-agent"),
            source_ip=responses.get_request_client_ip(),
        )
        token = current.set(execution)
        try:
            status, completed, body = await original(api_id, stage, method, path, headers, *rest)
        finally:
            current.reset(token)
        response = (status, {**completed, "x-amzn-requestid": execution.request_id}, body)
        for observer in _observers:
            observer(execution, response)
        return response

    apigw._handle_execute_in_scope = handle


def _note_errors() -> None:
    original = apigw._execute_in_scope

    async def execute(request: dict[str, Any], *rest: Any) -> Any:
        execution = current.get()
        if execution is None:
            return await original(request, *rest)
        request["request_id"] = execution.request_id
        deployed = apigw._stages_v1.get(execution.api_id, {}).get(execution.stage_name) or {}
        execution.deployment_id = deployed.get("deploymentId")
        outcome = await original(request, *rest)
        execution.resource_path = request["resource_path"] or None
        if isinstance(outcome, apigw._GatewayError):
            execution.error_type = outcome.response_type
            execution.error_message = outcome.message
        return outcome

    apigw._execute_in_scope = execute


def _complete_events() -> None:
    build, call, authorize = (
        apigw._build_lambda_event_v1,
        apigw._call_lambda_raw,
        apigw._invoke_authorizer_lambda,
    )

    def build_event(*arguments: Any, **named: Any) -> dict[str, Any]:
        event: dict[str, Any] = build(*arguments, **named)
        if (execution := current.get()) is not None:
            execution.complete(event["requestContext"])
        event.pop("version", None)  # Only an HTTP API's event has one.
        return event

    async def call_lambda(*arguments: Any, **named: Any) -> Any:
        before = time.monotonic()
        outcome = await call(*arguments, **named)
        if (execution := current.get()) is not None:
            execution.integration_latency_ms = round((time.monotonic() - before) * 1000)
        return outcome

    async def invoke_authorizer(authorizer: Any, event: dict[str, Any], *rest: Any) -> Any:
        # Only a REQUEST authorizer's event has a request context (API Gateway developer guide,
        # "Input to an API Gateway Lambda authorizer").
        if (execution := current.get()) is not None and "requestContext" in event:
            execution.complete(event["requestContext"])
        return await authorize(authorizer, event, *rest)

    apigw._build_lambda_event_v1 = build_event
    apigw._call_lambda_raw = call_lambda
    apigw._invoke_authorizer_lambda = invoke_authorizer
