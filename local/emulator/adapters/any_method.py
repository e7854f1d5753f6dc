"""Import the method ANY of an OpenAPI body.

MiniStack skips `x-amazon-apigateway-any-method`, so that a catch-all route does not exist. On AWS
it defines the method ANY (API Gateway developer guide, "x-amazon-apigateway-any-method object").
It must never shadow a method that the path also defines: those are imported as they are, and
MiniStack prefers them.
"""

from typing import Any

from ministack.services import apigateway_v1 as apigw

_EXTENSION = "x-amazon-apigateway-any-method"


def apply() -> None:
    """Import the extension as the method it stands for."""
    import_path_item = apigw._import_path_item
    apigw._OPENAPI_HTTP_METHODS.add("any")

    def import_with_any(api_id: str, path: str, item: dict[str, Any], *rest: Any) -> None:
        renamed = {"any" if name == _EXTENSION else name: value for name, value in item.items()}
        import_path_item(api_id, path, renamed, *rest)

    apigw._import_path_item = import_with_any
