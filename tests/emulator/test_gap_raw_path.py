"""MiniStack decodes and tidies paths: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from http import HTTPStatus

import pytest

from tests.emulator.gap_stack import Response, Stack

ESCAPES = "test%2Balias/%2E%2E/%2F/a+b%25"


def paths(response: Response) -> tuple[str, str, str]:
    """The path, the parameter `proxy` and the path of the request context."""
    event = response.json
    return event["path"], event["pathParameters"]["proxy"], event["requestContext"]["path"]


def planned(stack: Stack, path: str) -> Response:
    """With a key for either source of keys."""
    key = stack.target.ample_key
    return stack.get(path, Authorization=f"Allow {key}", x_api_key=key)


def test_escapes_bare_emulator_lacks_it(bare: Stack) -> None:
    event = planned(bare, "/planned/test%2Balias").json
    assert event["path"] == "/planned/test+alias"
    assert event["pathParameters"] == {"below": "test+alias"}


def test_an_escaped_literal_bare_emulator_lacks_it(bare: Stack) -> None:
    assert bare.get("/op%65n").status == HTTPStatus.OK


def test_empty_segments_bare_emulator_lacks_it(bare: Stack) -> None:
    event = planned(bare, "//planned//a").json
    assert (event["path"], event["pathParameters"]) == ("//planned//a", {"below": "a"})


@pytest.mark.parametrize(
    ("sent", "path", "proxy"),
    [
        (f"/any/{ESCAPES}", f"/any/{ESCAPES}", ESCAPES),
        ("/any/a//b", "/any/a//b", "a//b"),
        ("/any/a/", "/any/a/", "a"),
        ("//any/a", "/any/a", "a"),
        # A resource without a method of its own.
        ("///any/fixed/", "/any/fixed/", "fixed"),
    ],
)
def test_paths_adapted(adapted: Stack, sent: str, path: str, proxy: str) -> None:
    response = adapted.get(sent)
    assert paths(response) == (path, proxy, f"/test{sent}")
    assert adapted.logged(response)["path"] == f"/test{sent}"


def test_an_escaped_literal_is_another_resource_adapted(adapted: Stack) -> None:
    assert adapted.get("/open").status == HTTPStatus.OK
    assert adapted.get("/op%65n").status == HTTPStatus.FORBIDDEN


def test_an_empty_segment_is_no_parameter_adapted(adapted: Stack) -> None:
    assert planned(adapted, "//planned/a").json["pathParameters"] == {"below": "a"}
    assert planned(adapted, "/planned//a").status == HTTPStatus.FORBIDDEN
    response = adapted.get("/any//fixed/below")
    assert response.json["resource"] == "/any/{proxy+}"
