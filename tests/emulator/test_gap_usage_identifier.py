"""MiniStack takes the usage-plan key from a header only: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest

from tests.emulator.gap_stack import Stack, client, deploy

BURST = 2


def test_key_of_the_authorizer_bare_emulator_lacks_it(bare: Stack) -> None:
    assert bare.get_allowed().status == HTTPStatus.FORBIDDEN


def test_key_of_the_authorizer_adapted(adapted: Stack) -> None:
    assert adapted.get_allowed().status == HTTPStatus.OK


def test_header_without_effect_bare_emulator_lacks_it(bare: Stack) -> None:
    response = bare.get("/planned", Authorization="Allow", x_api_key=bare.plan_key)
    assert response.status == HTTPStatus.OK


@pytest.mark.parametrize("key", ["", " unknown-key"])
def test_header_without_effect_adapted(adapted: Stack, key: str) -> None:
    response = adapted.get("/planned", Authorization=f"Allow{key}", x_api_key=adapted.plan_key)
    assert response.status == HTTPStatus.FORBIDDEN
    assert adapted.logged(response)["error"] == "INVALID_API_KEY"


def test_open_method_is_outside_the_plan_adapted(adapted: Stack) -> None:
    responses = [adapted.get("/open", x_api_key=adapted.plan_key) for _ in range(BURST + 1)]
    assert {response.status for response in responses} == {HTTPStatus.OK}


@pytest.fixture
def never_refilled(adapted: Stack) -> Iterator[None]:
    """The usage plan grants no further request for hours, once its burst is consumed."""
    gateway = client("apigateway", adapted)
    (plan,) = [
        one
        for one in gateway.get_usage_plans()["items"]
        if one.get("throttle") and one["apiStages"][0]["apiId"] == adapted.api_id
    ]

    def set_rate(value: float) -> None:
        gateway.update_usage_plan(
            usagePlanId=plan["id"],
            patchOperations=[{"op": "replace", "path": "/throttle/rateLimit", "value": str(value)}],
        )

    set_rate(0.0001)
    yield
    set_rate(plan["throttle"]["rateLimit"])


def test_throttling_adapted(adapted: Stack, never_refilled: None) -> None:
    for _ in range(BURST + 1):
        throttled = adapted.get("/planned", Authorization=f"Allow {adapted.plan_key}")
    assert throttled.status == HTTPStatus.TOO_MANY_REQUESTS
    assert adapted.logged(throttled)["error"] == "THROTTLED"


def test_concurrent_requests_keep_their_keys_adapted(adapted: Stack) -> None:
    sent = [f"Allow {key}" for key in [adapted.plan_key, ""] * 4]
    with ThreadPoolExecutor(len(sent)) as pool:
        responses = list(pool.map(lambda value: adapted.get("/planned", Authorization=value), sent))
    with_key = {response.status for response in responses[::2]}
    assert with_key <= {HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS}
    assert {response.status for response in responses[1::2]} == {HTTPStatus.FORBIDDEN}


def test_cached_output_adapted(adapted: Stack) -> None:
    stack = deploy(adapted, "cached", "first")
    apigateway = client("apigateway", stack)
    (authorizer,) = apigateway.get_authorizers(restApiId=stack.api_id)["items"]
    changed = {
        "/authorizerResultTtlInSeconds": "300",
        "/identitySource": "method.request.header.Authorization",
    }
    apigateway.update_authorizer(
        restApiId=stack.api_id,
        authorizerId=authorizer["id"],
        patchOperations=[{"op": "replace", "path": k, "value": v} for k, v in changed.items()],
    )
    invoked, cached = stack.get_allowed(), stack.get_allowed()
    assert (invoked.status, cached.status) == (HTTPStatus.OK, HTTPStatus.OK)
    assert (
        cached.json["requestContext"]["authorizer"]["seen"]
        == invoked.request_id
        != cached.request_id
    )
    assert stack.logged(cached)["caller"] == "caller-1"


LONG = "/planned/" + "x" * 600


def test_a_long_resource_bare_emulator_lacks_it(bare: Stack) -> None:
    response = bare.get(LONG, Authorization="Allow", x_api_key=bare.plan_key)
    assert response.status == HTTPStatus.OK


def test_a_long_resource_adapted(adapted: Stack) -> None:
    response = adapted.get(LONG, Authorization=f"Allow {adapted.plan_key}")
    assert response.status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert adapted.logged(response)["error"] == "AUTHORIZER_CONFIGURATION_ERROR"


def test_another_spelling_of_unauthorized_bare_emulator_lacks_it(bare: Stack) -> None:
    response = bare.get("/planned", Authorization="Fail unauthorized")
    assert response.status == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Unauthorized", "UNAUTHORIZED"),
        ("unauthorized", "AUTHORIZER_FAILURE"),
        ("Unauthorized.", "AUTHORIZER_FAILURE"),
    ],
)
def test_another_spelling_of_unauthorized_adapted(adapted: Stack, message: str, error: str) -> None:
    response = adapted.get("/planned", Authorization=f"Fail {message}")
    assert adapted.logged(response)["error"] == error
