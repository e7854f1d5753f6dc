"""The account's key at the edge: what API Gateway throttles and meters its requests by.

API Gateway takes the *value* of such a key from the authorizer, never from a client, and admits
nobody by it. One account has one; accounts on the default plan may share some, so that their
number can pass API Gateway's quota of keys (docs/limits.md). The exact daily limits stay per
account.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from jmpy.accounts.model import DEFAULT_PLAN

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_apigateway import APIGatewayClient


@dataclass(frozen=True)
class EdgeKeys:
    connect: Callable[[], APIGatewayClient]
    stack_id: str
    """Values of keys have to be unique in an AWS account and region, whatever runs there."""
    find_usage_plans: Callable[[], str]
    """Ids of the usage plans by name of the plan, as JSON."""
    shared: int = 0
    """How many keys the accounts on the default plan share; 0: each has its own."""
    settling: float = 0
    """Seconds that API Gateway is given to learn of a new key before requests name it."""

    @cached_property
    def client(self) -> APIGatewayClient:
        """Made once, and only by who needs it: most sign-ins make no account."""
        return self.connect()

    @property
    def usage_plans(self) -> dict[str, str]:
        """Ids by name of the plan."""
        plans: dict[str, str] = json.loads(self.find_usage_plans())
        return plans

    def identifier(self, plan: str, account_id: str) -> str:
        """The value of the key, and its name: the same for the same account and plan, so that
        making it twice makes one."""
        owner, kind = account_id, "account"
        if plan == DEFAULT_PLAN and self.shared:
            owner, kind = str(int(_digest(account_id), 16) % self.shared), "shared"
        return kind + _digest(f"{self.stack_id} {plan} {kind} {owner}")[:40]

    def admit(self, plan: str, account_id: str) -> str:
        """Sees to it that the account's key is in the plan's usage plan; answers with its
        identifier. Can be repeated."""
        identifier = self.identifier(plan, account_id)
        key_id = self._find(identifier) or self._create(identifier, f"{plan}: {account_id}")
        with suppress(self.client.exceptions.ConflictException):  # it is there already
            self.client.create_usage_plan_key(
                usagePlanId=self.usage_plans[plan], keyId=key_id, keyType="API_KEY"
            )
        return identifier

    def dismiss_others(self, plan: str, account_id: str) -> None:
        """Deletes what keys the account has in other plans, and one of its own in this plan when
        it has come to share one."""
        self._dismiss(account_id, kept=self.identifier(plan, account_id))

    def dismiss(self, account_id: str) -> None:
        """Deletes the keys of an account that is no more; those that it shared stay."""
        self._dismiss(account_id)

    def _dismiss(self, account_id: str, kept: str | None = None) -> None:
        own = replace(self, shared=0)
        for name in self.usage_plans:
            identifier = own.identifier(name, account_id)
            if identifier != kept and (key_id := self._find(identifier)):
                self.client.delete_api_key(apiKey=key_id)

    def _find(self, identifier: str) -> str | None:
        found = self.client.get_api_keys(nameQuery=identifier)["items"]
        return next((key["id"] for key in found if key["name"] == identifier), None)

    def _create(self, identifier: str, description: str) -> str:
        try:
            return self.client.create_api_key(
                name=identifier, value=identifier, description=description, enabled=True
            )["id"]
        except self.client.exceptions.ConflictException:
            # Somebody else made it since we looked.
            found = self._find(identifier)
            if found is None:
                raise
            return found


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
