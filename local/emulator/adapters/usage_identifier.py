"""Take a request's usage-plan key from its Lambda authorizer where the API says so.

MiniStack supports the `x-api-key` header only. With the API key source AUTHORIZER, AWS uses the
authorizer's `usageIdentifierKey` and ignores the header (API Gateway developer guide, "Choose an
API key source in API Gateway"). It must never fall back to the header: that would let a caller
choose the usage plan.

Tests: tests/emulator/test_gap_usage_identifier.py.
"""

from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import current


def apply() -> None:
    """Read the usage plan key from the API's key source."""
    from_header = apigw._api_key_from_request

    def api_key_from_request(headers: dict[str, Any]) -> str:
        running = current.get()
        api = apigw._rest_apis.get(running.api_id) if running else None
        if running is None or not api or api.get("apiKeySource") != "AUTHORIZER":
            return str(from_header(headers))
        return running.usage_identifier_key or ""

    apigw._api_key_from_request = api_key_from_request
