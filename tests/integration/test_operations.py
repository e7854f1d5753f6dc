"""Every operation of the template is declared in code, with who may call it, and refuses others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.access.policy import KEYS_ONLY, SESSIONS_ONLY, Caller
from jmpy.http.operation import operation as declare
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.limits.plan import LimitClass
from project import functions, template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

OPERATIONS = functions.operations()
PERMISSIONS = ("read", "write", "delete", "analytics")
KEYS = ("bearer", "x-api-key", "query")
FORBIDDEN = {
    "success": False,
    "error": {
        "code": "FORBIDDEN",
        "message": "Your API key does not have permission to perform this action",
    },
}


def each(caller: Caller | None, *others: Caller) -> pytest.MarkDecorator:
    """Operations that declare that caller, or one of the others."""
    expected = [
        operation for operation in OPERATIONS if operation.access_policy.caller in (caller, *others)
    ]
    assert expected
    return pytest.mark.parametrize(
        "operation", expected, ids=lambda operation: f"{operation.method} {operation.path}"
    )


every_operation = each(None, *Caller)


def sent(operation: functions.Operation, authorizer: dict[str, str] | None) -> dict[str, Any]:
    path, parameters = functions.at(operation.path, "some-link")
    return functions.event(
        operation.method,
        path,
        resource=operation.path,
        parameters=parameters,
        body={} if operation.method in ("POST", "PUT", "PATCH") else None,
        authorizer=authorizer,
    )


def reported(response: Response) -> tuple[Any, Any]:
    """The body as the specification has it, and the details that it leaves room for."""
    details = response.body["error"].get("details")
    error = {name: value for name, value in response.body["error"].items() if name != "details"}
    return response.body | {"error": error}, details


def response_to(operation: functions.Operation, authorizer: dict[str, str] | None) -> Response:
    app = functions.load(functions.FOLDERS[operation.function])
    return functions.call(app.handler, sent(operation, authorizer))


def test_every_protected_route_of_the_template_has_operations_and_no_operation_is_lost() -> None:
    routes = {(event.function, event.path) for event in template.api_events() if not event.public}
    assert {(operation.function, operation.path) for operation in OPERATIONS} == routes
    assert all(event.method == "ANY" for event in template.api_events())


@each(None)
def test_an_operation_denies_a_request_without_its_permission(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    permission = operation.access_policy.permission
    assert permission is not None
    others = " ".join(name for name in PERMISSIONS if name != permission)
    for permissions in ("", others):
        response = response_to(operation, functions.authorizer_context(permissions))
        assert (response.status, *reported(response)) == (
            403,
            FORBIDDEN,
            {
                "required_permission": permission,
                "permissions": sorted(permissions.split()),
                "hint": f"The permission '{permission}' is missing ({permission.sentence}); add it "
                "to the key on the dashboard, or use another key",
            },
        )
    assert response_to(operation, functions.authorizer_context(permission)).status != 403


@each(Caller.SESSION)
@pytest.mark.parametrize("credential", KEYS)
def test_an_operation_for_sessions_denies_a_key_with_every_permission(
    dynamodb: DynamoDBClient, operation: functions.Operation, credential: str
) -> None:
    everything = functions.authorizer_context(" ".join(PERMISSIONS), credential=credential)
    response = response_to(operation, everything)
    body, details = reported(response)
    assert (response.status, body) == (403, FORBIDDEN)
    assert "No API key can do this" in details["hint"]


@each(None, Caller.SESSION)
def test_a_session_is_served_all_but_what_is_about_the_key_of_the_request(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    assert response_to(operation, functions.session_context()).status not in (401, 403)


@each(Caller.ANY_KEY)
def test_an_operation_for_any_key_serves_one_that_may_do_nothing_and_no_session(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    for credential in KEYS:
        nothing = functions.authorizer_context("", credential=credential)
        assert response_to(operation, nothing).status == 404  # this key is not in the table
    rejected = response_to(operation, functions.session_context())
    assert (rejected.status, rejected.code) == (400, "INVALID_REQUEST")
    assert "a session has none" in rejected.body["error"]["message"]


@each(Caller.ANY_KEY, Caller.SESSION)
def test_an_operation_about_keys_denies_a_short_lived_token(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    everything = functions.authorizer_context(" ".join(PERMISSIONS)) | {"token_id": "token-1"}
    response = response_to(operation, everything)
    body, details = reported(response)
    assert (response.status, body) == (403, FORBIDDEN)
    assert details["hint"] in (KEYS_ONLY, SESSIONS_ONLY)


@each(Caller.ANYBODY)
def test_an_operation_for_anybody_serves_who_may_do_nothing_else(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    nothing = functions.authorizer_context("")
    for authorizer in (nothing, nothing | {"token_id": "token-1"}, functions.session_context()):
        assert response_to(operation, authorizer).status not in (401, 403)


@every_operation
def test_an_operation_denies_a_request_without_an_identity(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    response = response_to(operation, None)
    assert (response.status, response.body) == (
        401,
        {
            "success": False,
            "error": {"code": "UNAUTHORIZED", "message": "API key is required"},
        },
    )
    assert response.headers["www-authenticate"] == 'Bearer realm="Jmpy"'


@every_operation
def test_another_method_gets_the_list_of_supported_ones(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    response = response_to(operation._replace(method="HEAD"), functions.authorizer_context("read"))
    assert (response.status, response.code) == (405, "METHOD_NOT_ALLOWED")
    assert operation.method in response.headers["allow"].split(", ")


def test_an_operation_that_declares_no_caller_denies_every_request(
    dynamodb: DynamoDBClient,
) -> None:
    class Forgotten(Resource):
        @declare("GET", "/forgotten", limit=LimitClass.URL_READS)
        def forgotten(self) -> dict[str, str]:
            return {"reached": "yes"}

    resource = Forgotten(ResourceSettings.from_environment(), dynamodb)
    everything = functions.authorizer_context(permissions=" ".join(PERMISSIONS))
    for caller in (everything, functions.session_context()):
        response = functions.call(
            resource.handle, functions.event("GET", "/forgotten", authorizer=caller)
        )
        assert (response.status, response.code) == (403, "FORBIDDEN")
