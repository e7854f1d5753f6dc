"""The usage plan keys of many accounts at once: for a restore, or when accounts are to share one.

API Gateway imports keys from a file, with the usage plan of each, hundreds in one request. One by
one, an account would take three of the ten management requests per second that an AWS account has.
Keys that exist are left alone, so an interrupted run can be repeated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from jmpy.accounts.service import EFFECTIVE
from jmpy.limits.plan import UnknownPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from jmpy.accounts.model import Account
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys

    Report = Callable[[int, int], None]
    """How many of how many keys are done."""

MAX_KEYS = 10_000
"""API keys per AWS account and region (API Gateway developer guide, "Quotas"); not adjustable."""

IMPORTED = 250
"""Keys in one request; API Gateway's maximum is not documented."""

_PAGE = 500
"""Keys in one response, API Gateway's maximum."""


class TooManyUsagePlanKeys(Exception):
    def __init__(self, needed: int) -> None:
        super().__init__(
            f"{needed:,} accounts would need as many API Gateway keys, and an AWS account has "
            f"{MAX_KEYS:,} in a region; deploy with SharedFreeKeys=100 first (docs/limits.md)"
        )


class Holder(NamedTuple):
    plan: str
    account_id: str


def holders(accounts: Iterable[Account]) -> list[Holder]:
    return [Holder(account.subscription.plan, account.id) for account in accounts]


def _silent(_done: int, _of: int) -> None:
    pass


class UsagePlanKeyImports:
    def __init__(self, edge: UsagePlanKeys, report: Report = _silent) -> None:
        self._edge = edge
        self._report = report

    def check(self, holders: Collection[Holder]) -> None:
        """Raises UnknownPlan, TooManyEdgeKeys."""
        plans = self._edge.usage_plans
        for holder in holders:
            if holder.plan not in plans:
                raise UnknownPlan(holder.plan, list(plans))
        if (needed := len(self._identifiers(holders))) > MAX_KEYS:
            raise TooManyUsagePlanKeys(needed)

    def admit(self, holders: Collection[Holder]) -> int:
        """Ensures that each account's key is in its usage plan; returns how many were created.
        Raises UnknownPlan, TooManyEdgeKeys."""
        self.check(holders)
        missing = self._missing(holders)
        for done in range(0, len(missing), IMPORTED):
            self._report(done, len(missing))
            self._import(missing[done : done + IMPORTED])
        # A key that an import skipped, with a warning at most, is created individually.
        for holder in self._missing(missing) if missing else ():
            self._edge.admit(*holder)
        return len(missing)

    def dismiss_others(self, find: Callable[[], Iterable[Account]]) -> int:
        """Deletes individual keys in plans that their accounts no longer have, or whose accounts
        now share one; returns how many there were. `find` is called after the existing keys are
        listed, so that no key is deleted that an account has begun to use meanwhile."""
        existing = dict(self._all())
        accounts, plans = [*find()], self._edge.usage_plans
        own = replace(self._edge, shared=0)
        used = self._identifiers(holders(accounts)).keys() | self._in_interim(accounts)
        others = [
            existing[name]
            for account in accounts
            for plan in plans
            if (name := own.identifier(plan, account.id)) in existing and name not in used
        ]
        for done, key_id in enumerate(others):
            self._report(done, len(others))
            self._edge.client.delete_api_key(apiKey=key_id)
        return len(others)

    def _identifiers(self, holders: Iterable[Holder]) -> dict[str, Holder]:
        return {self._edge.identifier(*holder): holder for holder in holders}

    def _in_interim(self, accounts: Iterable[Account]) -> set[str]:
        """Identifiers of keys that are still used in place of newer ones."""
        interims = (account.subscription.interim for account in accounts)
        recent = self._edge.now() - EFFECTIVE
        return {interim.identifier for interim in interims if interim and interim.until > recent}

    def _missing(self, holders: Iterable[Holder]) -> list[Holder]:
        needed = self._identifiers(holders)
        plans = {holder.plan for holder in needed.values()}
        # A plan may list a key for a while after it was deleted.
        there = {name for plan in plans for name in self._in_plan(plan)} & dict(self._all()).keys()
        return [holder for name, holder in needed.items() if name not in there]

    def _in_plan(self, plan: str) -> Iterator[str]:
        pages = self._edge.client.get_paginator("get_usage_plan_keys").paginate(
            usagePlanId=self._edge.usage_plans[plan], PaginationConfig={"PageSize": _PAGE}
        )
        return (key["name"] for page in pages for key in page["items"])

    def _all(self) -> Iterator[tuple[str, str]]:
        """Names and ids of all keys of the AWS account."""
        pages = self._edge.client.get_paginator("get_api_keys").paginate(
            PaginationConfig={"PageSize": _PAGE}
        )
        return ((key["name"], key["id"]) for page in pages for key in page["items"])

    def _import(self, holders: Collection[Holder]) -> None:
        plans = self._edge.usage_plans
        self._edge.put(
            (name, plans[plan], f"{plan}: {account_id}")
            for name, (plan, account_id) in self._identifiers(holders).items()
        )
