"""Read the Authorization header of a request without a route as a signature.

MiniStack ignores the header. API Gateway takes a request to no method of the API for one that AWS
signed: an Authorization header in another form is rejected with `DEFAULT_4XX`, and only without
one is the response `MISSING_AUTHENTICATION_TOKEN` (access logs quoted in DataBiosphere/azul#7470).
It must never apply to a request that a method of the API serves.

Tests: tests/emulator/test_gap_unknown_route.py.
"""

from typing import Any

from ministack.core import sigv4
from ministack.services import apigateway_v1 as apigw


def apply() -> None:
    execute = apigw._execute_in_scope

    async def execute_or_reject(request: dict[str, Any], *rest: Any) -> Any:
        outcome = await execute(request, *rest)
        is_unknown = (
            isinstance(outcome, apigw._GatewayError)
            and outcome.response_type == "MISSING_AUTHENTICATION_TOKEN"
            and not request["resource_path"]
        )
        if is_unknown and request["headers"].get("authorization"):
            return _rejection(request["headers"]) or outcome
        return outcome

    apigw._execute_in_scope = execute_or_reject


def _rejection(headers: dict[str, Any]) -> Any:
    if (failure := sigv4.foreign_authorization_failure(headers)) is None:
        return None
    code, message = failure
    # All failures of a header's form are of this type.
    response_type, error_type = apigw._AUTHENTICATION_GATEWAY_ERRORS[code]
    return apigw._GatewayError(response_type, message, error_type)
