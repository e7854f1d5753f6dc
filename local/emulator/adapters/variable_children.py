"""Reject an OpenAPI body with a resource that has two variable children.

MiniStack imports it, and routes to the first. On AWS `/{id}` beside `/{proxy+}` fails the import,
and so the stack (recorded by LocalStack's `test_create_proxy_resource_validation`). It must never
leave anything of a rejected body behind.

Tests: tests/emulator/test_gap_variable_children.py.
"""

from typing import Any

from ministack.services import apigateway_v1 as apigw


def apply() -> None:
    import_body = apigw._import_rest_api

    def import_rest_api(spec: dict[str, Any], base: dict[str, Any] | None = None) -> str:
        api_id: str = import_body(spec, base)
        variables: dict[str, str] = {}
        for resource in apigw._resources[api_id].values():
            part = resource.get("pathPart", "")
            if not part.startswith("{"):
                continue
            other = variables.setdefault(resource["parentId"], part)
            if other != part:
                apigw._delete_rest_api(api_id)
                raise ValueError(
                    f"Unable to create resource at path '{resource['path']}': A sibling ({other})"
                    " of this resource already has a variable path part -- only one is allowed"
                )
        return api_id

    apigw._import_rest_api = import_rest_api
