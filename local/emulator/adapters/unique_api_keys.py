"""Create no second API key with the value of another.

MiniStack creates it. AWS responds with ConflictException, "API Key already exists" (CreateApiKey,
API Gateway API reference; reports such as rrahul963/serverless-add-api-key#27), from which the
product learns that a key exists without listing those of the AWS account. It must never compare
anything but values.

Tests: tests/emulator/test_gap_unique_api_keys.py.
"""

from typing import Any

from ministack.services import apigateway_v1 as apigw


def apply() -> None:
    """Check the existing values before a key is created."""
    original = apigw._create_api_key

    def create(data: dict[str, Any]) -> Any:
        value = data.get("value")
        if value is not None and any(key["value"] == value for key in apigw._api_keys.values()):
            return apigw._v1_error("ConflictException", "API Key already exists", 409)
        return original(data)

    apigw._create_api_key = create
