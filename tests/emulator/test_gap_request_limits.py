"""MiniStack limits neither a request's size nor its path: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from http import HTTPStatus

import pytest

from tests.emulator.gap_stack import Response, Stack

LARGEST = 10 * 1024 * 1024
LONG = f"/planned/{'x' * 1_600}"
LARGE = "x" * (LARGEST + 1)


def planned(stack: Stack, authorization: str) -> Response:
    return stack.get(LONG, Authorization=authorization, x_api_key=stack.target.ample_key)


def test_a_long_path_bare_emulator_lacks_it(bare: Stack) -> None:
    assert planned(bare, "Allow*").status == HTTPStatus.OK


@pytest.mark.parametrize("authorization", ["Allow* {key}", "Deny", ""])
def test_a_long_path_adapted(adapted: Stack, authorization: str) -> None:
    response = planned(adapted, authorization.format(key=adapted.target.ample_key))
    assert response.status == HTTPStatus.REQUEST_URI_TOO_LONG


def test_a_long_path_without_an_authorizer_adapted(adapted: Stack) -> None:
    assert adapted.get(f"/any/{'x' * 1_600}").status == HTTPStatus.OK


def test_a_large_request_bare_emulator_lacks_it(bare: Stack) -> None:
    # The wrong method: the bare emulator has no other of these.
    assert bare.target.send("POST", "/open", body=LARGE).status == HTTPStatus.FORBIDDEN


def test_a_large_request_adapted(adapted: Stack) -> None:
    response = adapted.target.send("POST", "/open", body=LARGE)
    assert response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
