"""MiniStack ignores the Authorization header of a request without a route: bare and adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from http import HTTPStatus

import pytest

from tests.emulator.gap_stack import Stack

MISSING = {"message": "Missing Authentication Token"}


def test_a_header_in_another_form_bare_emulator_lacks_it(bare: Stack) -> None:
    response = bare.get("/none", Authorization="Bearer a-token")
    assert (response.status, response.json) == (HTTPStatus.FORBIDDEN, MISSING)


@pytest.mark.parametrize("path", ["/none", "/planned/a/b"])
def test_a_header_in_another_form_adapted(adapted: Stack, path: str) -> None:
    response = adapted.get(path, Authorization="Bearer a-token")
    assert response.status == HTTPStatus.FORBIDDEN
    assert response.json["message"].startswith(
        "Invalid key=value pair (missing equal-sign) in Authorization header"
    )
    assert response.headers["x-amzn-errortype"] == "IncompleteSignatureException"
    assert adapted.logged(response)["error"] == "DEFAULT_4XX"


def test_no_header_adapted(adapted: Stack) -> None:
    response = adapted.get("/none")
    assert (response.status, response.json) == (HTTPStatus.FORBIDDEN, MISSING)
    assert adapted.logged(response)["error"] == "MISSING_AUTHENTICATION_TOKEN"
