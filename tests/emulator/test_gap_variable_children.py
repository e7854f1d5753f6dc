"""MiniStack imports two variable children of a resource: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from typing import Any

import pytest

from tests.emulator.gap_stack import Stack, client, status_after


def template(*paths: str) -> dict[str, Any]:
    method = {"x-amazon-apigateway-integration": {"type": "MOCK"}}
    body = {
        "openapi": "3.0.1",
        "info": {"title": "children", "version": "1"},
        "paths": {path: {"get": method} for path in paths},
    }
    return {
        "Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}}}
    }


CONFLICT = template("/links/{id}", "/links/{proxy+}")


def test_two_variable_children_bare_emulator_lacks_it(bare: Stack) -> None:
    assert status_after(bare, "children", CONFLICT) == "CREATE_COMPLETE"


def test_two_variable_children_adapted(adapted: Stack) -> None:
    assert status_after(adapted, "children", CONFLICT) == "ROLLBACK_COMPLETE"
    events = client("cloudformation", adapted).describe_stack_events(StackName="children")
    reasons = " ".join(e.get("ResourceStatusReason", "") for e in events["StackEvents"])
    assert "A sibling ({id}) of this resource already has a variable path part" in reasons
    apis = client("apigateway", adapted).get_rest_apis()["items"]
    assert "children" not in {api["name"] for api in apis}


@pytest.mark.parametrize("paths", [("/{id}", "/{id}/clicks"), ("/a/{id}", "/b/{proxy+}")])
def test_one_variable_child_adapted(adapted: Stack, paths: tuple[str, ...]) -> None:
    name = f"child{len(paths[0])}"
    assert status_after(adapted, name, template(*paths)) == "CREATE_COMPLETE"
