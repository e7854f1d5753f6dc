"""Update a changed OpenAPI body of a REST API in place.

MiniStack replaces the API, so its id, and with it its URL and its usage plans' associations,
changes. On AWS a change of `Body` needs no replacement (CloudFormation user guide,
"AWS::ApiGateway::RestApi"); the definition is overwritten (API Gateway API reference,
"PutRestApi").
It must never touch what does not belong to the definition: id, stages, deployments, usage plans.

Tests: tests/emulator/test_gaps.py.
"""

from typing import Any

from ministack.services import apigateway_v1 as apigw
from ministack.services.cloudformation import provisioners

from local.emulator.adapters.gateway_body import REST_API


def apply() -> None:
    """Overwrite the definition when CloudFormation updates the body."""
    handlers = provisioners._RESOURCE_HANDLERS[REST_API]
    update = handlers["update"]

    def update_rest_api(api_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
        body = new.get("Body")
        if body != old.get("Body") and isinstance(body, dict):
            _overwrite(api_id, body, new)
            old = {**old, "Body": body}
        return update(api_id, old, new, *rest)

    handlers["update"] = update_rest_api


def _overwrite(api_id: str, body: dict[str, Any], props: dict[str, Any]) -> None:
    # Imported beside the API and moved over: without the API's tags, which may fix the id.
    imported_id = apigw._import_rest_api(body)
    imported, api = apigw._rest_apis[imported_id], apigw._rest_apis[api_id]
    for part in (
        apigw._authorizers_v1,
        apigw._models,
        apigw._gateway_responses,
        apigw._resources,
    ):
        part[api_id] = part[imported_id]
    api["version"] = imported["version"]
    api["apiKeySource"] = props.get("ApiKeySourceType") or imported["apiKeySource"]
    if not props.get("Name"):
        api["name"] = imported["name"]
    apigw._delete_rest_api(imported_id)
