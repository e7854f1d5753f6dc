"""What the end-to-end tests share; the stack itself is in tests/conftest.py."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

from jmpy.accounts.service import AccountService
from jmpy.limits.plan import LimitClass
from local.stack import LocalStack
from local.stack_env import StackEnv
from ops.deployment import Deployment
from ops.smoke.answers import (
    FORBIDDEN,
    INVALID_API_KEY,
    SHORT_URLS,
    UNAUTHORIZED,
    assert_answer,
    bearer,
)
from tests.origins import SOMEBODY

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

    from tests.e2e.hosted_login import Person

ALLOWED_ORIGIN = "http://app.localhost"
"""Whose pages may call the API of the stack from a browser (AllowedOrigins)."""

# What the smoke test asks of any stack, for the tests of this one.
__all__ = ["FORBIDDEN", "INVALID_API_KEY", "SHORT_URLS", "UNAUTHORIZED", "assert_answer", "bearer"]


@dataclass
class Stack:
    """The running stack, and every key that was made on it."""

    local: LocalStack
    env: StackEnv
    secrets: list[str]
    _accounts: set[str] = field(default_factory=set)

    @property
    def deployment(self) -> Deployment:
        return self.env.deployment()

    def account(
        self, name: str, plan: str = "enterprise", limits: Mapping[LimitClass, int] | None = None
    ) -> None:
        """Puts the account on the plan, without waiting until its keys at work are on it."""
        target = self.deployment
        accounts = AccountService(
            target.account_store,
            target.key_store,
            target.edge_keys,
            target.audit_log,
            pause=lambda _: None,
        )
        accounts.ensure(name, by=SOMEBODY)
        accounts.subscribe(name, plan, limits, by=SOMEBODY)
        self._accounts.add(name)

    def key(
        self,
        *permissions: str,
        account: str = "e2e",
        name: str = "test",
        plan: str = "enterprise",
    ) -> tuple[str, str]:
        """A new key's text and id; a new account is put on the plan."""
        if account not in self._accounts:
            self.account(account, plan)
        issued = self.deployment.keys.create(account, name, permissions, by=SOMEBODY)
        self.secrets.append(issued.secret)
        return issued.secret, issued.record.id


@pytest.fixture
def person(stack: Stack) -> Iterator[Person]:
    from tests.e2e.hosted_login import Person  # noqa: PLC0415 - it needs the stack's types

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
        answer = http.get(path)
        if (answer.status_code, answer.headers.get("location")) == (status, location):
            return
        assert time.monotonic() < deadline, (answer.status_code, dict(answer.headers))
        time.sleep(0.2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The search for secrets goes last: it looks through what all other tests left behind."""
    items.sort(key=lambda item: "e2e/test_secrets" in item.nodeid.replace("\\", "/"))
