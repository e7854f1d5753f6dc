"""Gaps in how MiniStack defines an API: shown on the bare emulator, closed on the adapted one.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from http import HTTPStatus

import pytest

from tests.emulator.gap_stack import Stack, client, deploy


def _api_key_source(stack: Stack) -> str:
    api = client("apigateway", stack).get_rest_api(restApiId=stack.api_id)
    return str(api["apiKeySource"])


def test_gateway_responses_bare_emulator_lacks_it(bare: Stack) -> None:
    assert bare.get("/planned").json == {"message": "Unauthorized"}


def test_gateway_responses_adapted(adapted: Stack) -> None:
    response = adapted.get("/planned")
    assert response.status == HTTPStatus.UNAUTHORIZED
    assert response.json["refusal"] == "first"
    assert response.headers["X-Refusal"] == "custom"


def test_api_key_source_bare_emulator_lacks_it(bare: Stack) -> None:
    assert _api_key_source(bare) == "HEADER"


def test_api_key_source_adapted(adapted: Stack) -> None:
    assert _api_key_source(adapted) == "AUTHORIZER"


def test_body_update_bare_emulator_lacks_it(bare: Stack) -> None:
    before = deploy(bare, "replaced", "first")
    assert deploy(bare, "replaced", "second").api_id != before.api_id


def test_body_update_of_a_fixed_id_bare_emulator_lacks_it(bare: Stack) -> None:
    tags = {"ms-custom-id": "fixed"}
    assert deploy(bare, "fixed", "first", tags).api_id == "fixed"
    with pytest.raises(AssertionError, match="ROLLBACK"):
        deploy(bare, "fixed", "second", tags)


def test_body_update_adapted(adapted: Stack) -> None:
    tags = {"ms-custom-id": "fixed"}
    before = deploy(adapted, "fixed", "first", tags)
    assert before.api_id == "fixed"
    assert before.get_allowed().status == HTTPStatus.OK

    after = deploy(adapted, "fixed", "second", tags)

    assert after.api_id == "fixed"
    assert after.get("/planned").json["refusal"] == "second"
    # The usage plan still covers the API, and the stage still logs.
    response = after.get_allowed()
    assert response.status == HTTPStatus.OK
    assert after.logged(response)["status"] == HTTPStatus.OK
    # Nothing of the import is left over.
    apis = client("apigateway", after).get_rest_apis()["items"]
    assert len([api for api in apis if api["name"] == "fixed"]) == 1


def test_request_id_bare_emulator_lacks_it(bare: Stack) -> None:
    response = bare.get("/open")
    assert response.json["requestContext"]["requestId"] != response.request_id


def test_request_id_adapted(adapted: Stack) -> None:
    response = adapted.get_allowed()
    assert response.json["requestContext"]["requestId"] == response.request_id
    assert response.json["requestContext"]["authorizer"]["seen"] == response.request_id
    refused = adapted.get("/planned")
    assert refused.json["id"] == refused.request_id


def test_request_context_bare_emulator_lacks_it(bare: Stack) -> None:
    context = bare.get("/open", X_Forwarded_For="203.0.113.9").json["requestContext"]
    assert context["identity"]["sourceIp"] == "203.0.113.9"
    assert not context.keys() & {"domainName", "deploymentId"}


def test_request_context_adapted(adapted: Stack) -> None:
    event = adapted.get("/open", X_Forwarded_For="203.0.113.9").json
    context = event["requestContext"]
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["domainName"] == "127.0.0.1"
    stage = client("apigateway", adapted).get_stage(restApiId=adapted.api_id, stageName="test")
    assert context["deploymentId"] == stage["deploymentId"]
    assert context["extendedRequestId"] != context["requestId"]
    assert "version" not in event


def test_any_method_bare_emulator_lacks_it(bare: Stack) -> None:
    assert bare.get("/any").status == HTTPStatus.FORBIDDEN


def test_any_method_adapted(adapted: Stack) -> None:
    response = adapted.get("/any")
    assert response.status == HTTPStatus.OK
    assert response.json["requestContext"]["resourcePath"] == "/any"


@pytest.mark.parametrize("method", ["DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
def test_any_is_seven_methods_adapted(adapted: Stack, method: str) -> None:
    assert adapted.target.send(method, "/any").status == HTTPStatus.OK


@pytest.mark.parametrize("method", ["TRACE", "REPORT"])
def test_another_verb_has_no_route_adapted(adapted: Stack, method: str) -> None:
    response = adapted.target.send(method, "/any")
    assert response.status == HTTPStatus.FORBIDDEN
    assert adapted.logged(response)["error"] == "MISSING_AUTHENTICATION_TOKEN"
