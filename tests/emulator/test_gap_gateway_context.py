"""MiniStack puts no context of an authorizer into a gateway response: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from http import HTTPStatus

from tests.emulator.gap_stack import Stack


def test_context_of_a_denial_bare_emulator_lacks_it(bare: Stack) -> None:
    response = bare.get("/planned", Authorization="Deny", x_api_key=bare.plan_key)
    assert response.status == HTTPStatus.FORBIDDEN
    assert "caller-1" not in response.text
    assert "x-caller" not in response.headers


def test_context_of_a_denial_adapted(adapted: Stack) -> None:
    response = adapted.get("/planned", Authorization="Deny")
    assert response.status == HTTPStatus.FORBIDDEN
    # As it is: quotation marks are not escaped, and what looks like a variable is none.
    assert response.json == {"caller": "caller-1", "why": "$context.requestId"}
    assert response.headers["x-caller"] == "caller-1"
    assert "x-nobody" not in response.headers
