"""The account's usage plan key, by which API Gateway throttles and meters its requests.

API Gateway gets the *value* of such a key from the authorizer, never from a client, and it gives no
access. Each account has one; accounts on the default plan may share some, so that their number can
exceed API Gateway's quota of keys (docs/limits.md). The exact daily limits stay per account.

API Gateway applies a new key after minutes; until then requests use another one
(docs/adr/0048-a-new-usage-plan-key-is-not-used-at-once.md).
"""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from jmpy.accounts.model import DEFAULT_PLAN, InterimKey
from jmpy.clock import system_clock
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mypy_boto3_apigateway import APIGatewayClient

    from jmpy.clock import Clock

SETTLING = 300
"""Seconds from the creation of a usage plan key to its first use. AWS does not document how long
API Gateway takes to apply one; the longest time that was reported is two minutes
(docs/aws-behaviours.md). The rest allows for clocks that differ."""


class AdmittedKey(NamedTuple):
    """The usage plan key of a new account."""

    identifier: str
    interim: InterimKey | None


@dataclass(frozen=True)
class UsagePlanKeys:
    connect: Callable[[], APIGatewayClient]
    stack_id: str
    """Values of keys have to be unique within an AWS account and region."""
    find_usage_plans: Callable[[], str]
    """Ids of the usage plans by plan name, as JSON."""
    new_accounts: str
    """Identifier of the key that new accounts share until API Gateway has applied their own."""
    shared: int = 0
    """How many keys the accounts on the default plan share; 0 if each has its own."""
    settling: int = SETTLING
    """Seconds after which a new key is used; 0 where it takes effect at once."""
    now: Clock = system_clock

    @cached_property
    def client(self) -> APIGatewayClient:
        """Created once, and only if needed: most sign-ins create no account."""
        return self.connect()

    @property
    def usage_plans(self) -> dict[str, str]:
        """Ids by plan name."""
        plans: dict[str, str] = json.loads(self.find_usage_plans())
        return plans

    def identifier(self, plan: str, account_id: str) -> str:
        """The value of the key, and its name: the same for the same account and plan, so that
        creating it twice creates one."""
        owner, kind = account_id, "account"
        if plan == DEFAULT_PLAN and self.shared:
            owner, kind = str(int(_digest(account_id), 16) % self.shared), "shared"
        return kind + _digest(f"{self.stack_id} {plan} {kind} {owner}")[:40]

    def interim(self, identifier: str) -> InterimKey | None:
        """The key to use in place of one that was just created."""
        return InterimKey(identifier, int(self.now()) + self.settling) if self.settling else None

    def admit_new(self, account_id: str) -> AdmittedKey:
        """As `admit`, for a new account, which is on the default plan."""
        return AdmittedKey(self.admit(DEFAULT_PLAN, account_id), self.interim(self.new_accounts))

    def admit(self, plan: str, account_id: str) -> str:
        """Ensures that the account's key is in the plan's usage plan; returns its identifier. Can
        be repeated, also after an interruption. It lists only the keys of the plan, since the
        others belong to other applications in the AWS account."""
        identifier, plan_id = self.identifier(plan, account_id), self.usage_plans[plan]
        description = f"{plan}: {account_id}"
        try:
            key_id = self.client.create_api_key(
                name=identifier, value=identifier, description=description, enabled=True
            )["id"]
        except self.client.exceptions.ConflictException:
            if self._find(plan, identifier) is None:
                # An earlier run created the key and was interrupted. Its id is unknown, but not its
                # value: an import overwrites the key with that value and puts it into the plan.
                self.put([(identifier, plan_id, description)])
            return identifier
        self._add(plan, identifier, key_id)
        return identifier

    def _add(self, plan: str, identifier: str, key_id: str) -> None:
        """API Gateway adds one key at a time in an AWS account and region. It rejects others
        meanwhile, with the exception that also says that the key is in the plan already."""
        conflict: Exception | None = None
        for _ in CONTENTION.numbers(self.now):
            try:
                self.client.create_usage_plan_key(
                    usagePlanId=self.usage_plans[plan], keyId=key_id, keyType="API_KEY"
                )
            except self.client.exceptions.ConflictException as error:
                if self._find(plan, identifier) is not None:  # a concurrent run added it
                    return
                conflict = error
            else:
                return
        assert conflict is not None
        raise conflict

    def put(self, keys: Iterable[tuple[str, str, str]]) -> None:
        """Creates or overwrites keys in their usage plans: identifier, id of the plan, description
        of each. API Gateway skips those that it rejects.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-file-format.html
        """
        file = io.StringIO()
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("name", "key", "description", "enabled", "usageplanIds"))
        for identifier, plan_id, description in keys:
            rows.writerow((identifier, identifier, description, "true", plan_id))
        self.client.import_api_keys(
            body=file.getvalue().encode(), format="csv", failOnWarnings=False
        )

    def dismiss_others(self, plan: str, account_id: str) -> None:
        """Deletes the account's keys in other plans, and its own key in this plan if it now shares
        one."""
        self._dismiss(account_id, stored=self.identifier(plan, account_id))

    def dismiss(self, account_id: str) -> None:
        """Deletes the keys of an account that no longer exists; shared ones stay."""
        self._dismiss(account_id)

    def _dismiss(self, account_id: str, stored: str | None = None) -> None:
        own = replace(self, shared=0)
        for name in self.usage_plans:
            identifier = own.identifier(name, account_id)
            if identifier != stored and (key_id := self._find(name, identifier)):
                with suppress(self.client.exceptions.NotFoundException):  # a concurrent run did
                    self.client.delete_api_key(apiKey=key_id)

    def _find(self, plan: str, identifier: str) -> str | None:
        """The id of the key, if it is in the plan's usage plan."""
        pages = self.client.get_paginator("get_usage_plan_keys").paginate(
            usagePlanId=self.usage_plans[plan], nameQuery=identifier
        )
        keys = (key for page in pages for key in page["items"])
        return next((key["id"] for key in keys if key["name"] == identifier), None)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
