"""What the end-to-end tests share; the stack itself is in tests/conftest.py."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from ops.smoke.assertions import (
    FORBIDDEN,
    INVALID_API_KEY,
    SHORT_URLS,
    UNAUTHORIZED,
    assert_response,
    bearer,
)
from project.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

    from project.hosted_login import Person

ALLOWED_ORIGIN = "http://app.localhost"
"""Whose pages may call the API of the stack from a browser (AllowedOrigins)."""

# What the smoke test asks of any stack, for the tests of this one.
__all__ = [
    "FORBIDDEN",
    "INVALID_API_KEY",
    "SHORT_URLS",
    "UNAUTHORIZED",
    "assert_response",
    "bearer",
]


@pytest.fixture
def person(stack: Stack) -> Iterator[Person]:
    from project.hosted_login import Person  # noqa: PLC0415 - it needs the stack's types

    person = Person(stack)
    yield person
    person.http.close()


@pytest.fixture(scope="session")
def lambdas(stack: Stack) -> LambdaClient:
    return stack.env.session().client("lambda", endpoint_url=stack.env.endpoint)


@pytest.fixture(scope="session")
def everything(stack: Stack) -> str:
    """A key with all permissions."""
    return stack.key("read", "write", "delete", "analytics")[0]


def await_redirect(http: httpx.Client, path: str, status: int, location: str | None = None) -> None:
    """Until the change of a link has reached the environments that remember it."""
    deadline = time.monotonic() + 30
    while True:
        response = http.get(path)
        if (response.status_code, response.headers.get("location")) == (status, location):
            return
        assert time.monotonic() < deadline, (response.status_code, dict(response.headers))
        time.sleep(0.2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The search for secrets goes last: it looks through what all other tests left behind."""
    items.sort(key=lambda item: "e2e/test_secrets" in item.nodeid.replace("\\", "/"))
