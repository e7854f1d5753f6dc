"""Import gateway responses and the API key source of a REST API's body.

MiniStack ignores the extensions `x-amazon-apigateway-gateway-responses` and
`x-amazon-apigateway-api-key-source`. On AWS both are part of an API's definition (API Gateway
developer guide, "OpenAPI extensions for API Gateway"), and CloudFormation's `ApiKeySourceType`
applies from the creation on. It must never silently accept an invalid definition: then the stack
has to fail, as on AWS.

Tests: tests/emulator/test_gaps.py.
"""

from http import HTTPStatus
from typing import Any

from ministack.services import apigateway_v1 as apigw
from ministack.services.cloudformation import provisioners

REST_API = "AWS::ApiGateway::RestApi"
_GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
_API_KEY_SOURCE = "x-amazon-apigateway-api-key-source"


def apply() -> None:
    """Complete the import of a body and the creation through CloudFormation."""
    import_body = apigw._import_rest_api
    handlers = provisioners._RESOURCE_HANDLERS[REST_API]
    create = handlers["create"]

    def import_rest_api(spec: dict[str, Any], base: dict[str, Any] | None = None) -> str:
        api_id: str = import_body(spec, base)
        if _API_KEY_SOURCE in spec:
            apigw._rest_apis[api_id]["apiKeySource"] = spec[_API_KEY_SOURCE]
        # Part of the import, so that the deployment's copy of the responses has them.
        for response_type, response in (spec.get(_GATEWAY_RESPONSES) or {}).items():
            _put(api_id, response_type, response)
        return api_id

    def create_rest_api(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        api_id, attributes = create(logical_id, props, stack_name)
        if source := props.get("ApiKeySourceType"):
            apigw._rest_apis[api_id]["apiKeySource"] = source
        return api_id, attributes

    apigw._import_rest_api = import_rest_api
    handlers["create"] = create_rest_api


def _put(api_id: str, response_type: str, response: dict[str, Any]) -> None:
    status, _headers, body = apigw._put_gateway_response(api_id, response_type, response)
    if status >= HTTPStatus.BAD_REQUEST:
        raise ValueError(f"gateway response {response_type} of the body is invalid: {body!r}")
