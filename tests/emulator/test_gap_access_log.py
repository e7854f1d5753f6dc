"""MiniStack writes no access log: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from http import HTTPStatus

import pytest
from botocore.exceptions import ClientError

from tests.emulator.gap_stack import Stack, client, wait_for


def test_bare_emulator_lacks_it(bare: Stack) -> None:
    bare.get("/open")
    logs = client("logs", bare)
    assert logs.filter_log_events(logGroupName=bare.log_group)["events"] == []


def test_allowed_request_adapted(adapted: Stack) -> None:
    response = adapted.get_allowed(User_Agent='quoted "agent" \\')
    assert adapted.logged(response) == {
        "id": response.request_id,
        "status": HTTPStatus.OK,
        "method": "GET",
        "resource": "/planned",
        "path": "/test/planned",
        "agent": 'quoted "agent" \\',
        "ip": "127.0.0.1",
        "caller": "caller-1",
        "error": "-",
        "message": "-",
        "integration": "-",
        "unknown": "-",
    }


@pytest.mark.parametrize(
    ("path", "authorization", "expected"),
    [
        ("/planned", "Deny", (HTTPStatus.FORBIDDEN, "ACCESS_DENIED", "caller-1")),
        ("/planned", "", (HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", "-")),
        ("/planned", "malformed", (HTTPStatus.FORBIDDEN, "ACCESS_DENIED", "caller-1")),
        ("/none", "", (HTTPStatus.FORBIDDEN, "MISSING_AUTHENTICATION_TOKEN", "-")),
        ("/none", "Bearer 1", (HTTPStatus.FORBIDDEN, "DEFAULT_4XX", "-")),
    ],
)
def test_refused_request_adapted(
    adapted: Stack, path: str, authorization: str, expected: tuple[HTTPStatus, str, str]
) -> None:
    response = adapted.get(path, Authorization=authorization)
    line = adapted.logged(response)
    assert response.status == expected[0]
    assert (line["status"], line["error"], line["caller"]) == expected


def test_subscription_adapted(adapted: Stack) -> None:
    functions = client("lambda", adapted).list_functions()["Functions"]
    (authorizer,) = [f for f in functions if f["FunctionName"].startswith("gaps-Authorizer")]
    logs = client("logs", adapted)
    logs.put_subscription_filter(
        logGroupName=adapted.log_group,
        filterName="to-a-function",
        filterPattern="",
        destinationArn=authorizer["FunctionArn"],
    )
    adapted.get("/none")

    def invoked() -> bool | None:
        group = f"/aws/lambda/{authorizer['FunctionName']}"
        try:
            events = logs.filter_log_events(logGroupName=group)["events"]
        except ClientError:
            return None
        return any("KeyError: 'headers'" in event["message"] for event in events) or None

    try:
        # The function does not understand the event, which shows that it got one.
        assert wait_for("the subscriber", invoked)
    finally:
        logs.delete_subscription_filter(logGroupName=adapted.log_group, filterName="to-a-function")
