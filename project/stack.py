"""A running stack, for tests and measurements that create accounts and keys on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jmpy.limits.plan import LimitClass
from local.emulator.settings import API_PATH
from local.stack import LocalStack
from ops.deployment import Deployment
from ops.stack_env import StackEnv
from project.origins import SOMEBODY


@dataclass
class Stack:
    """The running stack, and every key that was created on it."""

    local: LocalStack
    env: StackEnv
    secrets: list[str]
    _accounts: set[str] = field(default_factory=set)

    @property
    def deployment(self) -> Deployment:
        return self.env.deployment()

    @property
    def port(self) -> int:
        """Of its public address."""
        return int(self.env.base_url.rpartition(":")[2])

    @property
    def stage_url(self) -> str:
        """The API below its stage, as on AWS without a domain."""
        return f"{self.env.endpoint}{API_PATH}"

    def account(
        self, name: str, plan: str = "enterprise", limits: Mapping[LimitClass, int] | None = None
    ) -> None:
        """Puts the account on the plan, without waiting until its keys at work are on it."""
        accounts = self.deployment.accounts_without_pauses
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
