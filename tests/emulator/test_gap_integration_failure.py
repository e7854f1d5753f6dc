"""MiniStack sends a function's failure past the gateway responses: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from http import HTTPStatus
from urllib.parse import urlencode

import pytest

from tests.emulator.gap_stack import Response, Stack, client

TOO_LARGE = 6_291_556


def scripted(stack: Stack, **parameters: str | float) -> Response:
    return stack.get("/scripted", query=f"?{urlencode(parameters)}")


def test_a_failing_function_bare_emulator_lacks_it(bare: Stack) -> None:
    response = scripted(bare, error="a secret of the function")
    assert response.status == HTTPStatus.BAD_GATEWAY
    assert "a secret of the function" in response.text
    assert "x-request-id" not in response.headers


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"error": "a secret of the function"}, "a secret of the function"),
        ({"seconds": 5}, "Task timed out after 1.00 seconds"),
        (
            {"size": TOO_LARGE},
            "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        ),
    ],
)
def test_a_failing_function_adapted(
    adapted: Stack, parameters: dict[str, str | float], reason: str
) -> None:
    response = scripted(adapted, **parameters)
    # The status stays where the gateway response has none; its body and headers apply.
    assert response.status == HTTPStatus.BAD_GATEWAY
    assert response.json == {"fault": "Internal server error"}
    assert response.headers["x-request-id"] == response.request_id
    line = adapted.logged(response)
    assert (line["status"], line["error"]) == (HTTPStatus.BAD_GATEWAY, "INTEGRATION_FAILURE")
    assert line["message"] == "Internal server error"
    assert line["integration"] == f"Lambda Customer Function Error:{reason}"


def test_a_large_response_bare_emulator_lacks_it(bare: Stack) -> None:
    assert scripted(bare, size=TOO_LARGE).status == HTTPStatus.OK


def test_a_slow_integration_adapted(adapted: Stack) -> None:
    apigateway = client("apigateway", adapted)
    resources = apigateway.get_resources(restApiId=adapted.api_id)["items"]
    (resource,) = [resource for resource in resources if resource["path"] == "/scripted"]
    method = {"restApiId": adapted.api_id, "resourceId": resource["id"], "httpMethod": "GET"}

    def set_timeout(milliseconds: int) -> None:
        change = {"op": "replace", "path": "/timeoutInMillis", "value": str(milliseconds)}
        apigateway.update_integration(**method, patchOperations=[change])

    set_timeout(50)
    try:
        response = scripted(adapted, seconds=0.9)
    finally:
        set_timeout(29_000)
    assert response.status == HTTPStatus.GATEWAY_TIMEOUT
    assert response.json == {"fault": "Endpoint request timed out"}
    line = adapted.logged(response)
    assert (line["error"], line["message"]) == ("INTEGRATION_TIMEOUT", "Endpoint request timed out")
