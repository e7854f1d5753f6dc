"""Import the method ANY of an OpenAPI body, and serve the seven methods that it stands for.

MiniStack skips `x-amazon-apigateway-any-method`, so that a catch-all route does not exist. On AWS
it defines the method ANY (API Gateway developer guide, "x-amazon-apigateway-any-method object"),
which is DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT ("Set up a method using the API Gateway
console"): a request with any other verb has no route. MiniStack's ANY is every verb. It must never
shadow a method that the path also defines: those are imported as they are, and MiniStack prefers
them.

Tests: tests/emulator/test_gaps.py.
"""

from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import current

_EXTENSION = "x-amazon-apigateway-any-method"
_METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}


def apply() -> None:
    """Import the extension as the method it stands for, and route no other verb."""
    import_path_item, match = apigw._import_path_item, apigw._match_resource_tree
    apigw._OPENAPI_HTTP_METHODS.add("any")

    def import_with_any(api_id: str, path: str, item: dict[str, Any], *rest: Any) -> None:
        renamed = {"any" if name == _EXTENSION else name: value for name, value in item.items()}
        import_path_item(api_id, path, renamed, *rest)

    def match_resource_tree(api_id: str, segments: list[str]) -> Any:
        execution = current.get()
        if execution is not None and execution.method not in _METHODS:
            return None, {}
        return match(api_id, segments)

    apigw._import_path_item = import_with_any
    apigw._match_resource_tree = match_resource_tree
