"""The stack that work is done on, and what the pieces of work have in common."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx

from jmpy.access.permission import Permission
from jmpy.audit.model import Action
from jmpy.audit.store import EntryFilter
from jmpy.limits.plan import LimitClass
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, refresher
from project.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

URL = {"url": "https://example.com/"}


class Work:
    """A running stack, and clients of it."""

    def __init__(self, stack: Stack, http: httpx.Client) -> None:
        self.stack = stack
        self.http = http
        session = stack.deployment.session
        self.lambdas: LambdaClient = session.client("lambda", endpoint_url=stack.env.endpoint)
        self.dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=stack.env.endpoint)

    @cached_property
    def functions(self) -> dict[str, str]:
        """Physical names by logical id."""
        pages = self.lambdas.get_paginator("list_functions").paginate()
        names = [function["FunctionName"] for page in pages for function in page["Functions"]]
        prefix = f"{self.stack.env.stack}-"
        # CloudFormation ends the names that it chooses with a hyphen and random characters.
        return {name.removeprefix(prefix).partition("-")[0]: name for name in names}

    @cached_property
    def tables(self) -> dict[str, str]:
        """Physical names by logical id."""
        names = self.dynamodb.list_tables()["TableNames"]
        prefix = f"{self.stack.env.stack}-"
        return {name.removeprefix(prefix).rpartition("-")[0]: name for name in names}

    @cached_property
    def session(self) -> dict[str, str]:
        """The header of a user who has signed in, whose account may send as many requests as the
        work takes: it is put on a plan now, because that replaces its usage plan key."""
        self.key(account=self.stack.env.account)
        person = Person(self.stack)
        token = refresher(self.stack, person)().json()["id_token"]
        person.http.close()
        return bearer(token)

    def key(self, *permissions: Permission, account: str = "work") -> dict[str, str]:
        return bearer(self.stack.key(*(permissions or Permission), account=account)[0])

    def short_lived_token(self, key: dict[str, str]) -> Any:
        """`key`: the header of a request with it."""
        created = self.request("POST", "/api/v1/api-keys/current/tokens", key, 201, json={})
        self.stack.secrets.append(created["data"]["token"])
        return created["data"]

    def exhausted(self, limit_class: LimitClass) -> dict[str, str]:
        """A key of an account whose daily limit of the class is 0."""
        account = f"exhausted-{secrets.token_hex(4)}"
        self.stack.account(account, limits={limit_class: 0})
        return self.key(account=account)

    def request(
        self, method: str, path: str, auth: dict[str, str], expected: int = 200, **sent: Any
    ) -> Any:
        headers = {**auth, **sent.pop("headers", {})}
        response = self.http.request(method, path, headers=headers, **sent)
        assert response.status_code == expected, (
            method,
            path,
            response.status_code,
            response.text[:300],
        )
        if path.startswith("/api/v1") and "Authorization" in auth:
            # A role that cannot read the counter leaves out these headers, and nothing else.
            assert "x-ratelimit-remaining" in response.headers, (method, path)
        is_json = response.headers.get("content-type", "").startswith("application/json")
        return response.json() if is_json and response.text else response.text

    def link(self, auth: dict[str, str], **fields: Any) -> Any:
        return self.request("POST", SHORT_URLS, auth, 201, json={**URL, **fields})["data"]

    def invoke(self, function: str, event: Any) -> Any:
        response = self.lambdas.invoke(
            FunctionName=self.functions[function], Payload=json.dumps(event).encode()
        )
        payload = response["Payload"].read()
        assert "FunctionError" not in response, payload
        return json.loads(payload)

    def assert_audited(self, action: Action, account: str, target_id: str) -> None:
        """For changes that remove access, which are made even if their entry cannot be written."""
        log = self.stack.deployment.audit_log
        found = list(log.all(account, EntryFilter(target_id=target_id, action=action), limit=1))
        assert found, "not in the audit log"

    @contextmanager
    def configured(self, function: str, **variables: str) -> Iterator[None]:
        """With other environment variables, in new environments with empty caches."""
        name = self.functions[function]
        before = self.lambdas.get_function_configuration(FunctionName=name)["Environment"]
        changed = {**before["Variables"], **variables}
        self.lambdas.update_function_configuration(
            FunctionName=name, Environment={"Variables": changed}
        )
        try:
            yield
        finally:
            self.lambdas.update_function_configuration(
                FunctionName=name, Environment={"Variables": before["Variables"]}
            )
