"""Every operation of the template is declared in code, with a permission, and refuses without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.http.api import Api
from jmpy.limits import deployed
from jmpy.limits.plan import LimitClass
from tests import template
from tests.integration import functions

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPERATIONS = functions.operations()
PERMISSIONS = ("read", "write", "delete", "analytics")

every_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=lambda operation: f"{operation.method} {operation.path}"
)


def sent(operation: functions.Operation, permissions: str | None) -> dict[str, Any]:
    return functions.event(
        operation.method,
        operation.path.replace("{id}", "some-link"),
        resource=operation.path,
        parameters={"id": "some-link"} if "{id}" in operation.path else None,
        body={} if operation.method in ("POST", "PUT", "PATCH") else None,
        authorizer=None
        if permissions is None
        else functions.authorizer_context(permissions=permissions),
    )


def test_every_protected_route_of_the_template_has_operations_and_no_operation_is_lost() -> None:
    routes = {(event.function, event.path) for event in template.api_events() if not event.public}
    assert {(operation.function, operation.path) for operation in OPERATIONS} == routes
    assert all(event.method == "ANY" for event in template.api_events())


@every_operation
def test_an_operation_refuses_without_its_permission(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    app = functions.load(functions.FOLDERS[operation.function])
    assert operation.terms.permission is not None
    others = " ".join(name for name in PERMISSIONS if name != operation.terms.permission)
    for permissions in ("", others):
        answer = functions.call(app.handler, sent(operation, permissions))
        assert (answer.status, answer.body) == (
            403,
            {
                "success": False,
                "error": {
                    "code": "FORBIDDEN",
                    "message": "Your API key does not have permission to perform this action",
                },
            },
        )
    assert functions.call(app.handler, sent(operation, operation.terms.permission)).status != 403


@every_operation
def test_an_operation_refuses_a_request_that_nobody_authorized(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    app = functions.load(functions.FOLDERS[operation.function])
    answer = functions.call(app.handler, sent(operation, None))
    assert (answer.status, answer.body) == (
        401,
        {
            "success": False,
            "error": {"code": "UNAUTHORIZED", "message": "API key is required"},
        },
    )
    assert answer.headers["www-authenticate"] == "Bearer"


@every_operation
def test_another_method_is_answered_with_those_that_are_served(
    dynamodb: DynamoDBClient, operation: functions.Operation
) -> None:
    app = functions.load(functions.FOLDERS[operation.function])
    answer = functions.call(app.handler, sent(operation._replace(method="TRACE"), "read"))
    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert operation.method in answer.headers["allow"].split(", ")


def test_an_operation_without_a_permission_refuses_everybody(dynamodb: DynamoDBClient) -> None:
    api = Api(deployed.limiter(dynamodb))

    @api.operation("GET", "/forgotten", limit=LimitClass.URL_READS)
    def forgotten() -> dict[str, str]:
        return {"reached": "yes"}

    everything = functions.authorizer_context(permissions=" ".join(PERMISSIONS))
    answer = functions.call(api.handle, functions.event("GET", "/forgotten", authorizer=everything))
    assert (answer.status, answer.code) == (403, "FORBIDDEN")
