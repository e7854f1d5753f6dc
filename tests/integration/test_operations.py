"""Every operation of the template is declared in code, with a permission, and refuses without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.http.api import Api
from tests import template
from tests.integration import functions

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FOLDERS = {"LinksFunction": "links"}
"""Functions with protected operations, and their folders."""

PROTECTED = [event for event in template.api_events() if not event.public]
PERMISSIONS = ("read", "write", "delete", "analytics")


def declared_path(path: str) -> str:
    return path.replace("{", "<").replace("}", ">")


def sent(event: template.Event, permissions: str | None) -> dict[str, Any]:
    return functions.event(
        event.method,
        event.path.replace("{id}", "some-link"),
        resource=event.path,
        parameters={"id": "some-link"} if "{id}" in event.path else None,
        body={"url": "https://example.com/"} if event.method in ("POST", "PUT") else None,
        authorizer=None
        if permissions is None
        else functions.authorizer_context(permissions=permissions),
    )


def test_template_and_code_declare_the_same_operations(dynamodb: DynamoDBClient) -> None:
    for function, folder in FOLDERS.items():
        in_template = {
            (event.method, declared_path(event.path))
            for event in PROTECTED
            if event.function == function
        }
        assert set(functions.load(folder).api.permissions) == in_template
    assert {event.function for event in PROTECTED} == set(FOLDERS)


@pytest.mark.parametrize("event", PROTECTED, ids=lambda event: f"{event.method} {event.path}")
def test_an_operation_refuses_without_its_permission(
    dynamodb: DynamoDBClient, event: template.Event
) -> None:
    app = functions.load(FOLDERS[event.function])
    needed = app.api.permissions[event.method, declared_path(event.path)]
    assert needed is not None
    others = " ".join(name for name in PERMISSIONS if name != needed)
    for permissions in ("", others):
        answer = functions.call(app.handler, sent(event, permissions))
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
    assert functions.call(app.handler, sent(event, needed)).status != 403


@pytest.mark.parametrize("event", PROTECTED, ids=lambda event: f"{event.method} {event.path}")
def test_an_operation_refuses_a_request_that_nobody_authorized(
    dynamodb: DynamoDBClient, event: template.Event
) -> None:
    app = functions.load(FOLDERS[event.function])
    answer = functions.call(app.handler, sent(event, None))
    assert (answer.status, answer.body) == (
        401,
        {
            "success": False,
            "error": {"code": "UNAUTHORIZED", "message": "API key is required"},
        },
    )
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_operation_without_a_permission_refuses_everybody() -> None:
    api = Api()

    @api.operation("GET", "/forgotten")
    def forgotten() -> dict[str, str]:
        return {"reached": "yes"}

    everything = functions.authorizer_context(permissions=" ".join(PERMISSIONS))
    answer = functions.call(api.handle, functions.event("GET", "/forgotten", authorizer=everything))
    assert (answer.status, answer.code) == (403, "FORBIDDEN")
