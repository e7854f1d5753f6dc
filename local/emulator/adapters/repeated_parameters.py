"""Give functions and authorizers the last value of a repeated query parameter.

MiniStack puts the first into `queryStringParameters`, AWS the last; all of them are in
`multiValueQueryStringParameters` (recorded by LocalStack's `test_lambda_aws_proxy_integration`). It
must never change the map of all values.

Tests: tests/emulator/test_gap_repeated_parameters.py.
"""

from typing import Any

from ministack.services import apigateway_v1 as apigw


def apply() -> None:
    build, authorize = apigw._build_lambda_event_v1, apigw._invoke_authorizer_lambda

    def build_event(*arguments: Any, **named: Any) -> dict[str, Any]:
        event: dict[str, Any] = build(*arguments, **named)
        _use_last(event)
        return event

    async def invoke_authorizer(authorizer: Any, event: dict[str, Any], *rest: Any) -> Any:
        _use_last(event)
        return await authorize(authorizer, event, *rest)

    apigw._build_lambda_event_v1 = build_event
    apigw._invoke_authorizer_lambda = invoke_authorizer


def _use_last(event: dict[str, Any]) -> None:
    """A TOKEN authorizer's event has no parameters."""
    if values := event.get("multiValueQueryStringParameters"):
        event["queryStringParameters"] = {name: found[-1] for name, found in values.items()}
